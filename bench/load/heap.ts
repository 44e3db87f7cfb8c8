/**
 * Loaded into every thread of the process under load (`node --import`): collects its garbage every so often, and writes
 * what is left then to a file, a line each. `HEAP_FILE` names the file, `HEAP_EVERY_MS` the time between two.
 */
import { appendFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { threadId } from "node:worker_threads";

const { HEAP_FILE = "", HEAP_EVERY_MS = "10000" } = process.env;
setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** What is reachable in one thread after a collection. */
export interface Heap {
  readonly thread: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** V8's heap and what it holds outside, in MB. */
  readonly megabytes: number;
}

if (HEAP_FILE !== "") {
  setInterval(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const heap: Heap = {
      thread: threadId,
      at: Date.now(),
      megabytes: (heapUsed + external) / 1024 ** 2,
    };
    appendFileSync(HEAP_FILE, `${JSON.stringify(heap)}\n`);
  }, Number(HEAP_EVERY_MS)).unref();
}
