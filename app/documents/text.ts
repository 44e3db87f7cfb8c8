import { isImage } from "../parts/media.ts";
import { imageTypes } from "../parts/parts.ts";
import { longestText, type ReadText, UnreadableDocument } from "./document-text.ts";

/** Reads text as UTF-8, and PDFs with PDF.js, which is loaded for the first one. An image has no text. */
export const readText: ReadText = async (type, bytes) => {
  if (type === "application/pdf") {
    const { readPdf } = await import("./pdf.ts");
    return readPdf(bytes);
  }
  const image = imageTypes.find((one) => one === type);
  if (image !== undefined) {
    if (!isImage(image, bytes)) throw new UnreadableDocument();
    return { pages: [], isPaged: false };
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
