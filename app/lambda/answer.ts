import { notUtf8, Problem } from "../http/problem.ts";
import {
  bindingsOf,
  type InvocationContext,
  isAsSent,
  type ProxyEvent,
  requestOf,
} from "./event.ts";
import { failureEntry, logToStdout } from "./log.ts";

/** The part of a Hono app that a Lambda handler needs. */
export interface Fetcher {
  fetch(request: Request, bindings: object): Response | Promise<Response>;
}

/**
 * Runs the app and always answers: an event that makes no request, or a failure before routing, which
 * no `onError` of the app ever sees, is a problem too.
 *
 * @param signal aborts when nobody waits for the answer any more; none where nobody could tell.
 */
export async function answer(
  app: Fetcher,
  event: ProxyEvent,
  signal: AbortSignal | undefined,
  context?: InvocationContext,
): Promise<Response> {
  if (!isAsSent(event)) return new Problem("malformed-json", { detail: notUtf8 }).toResponse();
  let request: Request;
  try {
    request = requestOf(event, signal);
  } catch {
    return new Problem("validation", { detail: "This is no HTTP request." }).toResponse();
  }
  try {
    return await app.fetch(request, bindingsOf(event, context));
  } catch (error) {
    logToStdout(failureEntry(error, contextOf(event)));
    return new Problem("internal").toResponse();
  }
}

/** What a line says of an event that no route of the app sees, or sees no more. */
export function contextOf(event: ProxyEvent) {
  return {
    tenant: process.env.TENANT,
    requestId: event.requestContext?.requestId,
    operation: "answer",
    status: 500,
  };
}

/** Headers with one value each, and those that may not be joined into one. */
export function headersOf(response: Response) {
  const { "set-cookie": _, ...headers } = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  return cookies.length > 0
    ? { headers, multiValueHeaders: { "set-cookie": cookies } }
    : { headers };
}
