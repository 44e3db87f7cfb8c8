/** Types of documents that may be uploaded: those whose text can be read. */
export const documentTypes = [
  "application/pdf",
  "text/plain",
  "text/markdown",
  "text/csv",
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** Largest document, in bytes. */
export const documentBytes = 10 * 1024 * 1024;

/**
 * - `pending`: an upload was granted and not yet completed; gone after a day.
 * - `ready`: uploaded and read; may have no text, e.g. a scan.
 * - `failed`: uploaded, but not what its type says, or not readable; only good for deletion.
 */
export const documentStatuses = ["pending", "ready", "failed"] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

export interface Document {
  readonly id: string;
  readonly name: string;
  readonly type: DocumentType;
  /** Bytes. */
  readonly size: number;
  readonly status: DocumentStatus;
  readonly createdAt: string;
  /** Of a PDF; null while nobody has counted, and for text. */
  readonly pages: number | null;
  /** Pieces of text that retrieval can find; null until it was read. */
  readonly passages: number | null;
}

export interface DocumentDraft {
  readonly name: string;
  readonly type: DocumentType;
  readonly size: number;
  /** Of its bytes, in base64: nothing else can then be uploaded. */
  readonly sha256?: string | undefined;
}

/** What reading a document found. */
export type Reading =
  | { readonly status: "ready"; readonly pages: number | null; readonly passages: number }
  | { readonly status: "failed" };
