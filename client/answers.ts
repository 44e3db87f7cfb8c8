import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { Client } from "./client.ts";
import type { components, operations } from "./contract.ts";
import { ApiProblem } from "./problem.ts";
import { sleep } from "./transport.ts";

/** A question with its answer, as both are saved. */
export type Exchange = components["schemas"]["Exchange"];

export type AnswerEvent =
  /** The answer's text from that UTF-16 offset on: `text = text.slice(0, offset) + delta`. */
  | { readonly event: "delta"; readonly id: string; readonly offset: number; readonly text: string }
  /** What stands at that offset of the text: a tool's call or result, reasoning. An index may come again. */
  | {
      readonly event: "part";
      readonly index: number;
      readonly offset: number;
      readonly part: components["schemas"]["Part"];
    }
  /** Question and answer as they were saved: what counts where it differs from the deltas. */
  | { readonly event: "message"; readonly exchange: Exchange }
  | { readonly event: "error"; readonly problem: ApiProblem };

type Question = operations["chat"]["requestBody"]["content"]["application/json"];

export interface AskOptions {
  /** Id of the conversation. */
  readonly conversation: string;
  readonly question: Question;
  /** Names this question for 24 hours: the same key resumes its answer. Default: a random one. */
  readonly key?: string;
  /** `id` of the last `delta` that you have; the stream goes on behind it. Only with `key`. */
  readonly lastEventId?: string;
  readonly signal?: AbortSignal;
  /** How often a stream that broke off is resumed without anything new. Default: 5. */
  readonly attempts?: number;
}

/**
 * Asks a model and yields its answer while it is written. A stream that breaks off is resumed where
 * it stopped: nothing is asked or saved twice. Throws `ApiProblem` where the API refuses the
 * question, and the last error where resuming fails.
 *
 * ```ts
 * let text = "";
 * for await (const event of ask(api, { conversation: id, question: { content: "Why?" } })) {
 *   if (event.event === "delta") text = text.slice(0, event.offset) + event.text;
 *   if (event.event === "message") text = event.exchange.assistantMessage.content;
 * }
 * ```
 */
export async function* ask(api: Client, options: AskOptions): AsyncGenerator<AnswerEvent> {
  const { conversation, question, key = randomKey(), signal, attempts = 5 } = options;
  let { lastEventId } = options;
  for (let failed = 0; ; ) {
    try {
      const { response, error } = await api.POST("/conversations/{id}/chat", {
        params: {
          path: { id: conversation },
          header: {
            "idempotency-key": key,
            ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
          },
        },
        body: question,
        headers: { accept: "text/event-stream" },
        parseAs: "stream",
        ...(signal !== undefined && { signal }),
      });
      if (!response.ok) throw new ApiProblem(response, error);
      for await (const event of answerEvents(response)) {
        if (event.event === "delta") lastEventId = event.id;
        failed = 0;
        yield event;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ApiProblem || ++failed >= attempts) throw error;
      await sleep(0.25 * 2 ** (failed - 1), signal);
    }
  }
}

/** The events of a streamed answer, until its end. Throws when the stream ends without one. */
export async function* answerEvents(response: Response): AsyncGenerator<AnswerEvent> {
  if (!response.ok) throw new ApiProblem(response, await jsonOf(response));
  for await (const { event, id, data } of serverSentEvents(response)) {
    if (event === "delta") yield { event, id: id ?? "", ...JSON.parse(data) };
    if (event === "part") yield { event, ...JSON.parse(data) };
    if (event === "message") yield { event, exchange: JSON.parse(data) };
    if (event === "error") yield { event, problem: new ApiProblem(response, JSON.parse(data)) };
    if (event === "done") return;
  }
  throw new Error("The stream broke off before the answer's end.");
}

export async function* serverSentEvents(response: Response): AsyncGenerator<EventSourceMessage> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  for await (const text of textOf(response)) {
    parser.feed(text);
    yield* events.splice(0);
  }
}

/** The body piece by piece; in one piece where the platform has no streams (React Native). */
async function* textOf(response: Response): AsyncGenerator<string> {
  if (response.body === null || response.body === undefined) {
    yield await response.text();
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      yield decoder.decode(part.value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    // Rejects where the stream has failed, which its reader has seen.
    await reader.cancel().catch(() => {});
  }
}

/** A proxy in between may answer with anything. */
async function jsonOf(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined);
}

/** 128 random bits. `crypto.randomUUID` is missing on pages without HTTPS. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
