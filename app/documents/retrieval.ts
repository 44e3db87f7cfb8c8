import * as z from "zod";
import type { ObjectStore } from "../objects/object-store.ts";
import { readAheadBytes } from "../resources/memory.ts";
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

/** What is ranked for one question. */
const rankedBytes = 2 * readAheadBytes;

interface Loaded {
  readonly passages: readonly Passage[];
  readonly bytes: number;
}

type Quoted = Citation & { readonly quote: string };

/** Ranks all passages of all named documents anew for every query: no index to build or to pay for. */
export class BucketPassages implements Passages {
  readonly #documents: DocumentStore;
  readonly #objects: ObjectStore;
  /** Kept in memory: passages never change, and a chat asks again and again. */
  readonly #read = new Map<string, Loaded>();
  #bytes = 0;

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
    const all = await this.#passagesOf(user, [...new Set(documentIds)]);
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

  /** Of as many documents as there is memory for, those that came last first. */
  async #passagesOf(user: string, ids: readonly string[]): Promise<Quoted[]> {
    const found: Quoted[][] = [];
    let bytes = 0;
    for (const id of ids.toReversed()) {
      const read = await this.#quotesOf(user, id);
      bytes += read.bytes;
      if (found.length > 0 && bytes > rankedBytes) break;
      found.push(read.quotes);
    }
    return found.reverse().flat();
  }

  async #quotesOf(user: string, id: string): Promise<{ quotes: Quoted[]; bytes: number }> {
    const document = await this.#documents.get(user, id).catch((error: unknown) => {
      if (error instanceof StoreError && error.kind === "not-found") return undefined;
      throw error;
    });
    if (document?.status !== "ready") return { quotes: [], bytes: 0 };
    const { passages, bytes } = await this.#load(passageKey(user, id));
    const quotes = passages.map(({ page, text }) => ({
      source: document.name,
      ...(page === undefined ? {} : { page }),
      quote: text,
    }));
    return { quotes, bytes };
  }

  async #load(key: string): Promise<Loaded> {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const object = await this.#objects.get(key);
    // Deleted since we looked.
    if (object === undefined) return { passages: [], bytes: 0 };
    const { passages } = passageFile.parse(JSON.parse(Buffer.from(object.body).toString()));
    const loaded = { passages, bytes: object.size };
    this.#read.set(key, loaded);
    this.#bytes += loaded.bytes;
    for (const [oldest, { bytes }] of this.#read) {
      if (this.#bytes <= readAheadBytes) break;
      this.#read.delete(oldest);
      this.#bytes -= bytes;
    }
    return loaded;
  }
}
