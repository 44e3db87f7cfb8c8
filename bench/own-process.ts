/** Runs a measurement in a process of its own, so that neither memory nor what was compiled is shared. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { watchPeaks } from "../testing/processes/peaks.ts";

export interface Ran<T> {
  /** What the process wrote to descriptor 3, as JSON. */
  readonly result: T;
  readonly seconds: number;
  /** Processor time of the same processes, in seconds: it depends less on what else the machine does. */
  readonly processorSeconds: number;
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
  const peaks = watchPeaks(child.pid ?? 0);
  const [written, errors, code] = await Promise.all([
    text(readableAt(child, 3)),
    text(readableAt(child, 2)),
    new Promise<number | null>((done) => child.once("close", done)),
  ]);
  const used = peaks.stop();
  const sum = (figure: "megabytes" | "processorSeconds") =>
    used.reduce((total, one) => total + one[figure], 0);
  if (code !== 0 || written === "") throw new Error(`${file} failed: ${errors.slice(-2_000)}`);
  return {
    result: JSON.parse(written),
    seconds: (performance.now() - start) / 1000,
    processorSeconds: sum("processorSeconds"),
    megabytes: sum("megabytes"),
  };
}

function readableAt(child: ChildProcess, descriptor: 2 | 3): Readable {
  const stream = child.stdio[descriptor];
  if (!stream || !("read" in stream)) throw new Error(`descriptor ${descriptor} is no pipe`);
  return stream;
}
