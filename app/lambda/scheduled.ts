import type { Writable } from "node:stream";
import { isMaintenanceEvent } from "../resources/maintenance.ts";
import type { InvocationContext, ProxyEvent } from "./event.ts";
import type { StreamingHandler } from "./streaming.ts";

/** What the function does on its schedule; its report, as JSON, is the invocation's answer. */
export type Scheduled = (until: Date) => Promise<object>;

const mostMs = 5 * 60 * 1000;
const withoutDeadlineMs = 20_000;

/** Handles the schedule's event before anything reads the event as a request. */
export function scheduledStreaming(run: Scheduled, handler: StreamingHandler): StreamingHandler {
  return async (event, stream: Writable, context) => {
    if (!isMaintenanceEvent(event)) return handler(event, stream, context);
    stream.end(JSON.stringify(await run(endOf(context))));
  };
}

/** The same for a handler that answers in one piece. */
export function scheduledBuffered<Result>(
  run: Scheduled,
  handler: (event: ProxyEvent, context?: InvocationContext) => Promise<Result>,
): (event: ProxyEvent, context?: InvocationContext) => Promise<Result | object> {
  return async (event, context) =>
    isMaintenanceEvent(event) ? run(endOf(context)) : handler(event, context);
}

/** A quarter of the function's time is left to end the request under way. */
function endOf(context: InvocationContext | undefined): Date {
  const ms = context ? context.getRemainingTimeInMillis() * 0.75 : withoutDeadlineMs;
  return new Date(Date.now() + Math.min(ms, mostMs));
}
