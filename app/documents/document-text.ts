/** What is read of a document, and how reading it fails. */
import type { DocumentType } from "./types.ts";

/** The port to whatever reads documents. Throws `UnreadableDocument`. */
export type ReadText = (type: DocumentType, bytes: Uint8Array) => Promise<DocumentText>;

/** The text of one page; documents without pages are one. */
export type TextOfPage = string;

export interface DocumentText {
  readonly pages: readonly TextOfPage[];
  readonly isPaged: boolean;
}

/** The bytes are not what their type says, are encrypted, or are more than we read. */
export class UnreadableDocument extends Error {
  override readonly name = "UnreadableDocument";
}

/** Characters that are read of one document: a few thousand pages. */
export const longestText = 5_000_000;
