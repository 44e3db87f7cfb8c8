import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  appendMessage,
  contentOfBody,
  deleteMessage,
  editMessage,
  getMessage,
  listMessageChanges,
  listMessages,
} from "../contract/messages.ts";
import { requireDocuments } from "../documents/attachable.ts";
import { entityTag, readGuard } from "../http/conditions.ts";
import { limitContent } from "../http/content.ts";
import { once } from "../http/idempotency.ts";
import type { Order } from "../store/conversation-store.ts";

export function messageRoutes({ conversations, library, cursors }: AppDependencies) {
  return new OpenAPIHono<AppEnv>()
    .openapi(listMessages, async (c) => {
      const user = c.get("user").id;
      const { id } = c.req.valid("param");
      const { limit, cursor, order, after: behind } = c.req.valid("query");
      const scope = messageScope(user, id, order);
      const start = behind === undefined || order === "desc" ? undefined : String(behind);
      const after = (await cursors.verify(scope, cursor)) ?? start;
      const { next, ...page } = await conversations.messages(user, id, { limit, after, order });
      return c.json({ ...page, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(appendMessage, async (c) => {
      const { id } = c.req.valid("param");
      const body = c.req.valid("json");
      limitContent(body);
      const user = c.get("user").id;
      const repeat = once(c.req.valid("header")["idempotency-key"], "append-message", body);
      const earlier = await unlessRefused(
        requireDocuments(library, user, body),
        async () => repeat && (await conversations.findTurn(user, id, repeat))?.messages[0],
      );
      const { message, replayed } =
        earlier === undefined
          ? await conversations.append(user, id, { ...body, content: contentOfBody(body) }, repeat)
          : { message: earlier, replayed: true };
      c.header("Location", `messages/${message.id}`);
      if (replayed) c.header("Idempotency-Replayed", "true");
      return c.json(message, 201);
    })

    .openapi(editMessage, async (c) => {
      const { id, messageId } = c.req.valid("param");
      const body = c.req.valid("json");
      limitContent(body);
      const user = c.get("user").id;
      await requireDocuments(library, user, { ...body, documents: [] });
      const { message, conversation } = await conversations.editMessage(
        user,
        id,
        messageId,
        { content: contentOfBody(body), ...(body.parts !== undefined && { parts: body.parts }) },
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(conversation.version));
      return c.json(message, 200);
    })

    .openapi(deleteMessage, async (c) => {
      const { id, messageId } = c.req.valid("param");
      const conversation = await conversations.deleteMessage(
        c.get("user").id,
        id,
        messageId,
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(conversation.version));
      return c.body(null, 204);
    })

    .openapi(listMessageChanges, async (c) => {
      const { since, limit } = c.req.valid("query");
      const { id } = c.req.valid("param");
      const page = { since, limit };
      return c.json(await conversations.messageChanges(c.get("user").id, id, page), 200);
    })

    .openapi(getMessage, async (c) => {
      const { id, messageId } = c.req.valid("param");
      return c.json(await conversations.message(c.get("user").id, id, messageId), 200);
    });
}

/** What was answered before is answered again, even if it would be refused now. */
async function unlessRefused<T>(
  check: Promise<void>,
  earlier: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    await check;
    return undefined;
  } catch (refusal) {
    const found = await earlier();
    if (found === undefined) throw refusal;
    return found;
  }
}

/** What a cursor into messages is good for. */
export function messageScope(user: string, id: string, order: Order): readonly string[] {
  return ["messages", user, id, order];
}
