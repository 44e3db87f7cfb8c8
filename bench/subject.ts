/** What a benchmark is, and what it leaves behind. */

/** One subject: what is measured stands together, runs in a process of its own, and gives one file. */
export interface Subject {
  readonly name: string;
  readonly title: string;
  /** What is measured, against what, and how; Markdown. */
  readonly about: string;
  /** What it takes on two quiet cores with the default sizes. */
  readonly minutes: number;
  /** Packages of `bench/peers` whose versions belong to the result. */
  readonly peers: readonly string[];
  measure(context: Context): Promise<Measured>;
}

export interface Context {
  /** Sizes that the command line names, e.g. tenants of `check`; empty means the defaults. */
  readonly sizes: readonly number[];
  /** A checkout of an earlier commit, with its packages installed, whose commands take turns with these. */
  readonly before?: string;
  /** Tells people, on stderr, what is being measured. */
  progress(text: string): void;
}

export interface Measured {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** Where a peer wins and why, and what the figures leave out; Markdown. */
  readonly notes?: readonly string[];
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Digits behind the point; default 0. */
  readonly digits?: number;
}

/** Absent where there is nothing to measure. */
export type Cell = string | number | Spread | undefined;

/** A median, and between what the repetitions lay. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Target {
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
  /** Why it is missed, where it is, and what was tried. */
  readonly otherwise?: string;
}

export interface Result extends Measured {
  readonly subject: string;
  /** ISO date. */
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  /** Average of the last minute before the run (proc(5), `loadavg`): what others do makes all contenders slower. */
  readonly load?: number;
}
