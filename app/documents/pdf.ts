import { getDocumentProxy } from "unpdf";
import { type DocumentText, longestText, UnreadableDocument } from "./text.ts";

const mostPages = 3_000;
/** Of one document; a hostile one must not keep a function busy until it is killed. */
const longestMs = 20_000;

/** Text of a PDF, page by page, in the order in which the file has it. */
export async function readPdf(bytes: Uint8Array): Promise<DocumentText> {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, 5).equals(Buffer.from("%PDF-"))) {
    throw new UnreadableDocument();
  }
  const deadline = Date.now() + longestMs;
  try {
    // PDF.js takes the buffer away from whoever gives it one.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      if (pdf.numPages > mostPages) throw new UnreadableDocument();
      const pages: string[] = [];
      let length = 0;
      for (let number = 1; number <= pdf.numPages; number++) {
        const text = await textOf(await pdf.getPage(number));
        length += text.length;
        if (length > longestText || Date.now() > deadline) throw new UnreadableDocument();
        pages.push(text);
      }
      return { pages, isPaged: true };
    } finally {
      await pdf.loadingTask.destroy();
    }
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error;
    // PDF.js throws many kinds of errors, and all say the same of the file.
    throw new UnreadableDocument(undefined, { cause: error });
  }
}

type PdfPage = Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>["getPage"]>>;

async function textOf(page: PdfPage): Promise<string> {
  const { items } = await page.getTextContent();
  const text = items
    .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
    .join("");
  page.cleanup();
  return text;
}
