import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Course } from "../../testing/load/soak.ts";
import { quantile, rounded } from "./figures.ts";
import type { Heap } from "./heap.ts";

const everyMs = 500;

/** Samples the resident memory of a process: gateway and functions are threads of it. */
export function watchMemory(pid: number): { stop(): Course } {
  const samples: { minute: number; megabytes: number }[] = [];
  const start = performance.now();
  const timer = setInterval(() => {
    const megabytes = residentMegabytes(pid);
    if (megabytes > 0) samples.push({ minute: (performance.now() - start) / 60_000, megabytes });
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return courseOf(samples, (performance.now() - start) / 60_000);
    },
  };
}

function courseOf(samples: Samples, minutes: number): Course {
  const between = (from: number, to: number) =>
    samples.filter(({ minute }) => minute >= minutes * from && minute <= minutes * to);
  return {
    samples: samples.length,
    secondQuarter: median(between(0.25, 0.5)),
    lastQuarter: median(between(0.75, 1)),
    slope: rounded(slopeOf(between(0.5, 1))),
    peak: rounded(Math.max(0, ...samples.map(({ megabytes }) => megabytes))),
  };
}

/** Of all threads together, from the lines that `heap.ts` wrote. */
export function heapOf(lines: readonly Heap[]): Course {
  const [first, last] = [lines[0]?.at ?? 0, lines.at(-1)?.at ?? 0];
  const known = new Map<number, number>();
  // A sample is what each thread held when it was last looked at.
  const samples = lines.map(({ thread, at, megabytes }) => {
    known.set(thread, megabytes);
    return { minute: (at - first) / 60_000, megabytes: [...known.values()].reduce(sum, 0) };
  });
  return courseOf(samples, (last - first) / 60_000);
}

const sum = (one: number, other: number) => one + other;

/** proc(5), `VmRSS`; elsewhere what `ps` says. 0 when the process is gone. */
function residentMegabytes(pid: number): number {
  try {
    const kilobytes =
      process.platform === "linux"
        ? /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
        : execFileSync("ps", ["-o", "rss=", "-p", String(pid)]).toString();
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}

type Samples = readonly { readonly minute: number; readonly megabytes: number }[];

function median(samples: Samples): number {
  const sorted = samples.map(({ megabytes }) => megabytes).toSorted((one, other) => one - other);
  return rounded(quantile(sorted, 0.5));
}

function slopeOf(samples: Samples): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [x, y] = [
    mean(samples.map((one) => one.minute)),
    mean(samples.map((one) => one.megabytes)),
  ];
  const covariance = mean(samples.map((one) => (one.minute - x) * (one.megabytes - y)));
  const variance = mean(samples.map((one) => (one.minute - x) ** 2));
  return variance === 0 ? 0 : covariance / variance;
}
