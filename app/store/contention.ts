import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "./store-error.ts";

/** Thrown by one attempt to say that another writer was faster and nothing was written. */
export class LostRace extends Error {
  override readonly name = "LostRace";
  readonly isPaced: boolean;

  /** @param options.isPaced the attempt has waited its turn already. */
  constructor({ isPaced = false } = {}) {
    super();
    this.isPaced = isPaced;
  }
}

const attempts = 12;
const firstDelayMs = 10;
const longestDelayMs = 1_000;

/**
 * Repeats what lost a race. The first repetition follows at once, since one lost race usually means
 * one other writer; then with full jitter. `busy` when it was lost too often, about 3 s in all.
 */
export async function untilWon<T>(attempt: (round: number) => Promise<T>): Promise<T> {
  let isPaced = false;
  for (let round = 0; round < attempts; round++) {
    if (round > 1 && !isPaced) await sleep(jitter(round));
    try {
      return await attempt(round);
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
      isPaced = error.isPaced;
    }
  }
  throw new StoreError("busy");
}

export function jitter(round: number): number {
  return Math.random() * Math.min(longestDelayMs, firstDelayMs * 2 ** round);
}

/**
 * Runs what belongs to one key one after another within this process. A Lambda serves one request
 * at a time and never waits here; a long-lived server would otherwise race itself.
 */
export class Queue {
  readonly #tails = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === mine) this.#tails.delete(key);
    }
  }
}
