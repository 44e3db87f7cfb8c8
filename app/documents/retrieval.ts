import * as z from "zod";
import type { ObjectStore } from "../objects/object-store.ts";
import type { DocumentStore } from "../store/document-store.ts";
import type { Citation } from "../store/message.ts";
import { StoreError } from "../store/store-error.ts";
import { passageKey } from "./keys.ts";
import type { Passage } from "./passages.ts";
import { rank } from "./ranking.ts";

/** The port that finds what a model should read before it answers. */
export interface Passages {
  /**
   * Passages of these documents of the user that share words with the query, the best first, as
   * citations: name of the document, page, and quote. Their quotes have at most `budget` characters
   * in all. A document that is gone, or was never read, has none.
   */
  find(
    user: string,
    documentIds: readonly string[],
    query: string,
    budget: number,
  ): Promise<readonly Citation[]>;
}

const passageFile = z.object({
  passages: z.array(z.object({ page: z.number().optional(), text: z.string() })),
});

/** Documents whose passages are kept in memory: they never change, and a chat asks again and again. */
const capacity = 20;

/** Ranks all passages of all named documents anew for every query: no index to build or to pay for. */
export class BucketPassages implements Passages {
  readonly #documents: DocumentStore;
  readonly #objects: ObjectStore;
  readonly #read = new Map<string, readonly Passage[]>();

  constructor(documents: DocumentStore, objects: ObjectStore) {
    this.#documents = documents;
    this.#objects = objects;
  }

  async find(
    user: string,
    documentIds: readonly string[],
    query: string,
    budget: number,
  ): Promise<readonly Citation[]> {
    const ids = [...new Set(documentIds)];
    const all = (await Promise.all(ids.map((id) => this.#passagesOf(user, id)))).flat();
    const chosen: Citation[] = [];
    let room = budget;
    for (const index of rank(
      all.map(({ quote }) => quote),
      query,
    )) {
      const passage = all[index];
      if (passage === undefined || passage.quote.length > room) continue;
      room -= passage.quote.length;
      chosen.push(passage);
    }
    return chosen;
  }

  async #passagesOf(user: string, id: string) {
    const document = await this.#documents.get(user, id).catch((error: unknown) => {
      if (error instanceof StoreError && error.kind === "not-found") return undefined;
      throw error;
    });
    if (document?.status !== "ready") return [];
    const passages = await this.#load(passageKey(user, id));
    return passages.map(({ page, text }) => ({
      source: document.name,
      ...(page === undefined ? {} : { page }),
      quote: text,
    }));
  }

  async #load(key: string): Promise<readonly Passage[]> {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const object = await this.#objects.get(key);
    // Deleted since we looked.
    if (object === undefined) return [];
    const { passages } = passageFile.parse(JSON.parse(Buffer.from(object.body).toString()));
    this.#read.set(key, passages);
    const [oldest] = this.#read.keys();
    if (this.#read.size > capacity && oldest !== undefined) this.#read.delete(oldest);
    return passages;
  }
}
