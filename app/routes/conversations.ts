import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  clearConversation,
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  markConversationRead,
  newestMessages,
  replaceConversation,
  updateConversation,
} from "../contract/conversations.ts";
import { entityTag, readGuard } from "../http/conditions.ts";
import { stepEnd } from "../http/deadline.ts";
import { once } from "../http/idempotency.ts";
import { newIdentifier } from "../http/identifiers.ts";
import { messageScope } from "./messages.ts";

export function conversationRoutes({ conversations, cursors, now }: AppDependencies) {
  return new OpenAPIHono<AppEnv>()
    .openapi(listConversations, async (c) => {
      const user = c.get("user").id;
      const { limit, cursor, state, include } = c.req.valid("query");
      const scope = ["conversations", user, state];
      const after = await cursors.verify(scope, cursor);
      const { next, ...page } = await conversations.list(user, {
        limit,
        after,
        state,
        unread: include === "unread",
      });
      return c.json({ ...page, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(createConversation, async (c) => {
      const body = c.req.valid("json");
      const key = c.req.valid("header")["idempotency-key"];
      const { conversation, replayed } = await conversations.create(
        c.get("user").id,
        { ...body, id: body.id ?? newIdentifier() },
        once(key, "create-conversation", body),
      );
      // Relative to the request (RFC 9110, section 10.2.2): the stage in front is not ours to know.
      c.header("Location", `conversations/${conversation.id}`);
      c.header("ETag", entityTag(conversation.version));
      if (replayed) c.header("Idempotency-Replayed", "true");
      return c.json(conversation, 201);
    })

    .openapi(getConversation, async (c) => {
      const user = c.get("user").id;
      const { id } = c.req.valid("param");
      const { conversation, messages, unreadable, older } = await conversations.open(
        user,
        id,
        newestMessages,
      );
      const olderCursor = await cursors.sign(messageScope(user, id, "desc"), older);
      c.header("ETag", entityTag(conversation.version));
      const marker = unreadable === undefined ? {} : { unreadable };
      return c.json({ ...conversation, messages, ...marker, olderCursor }, 200);
    })

    .openapi(replaceConversation, async (c) => {
      const conversation = await conversations.update(
        c.get("user").id,
        c.req.valid("param").id,
        c.req.valid("json"),
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(conversation.version));
      return c.json(conversation, 200);
    })

    .openapi(updateConversation, async (c) => {
      const conversation = await conversations.update(
        c.get("user").id,
        c.req.valid("param").id,
        c.req.valid("json"),
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(conversation.version));
      return c.json(conversation, 200);
    })

    .openapi(markConversationRead, async (c) => {
      const { id } = c.req.valid("param");
      const { sequence } = c.req.valid("json");
      const conversation = await conversations.markRead(c.get("user").id, id, sequence);
      c.header("ETag", entityTag(conversation.version));
      return c.json(conversation, 200);
    })

    .openapi(clearConversation, async (c) => {
      const { conversation, isDone } = await conversations.clear(
        c.get("user").id,
        c.req.valid("param").id,
        readGuard(c.req.valid("header")),
        stepEnd(now(), c.env?.deadline),
      );
      c.header("ETag", entityTag(conversation.version));
      return c.json(conversation, isDone ? 200 : 202);
    })

    .openapi(deleteConversation, async (c) => {
      const isDone = await conversations.delete(
        c.get("user").id,
        c.req.valid("param").id,
        readGuard(c.req.valid("header")),
        stepEnd(now(), c.env?.deadline),
      );
      if (isDone) return c.body(null, 204);
      c.header("Retry-After", "1");
      return c.json({ status: "deleting" as const }, 202);
    });
}
