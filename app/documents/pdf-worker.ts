import { Worker } from "node:worker_threads";
import { getDocumentProxy, getResolvedPDFJS } from "unpdf";
import { longestText } from "./document-text.ts";

/**
 * The process that reads one PDF: sends `ready` when all is loaded, takes the file, and sends the text of
 * its pages. What ends the process in between is wrong with the file.
 */
const mostPages = 3_000;
const watchedEveryMs = 5;

/**
 * Ends the process when all that it holds is too much: buffers are outside of V8's heap, and Lambda lets
 * no process limit another. A thread of its own looks, since a stream is unpacked in one go.
 */
const watch = `
  const { workerData } = require("node:worker_threads");
  setInterval(() => {
    if (process.memoryUsage.rss() > workerData) process.kill(process.pid, "SIGKILL");
  }, ${watchedEveryMs});
`;

await getResolvedPDFJS();
const [, , megabytes] = process.argv;
const watcher = new Worker(watch, {
  eval: true,
  workerData: Number(megabytes) * 1024 * 1024,
  execArgv: [],
});
watcher.once("online", () => process.send?.("ready"));

process.once("message", async (bytes: Uint8Array) => {
  const pages = await pagesOf(bytes);
  process.send?.(pages);
});

async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  // PDF.js takes the buffer away from whoever gives it one.
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  if (pdf.numPages > mostPages) throw new RangeError("too many pages");
  const pages: string[] = [];
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const text = items
      .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
      .join("");
    length += text.length;
    if (length > longestText) throw new RangeError("too much text");
    pages.push(text);
    page.cleanup();
  }
  return pages;
}
