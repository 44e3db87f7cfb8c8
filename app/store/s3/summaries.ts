import type { ListedObject, ObjectStore } from "../../objects/object-store.ts";
import type { Conversation } from "../conversation-store.ts";
import { ifLive, readDocument, toConversation } from "./document.ts";
import { historyPrefix } from "./history.ts";

const parallelReads = 16;
const capacity = 5_000;

/** What lists and syncs show of one object; null for a deleted conversation. */
type Summary = Conversation | null;

/**
 * Every conversation of a user. S3 lists names and ETags only, so each object that this process does
 * not know in that version is read: n/1,000 LISTs and, the first time, n GETs.
 */
export class Summaries {
  readonly #objects: ObjectStore;
  readonly #now: () => Date;
  readonly #known = new Map<string, { readonly etag: string; readonly summary: Summary }>();

  constructor(objects: ObjectStore, now: () => Date) {
    this.#objects = objects;
    this.#now = now;
  }

  async of(user: string): Promise<Conversation[]> {
    const summaries = await this.read(await this.list(user));
    return summaries.filter((summary) => summary !== null);
  }

  async list(user: string): Promise<ListedObject[]> {
    return Array.fromAsync(this.#objects.list(historyPrefix(user)));
  }

  /** In the order of the objects. */
  async read(objects: readonly ListedObject[]): Promise<Summary[]> {
    const read: Summary[] = [];
    for (let from = 0; from < objects.length; from += parallelReads) {
      const batch = objects.slice(from, from + parallelReads);
      read.push(...(await Promise.all(batch.map((object) => this.#summary(object)))));
    }
    return read;
  }

  async #summary({ key, etag }: ListedObject): Promise<Summary> {
    const known = this.#known.get(key);
    const summary = known?.etag === etag ? known.summary : await this.#load(key);
    // In the trash, time alone makes a conversation vanish.
    return summary?.purgeAt != null && summary.purgeAt <= this.#now().toISOString()
      ? null
      : summary;
  }

  async #load(key: string): Promise<Summary> {
    const object = await this.#objects.get(key);
    if (object === undefined) return null;
    const live = ifLive(readDocument(object.body), this.#now());
    const summary = live === undefined ? null : toConversation(live);
    this.#known.delete(key);
    this.#known.set(key, { etag: object.etag, summary });
    const [oldest] = this.#known.keys();
    if (this.#known.size > capacity && oldest !== undefined) this.#known.delete(oldest);
    return summary;
  }
}
