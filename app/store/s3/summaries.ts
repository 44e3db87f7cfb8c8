import type { ListedObject, ObjectStore } from "../../objects/object-store.ts";
import { readAheadBytes } from "../../resources/memory.ts";
import type { Conversation } from "../conversation-store.ts";
import { type Report, readOr } from "../versions/unreadable.ts";
import { ifLive, type LiveDocument, readDocument, toConversation } from "./document.ts";
import { conversationOf, historyPrefix } from "./history.ts";

const parallelReads = 16;
const capacity = 5_000;

/** What lists and syncs show of one object; null for a deleted conversation. */
type Summary = Conversation | Unread | null;

/** A conversation that this version cannot read. */
export type Unread = { readonly unreadable: string };

/**
 * Every conversation of a user. S3 lists names and ETags only, so this process reads each object whose
 * version it does not know: n/1,000 LISTs and, the first time, n GETs.
 */
export class Summaries {
  readonly #objects: ObjectStore;
  readonly #now: () => Date;
  readonly #known = new Map<
    string,
    { readonly etag: string; readonly summary: Summary; readonly cleared: number }
  >();

  readonly #report: Report | undefined;

  constructor(objects: ObjectStore, now: () => Date, report?: Report) {
    this.#objects = objects;
    this.#now = now;
    this.#report = report;
  }

  async of(user: string): Promise<{
    readonly all: Conversation[];
    readonly unreadable: string[];
    /** Messages that were cleared, by conversation. */
    readonly cleared: ReadonlyMap<string, number>;
  }> {
    const objects = await this.list(user);
    const summaries = await this.read(objects);
    const cleared = objects.map(
      ({ key }) => [conversationOf(key), this.#known.get(key)?.cleared ?? 0] as const,
    );
    return {
      cleared: new Map(cleared),
      all: summaries.filter(isConversation),
      unreadable: summaries.filter(isUnread).map(({ unreadable }) => unreadable),
    };
  }

  async list(user: string): Promise<ListedObject[]> {
    return Array.fromAsync(this.#objects.list(historyPrefix(user)));
  }

  /** In the order of the objects. */
  async read(objects: readonly ListedObject[]): Promise<Summary[]> {
    const read: Summary[] = [];
    for (let from = 0; from < objects.length; ) {
      const batch = this.#batch(objects, from);
      read.push(...(await Promise.all(batch.map((object) => this.#summary(object)))));
      from += batch.length;
    }
    return read;
  }

  /** As many as may be in memory at once, at least one. */
  #batch(objects: readonly ListedObject[], from: number): readonly ListedObject[] {
    let [length, bytes] = [0, 0];
    for (const { key, etag, size } of objects.slice(from, from + parallelReads)) {
      bytes += this.#known.get(key)?.etag === etag ? 0 : size;
      if (length > 0 && bytes > readAheadBytes) break;
      length++;
    }
    return objects.slice(from, from + length);
  }

  async #summary({ key, etag }: ListedObject): Promise<Summary> {
    const known = this.#known.get(key);
    const summary = known?.etag === etag ? known.summary : await this.#load(key);
    // In the trash, time alone makes a conversation vanish.
    const isOver =
      isConversation(summary) &&
      summary.purgeAt !== null &&
      summary.purgeAt <= this.#now().toISOString();
    return isOver ? null : summary;
  }

  async #load(key: string): Promise<Summary> {
    const object = await this.#objects.get(key);
    if (object === undefined) return null;
    const id = conversationOf(key);
    const what = { kind: "conversation", id } as const;
    const read = () => ({ live: ifLive(readDocument(object.body), this.#now()) });
    const found = readOr(read, what, this.#report);
    const summary = found === undefined ? { unreadable: id } : summaryOf(found.live);
    this.#known.delete(key);
    this.#known.set(key, { etag: object.etag, summary, cleared: found?.live?.cleared ?? 0 });
    const [oldest] = this.#known.keys();
    if (this.#known.size > capacity && oldest !== undefined) this.#known.delete(oldest);
    return summary;
  }
}

const summaryOf = (live: LiveDocument | undefined): Summary =>
  live === undefined ? null : toConversation(live);

export function isUnread(summary: Summary): summary is Unread {
  return summary !== null && "unreadable" in summary;
}

export function isConversation(summary: Summary): summary is Conversation {
  return summary !== null && !("unreadable" in summary);
}
