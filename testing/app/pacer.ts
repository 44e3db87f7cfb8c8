import type { Pace } from "../../app/models/embedded.ts";

/** Lets the embedded model say a word when the test says so, and knows whether it still wants to. */
export class Pacer {
  #allowed: number;
  readonly #waiting = new Set<() => void>();
  readonly #arrivals: (() => void)[] = [];
  asked = 0;
  aborted = 0;

  /** @param allowed words that need no permission. */
  constructor(allowed = 0) {
    this.#allowed = allowed;
  }

  readonly pace: Pace = (signal) => {
    this.asked++;
    for (const arrived of this.#arrivals.splice(0)) arrived();
    if (this.#allowed > 0) {
      this.#allowed--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        this.#waiting.delete(go);
        resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener("abort", () => {
        this.aborted++;
        this.#waiting.delete(go);
        reject(signal.reason);
      });
    });
  };

  allow(words: number): void {
    this.#allowed += words;
    for (const go of [...this.#waiting]) {
      if (this.#allowed === 0) break;
      this.#allowed--;
      go();
    }
  }

  /** Until the model has asked for so many words in all. */
  async untilAsked(words: number): Promise<void> {
    while (this.asked < words) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }
}
