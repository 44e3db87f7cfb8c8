/** `testing/load/`: what minutes of load left behind: measured by `bench/soak.ts`, told by `docs/scale/reliability.md`. */
export interface Soak {
  readonly seconds: number;
  readonly users: number;
  readonly operations: readonly Row[];
  /** By operation and status. */
  readonly failures: Readonly<Record<string, number>>;
  /** Resident, of the process that is gateway and functions. */
  readonly memory: Course;
  /** Of all its threads, after a collection of garbage in each. */
  readonly heap: Course;
  readonly verified: Verified;
}

/** Milliseconds but for the counts. */
export interface Row {
  readonly operation: string;
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** How a size went with the time. */
export interface Course {
  readonly samples: number;
  /** Medians, in MB: flat if they are alike. */
  readonly secondQuarter: number;
  readonly lastQuarter: number;
  /** MB a minute over the second half, by least squares. */
  readonly slope: number;
  readonly peak: number;
}

export interface Verified {
  readonly conversations: number;
  readonly acknowledged: number;
  /** Found through the API, those included whose answer never came. */
  readonly found: number;
  readonly foundInTables: number;
  /** Nothing lost, nothing twice: both are empty. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  /** Whatever else is not as it must be, in words. */
  readonly violations: readonly string[];
}
