/** What came of one event. */
export interface Took {
  /** Absent where the answer is no HTTP answer, as of the schedule's event. */
  readonly status: number | undefined;
  readonly failure: string | undefined;
  /** Of the answer. */
  readonly bytes: number;
  /** Resident memory of the function and the processes that it starts, at most. */
  readonly megabytes: number;
}

/** Begins the line that tells what an event took. */
export const tookPrefix = "took ";
