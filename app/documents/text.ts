import { longestText, type ReadText, UnreadableDocument } from "./document-text.ts";

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
