import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { answer, contextOf, type Fetcher, headersOf } from "./answer.ts";
import type { InvocationContext, ProxyEvent } from "./event.ts";
import { failureEntry, logToStdout } from "./log.ts";

/** The global `awslambda` of Lambda's Node runtimes. */
export interface StreamingRuntime {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  HttpResponseStream: {
    /** Puts the prelude, as JSON, in front of what is written. */
    from(stream: Writable, prelude: Prelude): Writable;
  };
}

declare global {
  var awslambda: Partial<StreamingRuntime> | undefined;
}

export type StreamingHandler = (
  event: ProxyEvent,
  stream: Writable,
  context?: InvocationContext,
) => Promise<void>;

export interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A handler that passes each chunk on as it comes, no faster than it is read. Lambda does not tell a function
 * that its client left. Should the stream itself break, the request's signal aborts, and with it what the app
 * still does for it.
 *
 * @param ended resolves when nothing goes on behind the answer any more. The client has its answer by then.
 */
export function streamingHandler(
  app: Fetcher,
  { HttpResponseStream }: Pick<StreamingRuntime, "HttpResponseStream">,
  ended: () => Promise<void> = async () => {},
): StreamingHandler {
  const handle: StreamingHandler = async (event, stream, context) => {
    const gone = new AbortController();
    stream.on("error", () => gone.abort());
    stream.on("close", () => {
      if (!stream.writableFinished) gone.abort();
    });
    const response = await answer(app, event, gone.signal, context);
    if (gone.signal.aborted) {
      await response.body?.cancel();
      return;
    }
    const sink = HttpResponseStream.from(stream, {
      statusCode: response.status,
      ...headersOf(response),
    });
    // The runtime sends the prelude with the first write: without one, a 204 would have no status.
    sink.write("");
    try {
      await pass(response.body, sink, gone.signal);
    } catch (error) {
      // The runtime logs what is thrown by its message, which may quote what was being read.
      logToStdout(failureEntry(error, contextOf(event)));
      throw new Error("the answer broke off");
    }
  };
  return (event, stream, context) => handle(event, stream, context).finally(ended);
}

async function pass(
  body: ReadableStream<Uint8Array> | null,
  sink: Writable,
  gone: AbortSignal,
): Promise<void> {
  const reader = body?.getReader();
  // Ends a pending read too, so that nobody waits for a producer that waits for nobody.
  let cancelled: Promise<void> | undefined;
  const cancel = () => {
    cancelled = reader?.cancel().catch(() => {});
  };
  gone.addEventListener("abort", cancel, { once: true });
  for (;;) {
    const chunk = await reader?.read();
    // What the app still saves must be saved before Lambda freezes the process.
    if (gone.aborted) return cancelled;
    if (chunk === undefined || chunk.done) break;
    if (!sink.write(chunk.value)) await drained(sink, gone);
  }
  sink.end();
  await finished(sink, { signal: gone }).catch((error: unknown) => {
    if (!gone.aborted) throw error;
  });
}

async function drained(sink: Writable, gone: AbortSignal): Promise<void> {
  try {
    await once(sink, "drain", { signal: gone });
  } catch (error) {
    if (!gone.aborted) throw error;
  }
}
