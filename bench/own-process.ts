/** Runs a measurement in a process of its own, so that neither memory nor what was compiled is shared. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

export interface Ran<T> {
  /** What the process wrote to descriptor 3, as JSON. */
  readonly result: T;
  readonly seconds: number;
  /** Sum of the peaks (proc(5), `VmHWM`) of the process and of all that it started; 0 where the system does not tell. */
  readonly megabytes: number;
}

/** @throws Error with the end of what the process wrote to stderr. */
export async function runInOwnProcess<T>(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran<T>> {
  const start = performance.now();
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const peaks = watchPeaks(child);
  const [written, errors, code] = await Promise.all([
    text(readableAt(child, 3)),
    text(readableAt(child, 2)),
    new Promise<number | null>((done) => child.once("close", done)),
  ]);
  const megabytes = peaks.stop();
  if (code !== 0 || written === "") throw new Error(`${file} failed: ${errors.slice(-2_000)}`);
  return {
    result: JSON.parse(written),
    seconds: (performance.now() - start) / 1000,
    megabytes,
  };
}

function readableAt(child: ChildProcess, descriptor: 2 | 3): Readable {
  const stream = child.stdio[descriptor];
  if (!stream || !("read" in stream)) throw new Error(`descriptor ${descriptor} is no pipe`);
  return stream;
}

function watchPeaks(child: ChildProcess): { stop(): number } {
  const peaks = new Map<number, number>();
  const look = () => {
    for (const pid of family(child.pid ?? 0)) {
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakMegabytes(pid)));
    }
  };
  const timer = setInterval(look, 50);
  return {
    stop() {
      clearInterval(timer);
      return [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
    },
  };
}

/** A process and its descendants. */
function family(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  const children = attempt(() =>
    readdirSync(tasks)
      .flatMap((task) => readFileSync(`${tasks}/${task}/children`, "utf8").split(" "))
      .filter(Boolean)
      .map(Number),
  );
  return [pid, ...(children ?? []).flatMap(family)];
}

function peakMegabytes(pid: number): number {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** A process may end between being listed and being read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
