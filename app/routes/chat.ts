import { OpenAPIHono } from "@hono/zod-openapi";
import { Chat } from "../chat/chat.ts";
import { chatCompletion, chatCompletionChunks, questionOf } from "../chat/chat-completion.ts";
import { present } from "../chat/event-stream.ts";
import { withLimits } from "../chat/quotas.ts";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  chat,
  deleteFeedback,
  getRunningAnswer,
  getUsage,
  listModels,
  putFeedback,
  regenerate,
  stopRunningAnswer,
  titleConversation,
} from "../contract/chat.ts";
import { createCompletion } from "../contract/completions.ts";
import { contentOfBody } from "../contract/messages.ts";
import { requireDocuments } from "../documents/attachable.ts";
import { entityTag, readGuard } from "../http/conditions.ts";
import { limitContent } from "../http/content.ts";
import { once } from "../http/idempotency.ts";
import { Problem } from "../http/problem.ts";
import { formatOf, streamed, whole } from "./answer.ts";

export function chatRoutes(deps: AppDependencies) {
  const { conversations, models, usage, quotas } = deps;
  const chats = new Chat(deps);
  return new OpenAPIHono<AppEnv>()
    .openapi(listModels, (c) => {
      const items = models.map(({ id, contextTokens, maxOutputTokens, takes }) => ({
        id,
        contextTokens,
        maxOutputTokens,
        takes,
      }));
      const tools = (deps.tools ?? []).map(({ name, description }) => ({ name, description }));
      const guardrails = Object.keys(deps.guardrails ?? {});
      return c.json({ items, tools, guardrails }, 200);
    })

    .openapi(chat, async (c) => {
      const body = c.req.valid("json");
      const headers = c.req.valid("header");
      limitContent(body);
      limitResuming(headers);
      const user = c.get("user").id;
      const begun = await chats.ask({
        ...body,
        content: contentOfBody(body),
        parts: body.parts,
        user,
        check: () => requireDocuments(deps.library, user, body),
        id: c.req.valid("param").id,
        once: once(headers["idempotency-key"], "chat", body),
        deadline: c.env?.deadline,
      });
      const format = formatOf(c);
      if (format !== undefined) return streamed(c, begun, quotas, format, headers["last-event-id"]);
      return c.json(present(await whole(c, begun, quotas)), 200);
    })

    .openapi(regenerate, async (c) => {
      const body = c.req.valid("json");
      const headers = c.req.valid("header");
      limitContent(body);
      limitResuming(headers);
      const begun = await chats.regenerate({
        ...body,
        content: body.content,
        citations: body.citations,
        documents: [],
        user: c.get("user").id,
        id: c.req.valid("param").id,
        guard: readGuard(headers),
        once: once(headers["idempotency-key"], "regenerate", body),
        deadline: c.env?.deadline,
      });
      const format = formatOf(c);
      if (format !== undefined) return streamed(c, begun, quotas, format, headers["last-event-id"]);
      return c.json(present(await whole(c, begun, quotas)), 200);
    })

    .openapi(titleConversation, async (c) => {
      const conversation = await chats.title({
        user: c.get("user").id,
        id: c.req.valid("param").id,
        deadline: c.env?.deadline,
      });
      c.header("ETag", entityTag(conversation.version));
      return c.json(conversation, 200);
    })

    .openapi(createCompletion, async (c) => {
      const body = c.req.valid("json");
      const { messages, model, metadata, stream, stream_options } = body;
      const asked = questionOf(messages);
      limitContent(asked);
      const id = metadata.conversation_id;
      const begun = await chats.ask({
        user: c.get("user").id,
        id,
        ...asked,
        modelId: model,
        citations: [],
        documents: [],
        once: once(c.req.valid("header")["idempotency-key"], "completion", body),
        deadline: c.env?.deadline,
      });
      const includesUsage = stream_options?.include_usage === true;
      const about = { conversation: id, model, includesUsage };
      if (stream) return streamed(c, begun, quotas, chatCompletionChunks(about, deps.now()));
      const exchange = await whole(c, begun, quotas);
      // In one piece, the answer has no other place for it.
      const { isError, errorMessage } = exchange.assistantMessage;
      if (isError) throw new Problem("model-failed", { detail: errorMessage ?? "" });
      return c.json(chatCompletion(exchange, about), 200);
    })

    .openapi(getRunningAnswer, async (c) => {
      const run = await deps.runs?.find(c.get("user").id, c.req.valid("param").id);
      return c.json({ running: run ?? null }, 200);
    })

    .openapi(stopRunningAnswer, async (c) => {
      const isStopping = await deps.runs?.stop(c.get("user").id, c.req.valid("param").id);
      return isStopping === true ? c.json({ status: "stopping" as const }, 202) : c.body(null, 204);
    })

    .openapi(putFeedback, async (c) => {
      const { id, messageId } = c.req.valid("param");
      const feedback = c.req.valid("json");
      return c.json(await conversations.rate(c.get("user").id, id, messageId, feedback), 200);
    })

    .openapi(deleteFeedback, async (c) => {
      const { id, messageId } = c.req.valid("param");
      await conversations.rate(c.get("user").id, id, messageId, null);
      return c.body(null, 204);
    })

    .openapi(getUsage, async (c) => {
      return c.json(withLimits(await usage.get(c.get("user").id), quotas), 200);
    });
}

interface StreamHeaders {
  readonly "idempotency-key"?: string | undefined;
  readonly "last-event-id"?: string | undefined;
}

/** Whoever thinks to resume must not ask anew by mistake. */
function limitResuming(headers: StreamHeaders): void {
  if (headers["last-event-id"] === undefined || headers["idempotency-key"] !== undefined) return;
  const message = "needs the Idempotency-Key of the request that it resumes";
  throw new Problem("validation", {
    errors: [{ in: "header", pointer: "last-event-id", message }],
  });
}
