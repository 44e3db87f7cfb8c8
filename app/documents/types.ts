import { imageTypes } from "../parts/parts.ts";

/** Types of documents that may be uploaded: those whose text can be read, and images. */
export const documentTypes = [
  "application/pdf",
  "text/plain",
  "text/markdown",
  "text/csv",
  ...imageTypes,
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** Largest document, in bytes. */
export const documentBytes = 10 * 1024 * 1024;

/**
 * - `pending`: the client may upload the file, and has not completed the upload; deleted after a day.
 * - `ready`: uploaded and read. It may have no text, e.g. a scan.
 * - `failed`: uploaded, but not of the type that was named, or not readable. It can only be deleted.
 */
export const documentStatuses = ["pending", "ready", "failed"] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

export interface Document {
  readonly id: string;
  readonly name: string;
  readonly type: DocumentType;
  /** In bytes. */
  readonly size: number;
  readonly status: DocumentStatus;
  readonly createdAt: string;
  /** Number of pages of a PDF; null until they were counted, and for other types. */
  readonly pages: number | null;
  /** Number of pieces of text that retrieval can find; null until the document was read. */
  readonly passages: number | null;
}

export interface DocumentDraft {
  readonly name: string;
  readonly type: DocumentType;
  readonly size: number;
  /** SHA-256 of the file's bytes, in base64. If it is given, no other bytes can be uploaded. */
  readonly sha256?: string | undefined;
}

/** What reading a document found. */
export type Reading =
  | { readonly status: "ready"; readonly pages: number | null; readonly passages: number }
  | { readonly status: "failed" };
