import type { Problem } from "../http/problem.ts";
import { ModelError, type ModelEvent } from "../models/chat-model.ts";
import type { Message, StopReason, TokenUsage } from "../store/message.ts";

/** What a model gave, however it ended. */
export interface Answer {
  readonly text: string;
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
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  readonly #positions = new Map<Watcher, number>();
  #text = "";
  #result: Outcome | undefined;
  #change = Promise.withResolvers<void>();

  /**
   * @param ask calls the model.
   * @param save never rejects.
   * @param msLeft until the answer is cut off and saved as it is; default never.
   */
  constructor(
    ask: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
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

  /** @param offset of the first character that is wanted; infinite for the outcome only. */
  watch(offset: number): Watcher {
    const watcher: Watcher = {
      next: async () => {
        for (;;) {
          const from = this.#positions.get(watcher) ?? offset;
          if (this.#text.length > from) {
            this.#positions.set(watcher, this.#text.length);
            this.#changed();
            return { type: "text", offset: from, text: this.#text.slice(from) };
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

  async #run(ask: (signal: AbortSignal) => AsyncIterable<ModelEvent>): Promise<Answer> {
    const { signal } = this.#stop;
    const events = ask(signal)[Symbol.asyncIterator]();
    let bytes = 0;
    const stopped = (stopReason: StopReason) => ({
      text: this.#text,
      stopReason,
      usage: undefined,
      responseId: null,
    });
    try {
      for (;;) {
        await this.#untilWanted();
        // A model that ignores the signal must not keep the turn from ending.
        const step = signal.aborted
          ? undefined
          : await Promise.race([events.next(), this.#stopped]);
        if (step === undefined) return stopped("aborted");
        if (step.done) throw new ModelError("interrupted");
        const event = step.value;
        if (event.type === "end") return { ...event, text: this.#text };
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
    while (!this.#stop.signal.aborted && this.#text.length - this.#furthest() > longestLead) {
      await Promise.race([this.#change.promise, this.#stopped]);
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

/** An answer that was saved before, to be read like one that is being made. */
export function replayOf(exchange: Exchange, offset: number): Watcher {
  const text = exchange.assistantMessage.content;
  let position = offset;
  return {
    next: async () => {
      if (position >= text.length) return { type: "end", outcome: { exchange } };
      const step = { type: "text", offset: position, text: text.slice(position) } as const;
      position = text.length;
      return step;
    },
    leave: async () => {},
  };
}
