import { untilAborted } from "../http/deadline.ts";
import type { Problem } from "../http/problem.ts";
import { ModelError } from "../models/chat-model.ts";
import type { MessagePart } from "../parts/parts.ts";
import type { Message, StopReason, TokenUsage } from "../store/message.ts";
import { joined, type TurnEvent } from "./steps.ts";

/** What a model gave, however it ended. */
export interface Answer {
  readonly text: string;
  /** Absent where the text is all. */
  readonly parts?: readonly MessagePart[];
  readonly stopReason: StopReason;
  /** Unknown when the answer did not come to its end. */
  readonly usage: TokenUsage | undefined;
  readonly responseId: string | null;
  readonly failure?: ModelError;
}

/** Question and answer as saved. */
export interface Exchange {
  readonly userMessage: Message;
  readonly assistantMessage: Message;
}

/** At least one of the two: a failed answer is saved too. */
export interface Outcome {
  readonly exchange?: Exchange | undefined;
  readonly failure?: Problem | undefined;
}

export type Step =
  | { readonly type: "text"; readonly offset: number; readonly text: string }
  /** What stands at that offset of the text: the part of that number, from 0. */
  | {
      readonly type: "part";
      readonly offset: number;
      readonly index: number;
      readonly part: MessagePart;
    }
  | { readonly type: "end"; readonly outcome: Outcome };

/** Whoever wants to read the answer while it is being made. */
export interface Watcher {
  /** What came since the last step, as one piece; waits if nothing did. */
  next(): Promise<Step>;
  /** Resolves when the turn does without this watcher; of the last one, when the answer is saved. */
  leave(): Promise<void>;
}

/** UTF-8 of an answer, more than models give: one that never ends is ended here. */
const answerBytes = 256 * 1024;
/** JSON of what else it is made of: both together fit into a message. */
const partsBytes = 512 * 1024;

/** Characters that the model may be ahead of whoever reads fastest. */
const longestLead = 16 * 1024;

/**
 * One call of a model: collects the answer, shows it to its watchers as it grows, and saves it. The
 * text is held once, however many watch and however slowly: each only has a position in it, and
 * the model waits when nobody keeps up. Without watchers the model is stopped, and what it
 * produced is saved.
 */
export class Turn {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #stop = new AbortController();
  readonly #positions = new Map<Watcher, number>();
  #text = "";
  readonly #parts: { readonly offset: number; readonly part: MessagePart }[] = [];
  #result: Outcome | undefined;
  #change = Promise.withResolvers<void>();

  /**
   * @param ask calls the model.
   * @param save never rejects.
   * @param msLeft until the answer is cut off and saved as it is; default never.
   */
  constructor(
    ask: (signal: AbortSignal) => AsyncIterable<TurnEvent>,
    save: (answer: Answer) => Promise<Outcome>,
    msLeft?: number,
  ) {
    const deadline =
      msLeft === undefined ? undefined : setTimeout(() => this.#stop.abort(), Math.max(0, msLeft));
    this.outcome = this.#run(ask)
      .then(save)
      .then((outcome) => {
        clearTimeout(deadline);
        this.#result = outcome;
        this.#changed();
        return outcome;
      });
  }

  /** Ends the answer where it is, whoever watches. */
  stop(): void {
    this.#stop.abort();
  }

  /** @param offset of the first character that is wanted; infinite for the outcome only. */
  watch(offset: number): Watcher {
    // What stands at the offset may not have reached the one who comes back.
    let index = this.#parts.findIndex((one) => one.offset >= offset);
    if (index < 0) index = this.#parts.length;
    const watcher: Watcher = {
      next: async () => {
        for (;;) {
          const from = this.#positions.get(watcher) ?? offset;
          const next = this.#parts[index];
          if (next !== undefined && next.offset <= from) {
            return { type: "part", ...next, index: index++ };
          }
          const to = next?.offset ?? this.#text.length;
          if (to > from) {
            this.#positions.set(watcher, to);
            this.#changed();
            return { type: "text", offset: from, text: this.#text.slice(from, to) };
          }
          if (this.#result !== undefined) return { type: "end", outcome: this.#result };
          await this.#change.promise;
        }
      },
      leave: async () => {
        this.#positions.delete(watcher);
        if (this.#positions.size > 0) return;
        this.#stop.abort();
        await this.outcome;
      },
    };
    this.#positions.set(watcher, offset);
    this.#changed();
    return watcher;
  }

  async #run(ask: (signal: AbortSignal) => AsyncIterable<TurnEvent>): Promise<Answer> {
    const { signal } = this.#stop;
    const events = ask(signal)[Symbol.asyncIterator]();
    let bytes = 0;
    let others = 0;
    const said = () => ({
      text: this.#text,
      ...(this.#parts.length > 0 && { parts: partsOf(this.#text, this.#parts) }),
    });
    const stopped = (stopReason: StopReason) => ({
      ...said(),
      stopReason,
      usage: undefined,
      responseId: null,
    });
    try {
      for (;;) {
        await this.#untilWanted();
        const step = await untilAborted(signal, () => events.next());
        if (step.done) throw new ModelError("interrupted");
        const event = step.value;
        if (event.type === "end") {
          const { stopReason, usage, responseId } = event;
          return { ...said(), stopReason, usage, responseId };
        }
        if (event.type === "part") {
          others += Buffer.byteLength(JSON.stringify(event.part));
          if (others > partsBytes) return stopped("length");
          this.#parts.push({ offset: this.#text.length, part: event.part });
          this.#changed();
          continue;
        }
        bytes += Buffer.byteLength(event.text);
        if (bytes > answerBytes) return stopped("length");
        this.#text += event.text;
        this.#changed();
      }
    } catch (error) {
      if (signal.aborted) return stopped("aborted");
      const failure =
        error instanceof ModelError ? error : new ModelError("interrupted", { cause: error });
      return { ...stopped("error"), failure };
    } finally {
      this.#stop.abort();
      // Not awaited: an iteration that hangs would hang this too.
      events.return?.().catch(() => {});
    }
  }

  async #untilWanted(): Promise<void> {
    while (this.#text.length - this.#furthest() > longestLead) {
      await untilAborted(this.#stop.signal, () => this.#change.promise);
    }
  }

  #furthest(): number {
    return Math.max(0, ...this.#positions.values());
  }

  #changed(): void {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
  }
}

/** Text and what stands between, in their order. */
function partsOf(
  text: string,
  parts: readonly { readonly offset: number; readonly part: MessagePart }[],
): MessagePart[] {
  const all: MessagePart[] = [];
  let from = 0;
  for (const { offset, part } of [...parts, { offset: text.length, part: undefined }]) {
    if (offset > from) all.push({ type: "text", text: text.slice(from, offset) });
    if (part !== undefined) all.push(part);
    from = offset;
  }
  return joined(all);
}

/** An answer that was saved before, to be read like one that is being made. */
export function replayOf(exchange: Exchange, offset: number): Watcher {
  const { content: text, parts = [] } = exchange.assistantMessage;
  let at = 0;
  const placed = parts.flatMap((part) => {
    if (part.type !== "text") return [{ offset: at, part }];
    at += part.text.length;
    return [];
  });
  let index = placed.findIndex((one) => one.offset >= offset);
  if (index < 0) index = placed.length;
  let position = offset;
  return {
    next: async () => {
      const next = placed[index];
      if (next !== undefined && next.offset <= position) {
        return { type: "part", ...next, index: index++ };
      }
      const to = next?.offset ?? text.length;
      if (position >= to) return { type: "end", outcome: { exchange } };
      const step = { type: "text", offset: position, text: text.slice(position, to) } as const;
      position = to;
      return step;
    },
    leave: async () => {},
  };
}
