import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { parseAccept } from "hono/utils/accept";
import { answerEvents, type EventFormat, eventStream } from "../chat/event-stream.ts";
import { type Quotas, rateLimitHeaders } from "../chat/quotas.ts";
import type { Begun } from "../chat/running-turns.ts";
import { type Exchange, replayOf } from "../chat/turn.ts";
import { uiMessageStream } from "../chat/ui-message-stream.ts";
import type { AppEnv } from "../context.ts";
import { Problem } from "../http/problem.ts";

/** The stream that `Accept` asks for; undefined for one JSON answer. */
export function formatOf(c: Context<AppEnv>): EventFormat | undefined {
  const type = accepts(c, {
    header: "Accept",
    supports: ["application/json", plain],
    default: "application/json",
  });
  if (type !== plain) return undefined;
  const isForTheSdk = parseAccept(c.req.header("accept") ?? "").some(
    ({ type, params }) => type.toLowerCase() === plain && params["ui-message-stream"] === "v1",
  );
  return isForTheSdk ? uiMessageStream() : answerEvents;
}

const plain = "text/event-stream";

/** @param lastEventId of `answerEvents`: how much of this answer the client has. Default: nothing. */
export function streamed(
  c: Context<AppEnv>,
  begun: Begun,
  quotas: Quotas,
  format: EventFormat,
  lastEventId = "0",
) {
  tellOf(c, begun, quotas);
  const isEarlier = "exchange" in begun || begun.joined;
  // An answer that begins now has nothing to do with what another stream once brought.
  const offset = isEarlier && format === answerEvents ? Number(lastEventId) : 0;
  const watcher = "exchange" in begun ? replayOf(begun.exchange, offset) : begun.turn.watch(offset);
  const { body, headers } = eventStream(watcher, format);
  return c.body(body, 200, headers);
}

/** In one piece. Whoever stops waiting stops the model, unless another one reads. */
export async function whole(c: Context<AppEnv>, begun: Begun, quotas: Quotas): Promise<Exchange> {
  tellOf(c, begun, quotas);
  if ("exchange" in begun) return begun.exchange;
  const watcher = begun.turn.watch(Number.POSITIVE_INFINITY);
  const { signal } = c.req.raw;
  if (signal.aborted) void watcher.leave();
  signal.addEventListener("abort", () => void watcher.leave(), { once: true });
  const { exchange, failure } = await begun.turn.outcome;
  if (exchange !== undefined) return exchange;
  throw failure ?? new Problem("internal");
}

/** Headers: whether it was begun before, and what is left of the quotas. */
function tellOf(c: Context<AppEnv>, begun: Begun, quotas: Quotas): void {
  if ("exchange" in begun || begun.joined) c.header("Idempotency-Replayed", "true");
  if ("exchange" in begun || begun.taken === undefined) return;
  const headers = rateLimitHeaders(quotas, begun.taken);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
}
