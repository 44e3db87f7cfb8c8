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
  const { worker, beat, limit } = watchdog(isHosted);
  const progress = () => {
    Atomics.add(beat, 0, 1);
  };
  const pulse = setInterval(progress, 200).unref();
  const listener = (message: HostMessage) => {
    // It speaks once.
    kept = undefined;
    if (message.kind === "stuck") onStuck(message.stack);
  };
  worker.on("message", listener);
  worker.unref();
  progress();
  Atomics.store(limit, 0, seconds);
  return {
    progress,
    end() {
      clearInterval(pulse);
      Atomics.store(limit, 0, 0);
      worker.off("message", listener);
      if (kept?.worker !== worker) void worker.terminate();
    },
  };
}

interface Watchdog extends Pick<WatchdogData, "beat" | "limit"> {
  readonly worker: Worker;
}

/** A thread takes as long to start as a tenant to be evaluated: it waits for the next watch. */
let kept: Watchdog | undefined;

function watchdog(isHosted: boolean): Watchdog {
  kept ??= start(isHosted);
  return kept;
}

function start(isHosted: boolean): Watchdog {
  const number = () => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const data: WatchdogData = { beat: number(), limit: number(), isHosted };
  // Sources end in .ts, what is built of them in .js.
  const file = `./watchdog${extname(import.meta.filename)}`;
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: data,
    // Not those of `node --input-type=module -e`.
    execArgv: [],
  });
  worker.once("exit", () => {
    if (kept?.worker === worker) kept = undefined;
  });
  return { worker, ...data };
}
