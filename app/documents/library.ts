import { newIdentifier } from "../http/identifiers.ts";
import { ConditionLost, type ObjectStore, type UploadForm } from "../objects/object-store.ts";
import type { Page, PageRequest } from "../store/conversation-store.ts";
import type { DocumentStore } from "../store/document-store.ts";
import { StoreError } from "../store/store-error.ts";
import { type ReadText, UnreadableDocument } from "./document-text.ts";
import { documentKey, documentKeys, passageKey, uploadKey, userFolders } from "./keys.ts";
import { passagesOf } from "./passages.ts";
import type { Document, DocumentDraft, Reading } from "./types.ts";

/** Time to begin an upload. */
const grantSeconds = 15 * 60;
/** Time to complete one; the bucket's life cycle drops uploads after as long. */
const pendingSeconds = 24 * 60 * 60;
const downloadSeconds = 5 * 60;
/** S3 deletes as many objects with one request. */
const deletedAtOnce = 1_000;

export interface LibraryParts {
  readonly documents: DocumentStore;
  readonly objects: ObjectStore;
  readonly readText: ReadText;
  readonly now: () => Date;
  /** Whether the bucket locks objects: S3 then refuses every upload without a checksum. */
  readonly locksObjects?: boolean;
}

/** The bucket locks objects, and the upload has no checksum. */
export class ChecksumRequired extends Error {
  override readonly name = "ChecksumRequired";
}

/** A tenant's documents: what is known of them in the table, their bytes in the bucket. */
export class Library {
  readonly #parts: LibraryParts;

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  /**
   * Notes the document and grants the upload of exactly these many bytes of this type.
   *
   * @throws ChecksumRequired before anything is noted.
   */
  async add(
    user: string,
    { sha256, ...draft }: DocumentDraft,
  ): Promise<{ readonly document: Document; readonly upload: UploadForm }> {
    const { documents, objects, now, locksObjects = false } = this.#parts;
    if (locksObjects && sha256 === undefined) throw new ChecksumRequired();
    const created = now();
    const document: Document = {
      ...draft,
      id: newDocumentId(created),
      status: "pending",
      createdAt: created.toISOString(),
      pages: null,
      passages: null,
    };
    const upload = await objects.uploadForm(uploadKey(user, document.id), {
      seconds: grantSeconds,
      contentType: draft.type,
      size: draft.size,
      sha256,
    });
    const expiresAt = new Date(created.getTime() + pendingSeconds * 1000);
    await documents.add(user, document, expiresAt);
    return { document, upload };
  }

  /**
   * Takes over what was uploaded, reads it, and says so. Undefined while nothing was uploaded. Each
   * step may be the last before a crash: completing again does it all again, until the table says
   * that it was done.
   */
  async complete(user: string, id: string): Promise<Document | undefined> {
    const { documents, objects } = this.#parts;
    const document = await documents.get(user, id);
    if (document.status !== "pending") return document;
    const upload = await objects.head(uploadKey(user, id));
    if (upload === undefined) return undefined;
    const isBegun = (await documents.begin(user, id)) === "begun";
    const reading = isBegun
      ? await this.#takeOver(user, document, upload.etag)
      : ({ status: "failed" } as const);
    try {
      const finished = await documents.finish(user, id, reading);
      await objects.delete([uploadKey(user, id)]);
      return finished;
    } catch (error) {
      const isGone = error instanceof StoreError && error.kind === "not-found";
      if (!isGone) throw error;
      // Completed by another request, or deleted: then what we put there must go again.
      const current = await documents.get(user, id).catch((missing: unknown) => {
        if (missing instanceof StoreError && missing.kind === "not-found") return undefined;
        throw missing;
      });
      if (current !== undefined) return current;
      await this.#deleteObjects(user, id);
      throw error;
    }
  }

  get(user: string, id: string): Promise<Document> {
    return this.#parts.documents.get(user, id);
  }

  /** Its bytes; undefined where there is no document that is ready. */
  async read(user: string, id: string): Promise<Uint8Array | undefined> {
    const { documents, objects } = this.#parts;
    const document = await documents.get(user, id).catch((error: unknown) => {
      if (error instanceof StoreError && error.kind === "not-found") return undefined;
      throw error;
    });
    if (document?.status !== "ready") return undefined;
    return (await objects.get(documentKey(user, id)))?.body;
  }

  list(user: string, page: PageRequest): Promise<Page<Document>> {
    return this.#parts.documents.list(user, page);
  }

  /** A URL for the owner, good for five minutes; undefined while there is nothing to download. */
  async downloadUrl(user: string, document: Document): Promise<string | undefined> {
    if (document.status === "pending") return undefined;
    return this.#parts.objects.downloadUrl(documentKey(user, document.id), {
      seconds: downloadSeconds,
      contentType: document.type,
      fileName: document.name,
    });
  }

  /** Missing for every reader at once; a deletion that died half way is ended by the next one. */
  async delete(user: string, id: string): Promise<void> {
    const { documents } = this.#parts;
    await documents.hide(user, id);
    await this.#deleteObjects(user, id);
    await documents.remove(user, id);
  }

  /** Everything of a user, hidden and half uploaded documents too; the table's part is not ours. */
  async erase(user: string): Promise<void> {
    const { objects } = this.#parts;
    for (const prefix of userFolders(user)) {
      const keys = (await Array.fromAsync(objects.list(prefix))).map(({ key }) => key);
      for (let from = 0; from < keys.length; from += deletedAtOnce) {
        await objects.delete(keys.slice(from, from + deletedAtOnce));
      }
    }
  }

  async #takeOver(user: string, document: Document, etag: string): Promise<Reading> {
    const { id } = document;
    const { documents, objects } = this.#parts;
    try {
      await objects.copy(uploadKey(user, id), documentKey(user, id), etag);
      return await this.#read(user, document);
    } catch (error) {
      await documents.release(user, id).catch(() => {});
      // Uploaded once more, just now.
      throw error instanceof ConditionLost ? new StoreError("busy", { cause: error }) : error;
    }
  }

  async #read(user: string, { id, type }: Document): Promise<Reading> {
    const { objects, readText } = this.#parts;
    const object = await objects.get(documentKey(user, id));
    if (object === undefined) throw new StoreError("not-found");
    try {
      const text = await readText(type, object.body);
      const passages = passagesOf(text);
      await objects.put(passageKey(user, id), JSON.stringify({ passages }), {
        contentType: "application/json",
        when: "always",
      });
      const pages = text.isPaged ? text.pages.length : null;
      return { status: "ready", pages, passages: passages.length };
    } catch (error) {
      if (error instanceof UnreadableDocument) return { status: "failed" };
      throw error;
    }
  }

  async #deleteObjects(user: string, id: string): Promise<void> {
    await this.#parts.objects.delete(documentKeys(user, id));
  }
}

/** Begins with the time, so that documents sort by creation. */
function newDocumentId(created: Date): string {
  return `${created.getTime().toString(36).padStart(9, "0")}-${newIdentifier()}`;
}
