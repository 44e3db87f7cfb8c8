import { parentPort, workerData } from "node:worker_threads";
import { getDocumentProxy, getResolvedPDFJS } from "unpdf";

/**
 * The thread that reads one PDF: posts `reading` when all is loaded, then the text of its pages. What
 * ends the thread with an error after `reading` is wrong with the file.
 */
const mostPages = 3_000;

await getResolvedPDFJS();
parentPort?.postMessage("reading");

// PDF.js takes the buffer away from whoever gives it one.
const pdf = await getDocumentProxy(new Uint8Array(workerData), { verbosity: 0 });
if (pdf.numPages > mostPages) throw new RangeError("too many pages");
const pages: string[] = [];
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  pages.push(
    items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : "")).join(""),
  );
  page.cleanup();
}
parentPort?.postMessage(pages);
