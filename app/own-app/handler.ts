/** What stands between Lambda and an app: ours, ours extended, or one of a team's own. */
import { withOrigins } from "../http/cors.ts";
import type { Fetcher } from "../lambda/answer.ts";
import { bufferedHandler } from "../lambda/buffered.ts";
import type { InvocationContext } from "../lambda/event.ts";
import { nodeRequest } from "../lambda/event-request.ts";
import { streamingHandler } from "../lambda/streaming.ts";
import { isMaintenanceEvent } from "../resources/maintenance.ts";
import type { ChatApp } from "./create-app.ts";
import { answerTo, type EventHandlers } from "./events.ts";
import { unaskedBuffered, unaskedStreaming } from "./unasked.ts";

/** Anything with `fetch`, what it does beside requests, and what an app of ours has. */
export type LambdaApp = Fetcher &
  EventHandlers &
  Partial<Pick<ChatApp, "maintain" | "headerNames">> & {
    readonly ended?: ChatApp["ended"] | undefined;
  };

/**
 * What Lambda runs. Where the runtime can stream, as Node's on AWS does, the handler streams; elsewhere it
 * answers in one piece. Pages of `CORS_ORIGINS` may call.
 */
export function handlerOf(app: LambdaApp) {
  const { CORS_ORIGINS = "" } = process.env;
  const origins = CORS_ORIGINS.split(",").filter((origin) => origin !== "");
  const { maintain, ended = async () => {} } = app;
  const own: Fetcher =
    maintain === undefined
      ? { fetch: (request, bindings) => app.fetch(nodeRequest(request), bindings) }
      : app;
  const fetcher = origins.length === 0 ? own : withOrigins(own, origins, app.headerNames?.());
  // The object alone says nothing: the AWS SDK makes one where the runtime has none.
  const { streamifyResponse, HttpResponseStream } = globalThis.awslambda ?? {};
  const unasked = unaskedOf(app);
  if (streamifyResponse === undefined || HttpResponseStream === undefined) {
    return unaskedBuffered(unasked, bufferedHandler(fetcher, ended));
  }
  return streamifyResponse(
    unaskedStreaming(unasked, streamingHandler(fetcher, { HttpResponseStream }, ended)),
  );
}

/** What the app does on events of its schedules and queues, the maintenance among them. */
export const unaskedOf =
  ({ maintain, queues, schedules, ended }: LambdaApp) =>
  (event: unknown, context: InvocationContext | undefined): Promise<object> | undefined => {
    const answer =
      maintain !== undefined && isMaintenanceEvent(event)
        ? maintain(maintenanceEnd(context))
        : answerTo(event, { queues, schedules }, context);
    return ended === undefined ? answer : answer?.finally(ended);
  };

const mostMs = 5 * 60 * 1000;
const withoutDeadlineMs = 20_000;

/** A quarter of the function's time is left to end the request under way. */
function maintenanceEnd(context: InvocationContext | undefined): Date {
  const ms = context ? context.getRemainingTimeInMillis() * 0.75 : withoutDeadlineMs;
  return new Date(Date.now() + Math.min(ms, mostMs));
}
