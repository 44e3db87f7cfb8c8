/** Starts the watchdog over this thread. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { HostMessage } from "./messages.ts";
import type { WatchdogData } from "./watchdog.ts";

/**
 * @param seconds of standing still after which it speaks.
 * @returns ends it.
 */
export function watch(
  seconds: number,
  isHosted: boolean,
  onStuck: (stack: string) => void = () => {},
): () => void {
  const beat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const pulse = setInterval(() => Atomics.add(beat, 0, 1), 200).unref();
  const data: WatchdogData = { beat, seconds, isHosted };
  // Sources end in .ts, what is built of them in .js.
  const file = `./watchdog${extname(import.meta.filename)}`;
  const worker = new Worker(new URL(file, import.meta.url), { workerData: data });
  worker.on("message", (message: HostMessage) => {
    if (message.kind === "stuck") onStuck(message.stack);
  });
  worker.unref();
  return () => {
    clearInterval(pulse);
    void worker.terminate();
  };
}
