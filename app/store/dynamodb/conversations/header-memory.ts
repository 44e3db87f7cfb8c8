import type { Header } from "../table/header.ts";

const trustMs = 10_000;
const doubtMs = 60_000;
const capacity = 1_000;

interface Entry {
  readonly header: Header | undefined;
  readonly until: number;
}

/**
 * The headers that this process wrote a moment ago, so that the next append need not read. It is
 * only ever a guess: the transaction's condition decides. A wrong guess costs a refused transaction
 * (up to 8 write units) where reading costs one read unit, 1/40 of the price, so we guess only
 * while another writer is unlikely, and not for a while after one was seen.
 */
export class HeaderMemory {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  recall(key: string): Header | undefined {
    return this.#fresh(key)?.header;
  }

  learn(key: string, header: Header): void {
    const entry = this.#fresh(key);
    const isDoubted = entry !== undefined && entry.header === undefined;
    if (!isDoubted) this.#remember(key, { header, until: this.#now().getTime() + trustMs });
  }

  /** Another process writes to this conversation too. */
  doubt(key: string): void {
    this.#remember(key, { header: undefined, until: this.#now().getTime() + doubtMs });
  }

  #fresh(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#now().getTime() ? entry : undefined;
  }

  #remember(key: string, entry: Entry): void {
    // A Map keeps insertion order: deleting first moves the key to the end, the oldest is first.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > capacity && oldest !== undefined) this.#entries.delete(oldest);
  }
}
