import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { pdfMegabytes } from "../resources/memory.ts";
import { type DocumentText, longestText, UnreadableDocument } from "./document-text.ts";

/** Set by the bundle, where the process's code has another name. */
declare const PDF_WORKER: string | undefined;
const workerFile = typeof PDF_WORKER === "string" ? PDF_WORKER : "./pdf-worker.ts";

const longestMs = 20_000;

/** What Node itself needs on some systems. Nothing else of the environment, credentials least of all. */
const inherited = ["LD_LIBRARY_PATH", "SystemRoot"];

/**
 * Text of a PDF, page by page, in the order in which the file has it. It is read in a process of its
 * own: PDF.js answers some damaged files with rejections that nobody can catch, and a kilobyte may
 * unpack to more memory than there is. A thread's limits are no limits: they do not count buffers.
 */
export async function readPdf(
  bytes: Uint8Array,
  megabytes = pdfMegabytes(),
): Promise<DocumentText> {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, 5).equals(Buffer.from("%PDF-"))) {
    throw new UnreadableDocument();
  }
  const reader = fork(fileURLToPath(new URL(workerFile, import.meta.url)), [String(megabytes)], {
    execArgv: [`--max-old-space-size=${Math.round(megabytes / 2)}`],
    env: Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const ended = once(reader, "exit");
  const timer = setTimeout(() => reader.kill("SIGKILL"), longestMs);
  const next = async () => {
    const message = once(reader, "message");
    // Of the two that lose, neither may be an unhandled rejection.
    message.catch(() => {});
    const [first] = await Promise.race([message, ended.then(() => [undefined])]);
    return first;
  };
  ended.catch(() => {});
  try {
    // A process that does not start says nothing of the file.
    if ((await next()) !== "ready") throw new Error("the process that reads PDFs did not start");
    reader.send(bytes);
    const pages = z.array(z.string()).safeParse(await next());
    if (!pages.success) throw new UnreadableDocument();
    return textOf(pages.data);
  } finally {
    clearTimeout(timer);
    reader.kill("SIGKILL");
  }
}

function textOf(pages: readonly string[]): DocumentText {
  const length = pages.reduce((sum, page) => sum + page.length, 0);
  if (length > longestText) throw new UnreadableDocument();
  return { pages, isPaged: true };
}
