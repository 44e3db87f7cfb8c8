/** What a process and all that it starts take: memory at most (proc(5), `VmHWM`), and processor time. */
import { readdirSync, readFileSync } from "node:fs";

export interface Peak {
  /** Its command line, words apart by spaces. */
  readonly command: string;
  /** 0 where the system does not tell. */
  readonly megabytes: number;
  /** Of all its threads, in user and system mode, as far as it was looked at. */
  readonly processorSeconds: number;
}

/** Looks every 50 ms until `stop`, which gives one peak for each process there was. */
export function watchPeaks(pid: number): { stop(): readonly Peak[] } {
  const peaks = new Map<number, Peak>();
  const look = () => {
    for (const one of family(pid)) {
      const before = peaks.get(one);
      // Of one that has ended there is nothing to read.
      peaks.set(one, {
        command: commandOf(one) || (before?.command ?? ""),
        megabytes: Math.max(before?.megabytes ?? 0, peakMegabytes(one)),
        processorSeconds: Math.max(before?.processorSeconds ?? 0, secondsOf(one)),
      });
    }
  };
  const timer = setInterval(look, 50);
  return {
    stop() {
      clearInterval(timer);
      return [...peaks.values()];
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

/** The kernel counts in hundredths of a second (proc(5), `stat`). */
function secondsOf(pid: number): number {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  // The name in brackets may hold anything; 11 fields after it come the two times.
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
}

const commandOf = (pid: number): string =>
  (attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "").replaceAll("\0", " ");

/** A process may end between being listed and being read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
