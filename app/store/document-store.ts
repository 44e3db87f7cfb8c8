import type { Document, Reading } from "../documents/types.ts";
import type { Page, PageRequest } from "./conversation-store.ts";

/** What is known of one tenant's documents; their bytes lie elsewhere. Fails with `StoreError`. */
export interface DocumentStore {
  /** A pending one is forgotten after `expiresAt`, unless it is finished. */
  add(user: string, document: Document, expiresAt: Date): Promise<void>;

  get(user: string, id: string): Promise<Document>;

  /** The newest first. */
  list(user: string, page: PageRequest): Promise<Page<Document>>;

  /**
   * Notes that a pending document is about to be read, before it is. `given-up` when so many readings
   * ended with their process that one more would, `busy` while the last one may be under way.
   */
  begin(user: string, id: string): Promise<"begun" | "given-up">;

  /** Takes that back: the reading ended, and said nothing of the document. */
  release(user: string, id: string): Promise<void>;

  /** Ends `pending`. `not-found` when the document was deleted, or forgotten, meanwhile. */
  finish(user: string, id: string, reading: Reading): Promise<Document>;

  /** Hides a document from every reader; `remove` ends what this begins, and may be repeated. */
  hide(user: string, id: string): Promise<void>;

  remove(user: string, id: string): Promise<void>;
}
