import type { DocumentType } from "./types.ts";

/** The text of one page; documents without pages are one. */
export type TextOfPage = string;

export interface DocumentText {
  readonly pages: readonly TextOfPage[];
  readonly isPaged: boolean;
}

/** The port to whatever reads documents. Throws `UnreadableDocument`. */
export type ReadText = (type: DocumentType, bytes: Uint8Array) => Promise<DocumentText>;

/** The bytes are not what their type says, are encrypted, or are more than we read. */
export class UnreadableDocument extends Error {
  override readonly name = "UnreadableDocument";
}

/** Characters that are read of one document: a few thousand pages. */
export const longestText = 5_000_000;

/** Reads text as UTF-8, and PDFs with PDF.js, which is loaded for the first one. */
export const readText: ReadText = async (type, bytes) => {
  if (type === "application/pdf") {
    const { readPdf } = await import("./pdf.ts");
    return readPdf(bytes);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // A NUL is valid UTF-8 and in no text: whoever sends one sends something else.
    if (text.includes("\0") || text.length > longestText) throw new UnreadableDocument();
    return { pages: [text], isPaged: false };
  } catch (error) {
    throw new UnreadableDocument(undefined, { cause: error });
  }
};
