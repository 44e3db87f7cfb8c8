import type { Exchange, Step, Watcher } from "./turn.ts";

const heartbeatMs = 15_000;

const commonHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // nginx and its like collect an answer before they pass it on, unless told.
  "x-accel-buffering": "no",
};

/** How the steps of one answer are written as server-sent events (WHATWG HTML, section 9.2). */
export interface EventFormat {
  /** Beside those that every stream has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with each step of one turn, in their order. */
  render(step: Step): string;
}

/**
 * Our own format:
 * - `delta` `{offset, text}`: the text from that UTF-16 offset on. The event's id is the offset
 *   behind it, so that `Last-Event-ID` says how much the client has.
 * - `part` `{index, offset, part}`: what stands at that offset: a tool's call or result, reasoning. The
 *   same index may come again to who resumes.
 * - `message` `{userMessage, assistantMessage, usage}`: as saved; what counts if it differs.
 * - `error`: problem details. A failed answer is saved too, so that `message` may come as well.
 * - `done`: there is no more to come.
 */
export const answerEvents: EventFormat = { render };

/**
 * A turn as a stream, made as the client reads it. A comment goes out after every 15 s of silence, lest
 * something on the way takes it for the end.
 */
export function eventStream(watcher: Watcher, format = answerEvents, everyMs = heartbeatMs) {
  const encoder = new TextEncoder();
  let step: Promise<Step> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        step ??= watcher.next();
        const next = await within(step, everyMs);
        const text = next === undefined ? ": heartbeat\n\n" : format.render(next);
        controller.enqueue(encoder.encode(text));
        if (next === undefined) return;
        step = undefined;
        if (next.type === "end") controller.close();
      },
      // Resolves when what was produced is saved: whoever cancels had better wait for it.
      cancel: () => watcher.leave(),
    },
    // Whatever is ready before it is asked for would only be a second copy.
    { highWaterMark: 0 },
  );
  return { body, headers: { ...commonHeaders, ...format.headers } };
}

/** What the client gets as one JSON answer, and as the event `message`. */
export function present({ userMessage, assistantMessage }: Exchange) {
  return { userMessage, assistantMessage, usage: assistantMessage.usage };
}

async function within(step: Promise<Step>, ms: number): Promise<Step | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([step, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function render(step: Step): string {
  if (step.type === "text") {
    const { offset, text } = step;
    return event("delta", { offset, text }, offset + text.length);
  }
  if (step.type === "part") {
    const { index, offset, part } = step;
    return event("part", { index, offset, part });
  }
  const { exchange, failure } = step.outcome;
  return [
    failure === undefined ? "" : event("error", failure.toJSON()),
    exchange === undefined
      ? ""
      : event("message", present(exchange), exchange.assistantMessage.content.length),
    event("done", {}),
  ].join("");
}

/** JSON holds no line breaks, so one `data` line is always enough. */
function event(name: string, data: object, id?: number): string {
  const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${name}`];
  return `${lines.join("\n")}\ndata: ${JSON.stringify(data)}\n\n`;
}
