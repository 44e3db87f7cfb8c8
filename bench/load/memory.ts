import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Memory } from "../../testing/load/soak.ts";
import { quantile, rounded } from "./figures.ts";

const everyMs = 500;

/** Samples the resident memory of a process: gateway and functions are threads of it. */
export function watchMemory(pid: number): { stop(): Memory } {
  const samples: { minute: number; megabytes: number }[] = [];
  const start = performance.now();
  const timer = setInterval(() => {
    const megabytes = residentMegabytes(pid);
    if (megabytes > 0) samples.push({ minute: (performance.now() - start) / 60_000, megabytes });
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      const quarter = (index: number) =>
        samples.slice((samples.length * index) / 4, (samples.length * (index + 1)) / 4);
      return {
        samples: samples.length,
        secondQuarter: median(quarter(1)),
        lastQuarter: median(quarter(3)),
        slope: rounded(slopeOf(samples.slice(samples.length / 2))),
        peak: rounded(Math.max(0, ...samples.map(({ megabytes }) => megabytes))),
      };
    },
  };
}

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
