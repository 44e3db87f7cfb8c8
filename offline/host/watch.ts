/** Starts the watchdog over the main thread. */
import { extname } from "node:path";
import { isMainThread, Worker } from "node:worker_threads";
import type { HostMessage } from "./messages.ts";
import type { WatchdogData } from "./watchdog.ts";

export interface Watch {
  /** Counts as a turn of the event loop: work that never lets it turn may still get on. */
  progress(): void;
  end(): void;
}

/**
 * @param seconds of standing still after which it speaks.
 * @param isHosted see `WatchdogData`.
 */
export function watch(seconds: number, isHosted: boolean, onStuck: (stack: string) => void): Watch {
  // The inspector reaches the main thread alone.
  if (!isMainThread) return { progress() {}, end() {} };
  const beat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const progress = () => {
    Atomics.add(beat, 0, 1);
  };
  const pulse = setInterval(progress, 200).unref();
  const data: WatchdogData = { beat, seconds, isHosted };
  // Sources end in .ts, what is built of them in .js.
  const file = `./watchdog${extname(import.meta.filename)}`;
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: data,
    // Not those of `node --input-type=module -e`.
    execArgv: [],
  });
  worker.on("message", (message: HostMessage) => {
    if (message.kind === "stuck") onStuck(message.stack);
  });
  worker.unref();
  return {
    progress,
    end() {
      clearInterval(pulse);
      void worker.terminate();
    },
  };
}
