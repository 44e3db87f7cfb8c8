import type { ListedObject, ObjectStore } from "../../objects/object-store.ts";
import type { Conversation } from "../conversation-store.ts";
import { readDocument, toConversation } from "./document.ts";
import { historyPrefix } from "./history.ts";

const parallelReads = 16;
const capacity = 5_000;

/** What a list shows of one object; null for a deleted conversation. */
type Summary = Conversation | null;

/**
 * Every conversation of a user. S3 lists names and ETags only, so each object that this process does
 * not know in that version is read: n/1,000 LISTs and, the first time, n GETs.
 */
export class Summaries {
  readonly #objects: ObjectStore;
  readonly #known = new Map<string, { readonly etag: string; readonly summary: Summary }>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async of(user: string): Promise<Conversation[]> {
    const listed: ListedObject[] = [];
    for await (const object of this.#objects.list(historyPrefix(user))) listed.push(object);
    const found: Conversation[] = [];
    for (let from = 0; from < listed.length; from += parallelReads) {
      const batch = listed.slice(from, from + parallelReads);
      const summaries = await Promise.all(batch.map((object) => this.#summary(object)));
      found.push(...summaries.filter((summary) => summary !== null));
    }
    return found;
  }

  async #summary({ key, etag }: ListedObject): Promise<Summary> {
    const known = this.#known.get(key);
    if (known?.etag === etag) return known.summary;
    const object = await this.#objects.get(key);
    if (object === undefined) return null;
    const document = readDocument(object.body);
    const summary = document.state === "active" ? toConversation(document) : null;
    this.#known.delete(key);
    this.#known.set(key, { etag: object.etag, summary });
    const [oldest] = this.#known.keys();
    if (this.#known.size > capacity && oldest !== undefined) this.#known.delete(oldest);
    return summary;
  }
}
