import type { Writable } from "node:stream";
import type { InvocationContext, ProxyEvent } from "../lambda/event.ts";
import type { StreamingHandler } from "../lambda/streaming.ts";

/** The response, as JSON, to an invocation that is not a request. Undefined for a request. */
export type Unasked = (
  event: unknown,
  context: InvocationContext | undefined,
) => Promise<object> | undefined;

/** Handles events that are no requests before anything reads them as one. */
export function unaskedStreaming(unasked: Unasked, handler: StreamingHandler): StreamingHandler {
  return async (event, stream: Writable, context) => {
    const answer = unasked(event, context);
    if (answer === undefined) return handler(event, stream, context);
    stream.end(JSON.stringify(await answer));
  };
}

/** The same for a handler that answers in one piece. */
export function unaskedBuffered<Result>(
  unasked: Unasked,
  handler: (event: ProxyEvent, context?: InvocationContext) => Promise<Result>,
): (event: ProxyEvent, context?: InvocationContext) => Promise<Result | object> {
  return async (event, context) => unasked(event, context) ?? handler(event, context);
}
