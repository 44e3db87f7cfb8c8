import { on } from "node:events";
import { Worker } from "node:worker_threads";
import * as z from "zod";
import { type DocumentText, longestText, UnreadableDocument } from "./document-text.ts";

/** Set by the bundle, where the thread's code has another name. */
declare const PDF_WORKER: string | undefined;
const workerFile = typeof PDF_WORKER === "string" ? PDF_WORKER : "./pdf-worker.ts";

const longestMs = 20_000;
const mostMegabytes = 512;

/**
 * Text of a PDF, page by page, in the order in which the file has it. It is read in a thread of its
 * own: PDF.js answers some damaged files with rejections that nobody can catch, which would end the
 * whole process, and a hostile one may take all the time and memory there is.
 */
export async function readPdf(bytes: Uint8Array): Promise<DocumentText> {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, 5).equals(Buffer.from("%PDF-"))) {
    throw new UnreadableDocument();
  }
  const worker = new Worker(new URL(workerFile, import.meta.url), {
    workerData: bytes,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    stdout: true,
    stderr: true,
  });
  // Waits for what it posts from now on, and fails when the thread does.
  const messages = on(worker, "message", { close: ["exit"] });
  const timer = setTimeout(() => void worker.terminate(), longestMs);
  try {
    // A thread that does not start says nothing of the file.
    await messages.next();
    try {
      const { value } = await messages.next();
      return textOf(pagesSchema.parse(value));
    } catch (error) {
      throw new UnreadableDocument(undefined, { cause: error });
    }
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

const pagesSchema = z.tuple([z.array(z.string())]).transform(([pages]) => pages);

function textOf(pages: readonly string[]): DocumentText {
  const length = pages.reduce((sum, page) => sum + page.length, 0);
  if (length > longestText) throw new UnreadableDocument();
  return { pages, isPaged: true };
}
