import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { Chat } from "../chat/chat.ts";
import { eventStream, present } from "../chat/event-stream.ts";
import { withLimits } from "../chat/quotas.ts";
import type { Begun } from "../chat/running-turns.ts";
import { replayOf } from "../chat/turn.ts";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  chat,
  deleteFeedback,
  getUsage,
  listModels,
  putFeedback,
  regenerate,
} from "../contract/chat.ts";
import { contentBytes } from "../contract/messages.ts";
import { requireDocuments } from "../documents/attachable.ts";
import { readGuard } from "../http/conditions.ts";
import { once } from "../http/idempotency.ts";
import { Problem } from "../http/problem.ts";

export function chatRoutes(deps: AppDependencies) {
  const { conversations, models, usage, quotas } = deps;
  const chats = new Chat(deps);
  return new OpenAPIHono<AppEnv>()
    .openapi(listModels, (c) => {
      const items = models.map(({ id, contextTokens, maxOutputTokens }) => ({
        id,
        contextTokens,
        maxOutputTokens,
      }));
      return c.json({ items }, 200);
    })

    .openapi(chat, async (c) => {
      const body = c.req.valid("json");
      const headers = c.req.valid("header");
      limitContent(body.content);
      limitResuming(headers);
      const user = c.get("user").id;
      const begun = await chats.ask({
        ...body,
        user,
        check: () => requireDocuments(deps.library, user, body.documents),
        id: c.req.valid("param").id,
        once: once(headers["idempotency-key"], "chat", body),
        deadline: c.env?.deadline,
      });
      return answer(c, begun, headers);
    })

    .openapi(regenerate, async (c) => {
      const body = c.req.valid("json");
      const headers = c.req.valid("header");
      limitContent(body.content ?? "");
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
      return answer(c, begun, headers);
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

/** As a stream or in one piece. Whoever stops reading stops the model, unless another one reads. */
async function answer(c: Context<AppEnv>, begun: Begun, headers: StreamHeaders) {
  const isEarlier = "exchange" in begun || begun.joined;
  if (isEarlier) c.header("Idempotency-Replayed", "true");
  const wanted = accepts(c, {
    header: "Accept",
    supports: ["application/json", "text/event-stream"],
    default: "application/json",
  });
  if (wanted === "text/event-stream") {
    // An answer that begins now has nothing to do with what another stream once brought.
    const offset = isEarlier ? Number(headers["last-event-id"] ?? 0) : 0;
    const { body, headers: streamHeaders } = eventStream(
      "exchange" in begun ? replayOf(begun.exchange, offset) : begun.turn.watch(offset),
    );
    return c.body(body, 200, streamHeaders);
  }
  if ("exchange" in begun) return c.json(present(begun.exchange), 200);
  const watcher = begun.turn.watch(Number.POSITIVE_INFINITY);
  const { signal } = c.req.raw;
  if (signal.aborted) void watcher.leave();
  signal.addEventListener("abort", () => void watcher.leave(), { once: true });
  const { exchange, failure } = await begun.turn.outcome;
  if (exchange !== undefined) return c.json(present(exchange), 200);
  throw failure ?? new Problem("internal");
}

function limitContent(content: string): void {
  if (Buffer.byteLength(content) <= contentBytes) return;
  throw new Problem("too-large", { detail: "A message's content may have 960 KiB of UTF-8." });
}
