import { OpenAPIHono } from "@hono/zod-openapi";
import { limitSettings } from "../chat/settings.ts";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  clearConversation,
  copyConversation,
  createConversation,
  deleteConversation,
  deleteConversations,
  type deletionOutcomes,
  getConversation,
  listConversations,
  markConversationRead,
  newestMessages,
  replaceConversation,
  untitled,
  updateConversation,
} from "../contract/conversations.ts";
import { entityTag, readGuard } from "../http/conditions.ts";
import { stepEnd } from "../http/deadline.ts";
import { hashOf, once } from "../http/idempotency.ts";
import { newIdentifier } from "../http/identifiers.ts";
import { StoreError } from "../store/store-error.ts";
import { copyConversation as copy } from "../transfer/copy.ts";
import { messageScope } from "./messages.ts";

export function conversationRoutes(deps: AppDependencies) {
  const { conversations, cursors, now } = deps;
  return new OpenAPIHono<AppEnv>()
    .openapi(listConversations, async (c) => {
      const user = c.get("user").id;
      const { limit, cursor, state, include, pinned } = c.req.valid("query");
      const scope = ["conversations", user, state, ...(pinned === undefined ? [] : ["pinned"])];
      const after = await cursors.verify(scope, cursor);
      const { next, ...page } = await conversations.list(user, {
        limit,
        after,
        state,
        unread: include === "unread",
        details: include === "details",
        pinned: pinned !== undefined,
      });
      return c.json({ ...page, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(createConversation, async (c) => {
      const body = c.req.valid("json");
      limitSettings(deps, body.settings);
      const key = c.req.valid("header")["idempotency-key"];
      const { conversation, replayed } = await conversations.create(
        c.get("user").id,
        {
          ...body,
          id: body.id ?? newIdentifier(),
          title: body.title ?? untitled,
          isUntitled: body.title === undefined,
        },
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
      const changes = c.req.valid("json");
      limitSettings(deps, changes.settings);
      const conversation = await conversations.update(
        c.get("user").id,
        c.req.valid("param").id,
        changes,
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(conversation.version));
      return c.json(conversation, 200);
    })

    .openapi(updateConversation, async (c) => {
      const changes = c.req.valid("json");
      limitSettings(deps, changes.settings);
      const conversation = await conversations.update(
        c.get("user").id,
        c.req.valid("param").id,
        changes,
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

    .openapi(copyConversation, async (c) => {
      const body = c.req.valid("json");
      const { id } = c.req.valid("param");
      const key = c.req.valid("header")["idempotency-key"];
      const usedKey = key ?? newIdentifier();
      const until = stepEnd(now(), c.env?.deadline);
      const { conversation, isDone, replayed } = await copy(
        deps,
        {
          user: c.get("user").id,
          id,
          through: body.through,
          target: body.id ?? newIdentifier(),
          title: body.title,
          once: { key: usedKey, bodyHash: hashOf(usedKey, "copy-conversation", [id, body]) },
        },
        () => now() >= until,
      );
      c.header("Location", `../${conversation.id}`);
      c.header("ETag", entityTag(conversation.version));
      if (replayed) c.header("Idempotency-Replayed", "true");
      if (isDone) return c.json(conversation, 201);
      c.header("Retry-After", "1");
      if (key === undefined) c.header("Idempotency-Key", usedKey);
      return c.json(conversation, 202);
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
    })

    .openapi(deleteConversations, async (c) => {
      const { ids } = c.req.valid("json");
      const until = stepEnd(now(), c.env?.deadline);
      const user = c.get("user").id;
      const items: { id: string; outcome: DeletionOutcome }[] = [];
      for (let from = 0; from < ids.length; from += deletedTogether) {
        const isLate = now() >= until;
        const batch = ids.slice(from, from + deletedTogether).map(async (id) => ({
          id,
          outcome: isLate ? ("left" as const) : await deletionOf(deps, user, id, until),
        }));
        items.push(...(await Promise.all(batch)));
      }
      return c.json({ items }, 200);
    });
}

type DeletionOutcome = (typeof deletionOutcomes)[number];

/** Conversations that are deleted at the same time: each writes in batches of its own. */
const deletedTogether = 4;

async function deletionOf(
  { conversations }: AppDependencies,
  user: string,
  id: string,
  until: Date,
): Promise<DeletionOutcome> {
  try {
    return (await conversations.delete(user, id, undefined, until)) ? "deleted" : "deleting";
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return "not-found";
    throw error;
  }
}
