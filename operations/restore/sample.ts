/** A few of many messages, the same few in both tables. */
import { createHash } from "node:crypto";
import { type Item, nameOf } from "../../app/sql/items.ts";
import { sorted } from "../../app/sql/sorted.ts";

export interface Sampled {
  /** `<partition key> <sort key>` */
  readonly key: string;
  /** ISO 8601: when the message was written. */
  readonly timestamp: string;
  /** Of everything in it that never changes. */
  readonly digest: string;
}

/**
 * Keeps the items whose keys have the lowest hashes: chosen by the key alone, spread evenly over users
 * and conversations, and bounded however many there are.
 */
export class Sample {
  readonly #limit: number;
  #kept: { readonly hash: string; readonly item: Sampled }[] = [];
  /** Keys with a hash above it are not in the sample. */
  #highest = "~";

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: Item): void {
    const key = nameOf(item);
    const hash = sha256(key);
    if (hash > this.#highest) return;
    this.#kept.push({
      hash,
      item: { key, timestamp: String(item.timestamp), digest: digest(item) },
    });
    if (this.#kept.length >= 2 * this.#limit) this.#trim();
  }

  /** By key. Those that both samples would have kept. */
  within(other: Sample): ReadonlyMap<string, Sampled> {
    this.#trim();
    other.#trim();
    const reach = this.#highest < other.#highest ? this.#highest : other.#highest;
    const common = this.#kept.filter(({ hash }) => hash <= reach);
    return new Map(common.map(({ item }) => [item.key, item]));
  }

  #trim(): void {
    this.#kept.sort((one, another) => (one.hash < another.hash ? -1 : 1));
    if (this.#kept.length <= this.#limit) return;
    this.#kept.length = this.#limit;
    this.#highest = this.#kept.at(-1)?.hash ?? this.#highest;
  }
}

/** Feedback is the one thing that is added to a message later. */
function digest({ feedback: _, ...item }: Item): string {
  return sha256(JSON.stringify(sorted(item)));
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
