import { isMainThread } from "node:worker_threads";

/**
 * What a request may take of the function's memory. Lambda says how much there is in
 * `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`; elsewhere the smallest tier's is taken.
 */
const megabyte = 1024 * 1024;
const functionMegabytes = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 512);

/**
 * Bytes of JSON after which a page ends, however few items it has. An answer stands in memory several
 * times over while it is made and sent, and Lambda takes no more than 6 MB in one piece.
 */
export const pageBytes = Math.min(5, Math.max(2, functionMegabytes / 128)) * megabyte;

/** Bytes of objects that are read at once. Parsed, they take several times that. */
export const readAheadBytes = (functionMegabytes / 32) * megabyte;

/** What two processes hold more by the time that one of them is looked at. */
const spareMegabytes = 48;

/**
 * All the memory that the process may have which reads a PDF: half the function's, or what is left of it. A worker
 * thread, as `chatstack start` has for each function, cannot tell what is its own.
 */
export function pdfMegabytes(): number {
  const taken = isMainThread ? process.memoryUsage.rss() / megabyte : 0;
  const left = functionMegabytes - taken - spareMegabytes;
  return Math.max(160, Math.min(512, functionMegabytes / 2, left));
}
