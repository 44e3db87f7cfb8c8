/**
 * `operations/fleet/`: one operation on many stacks at once: selection, plan, previews, waves, journal, resumption.
 *
 * Runs an operation on a stack, again where its errors are transient, and many of them at a time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, failed, type Job, noChanges, type Progress } from "./engine/engine.ts";
import { backoffSeconds, type Retries } from "./engine/transient.ts";
import type { PlaceLimit } from "./places.ts";
import type { StackResult } from "./report.ts";

export interface Attempts {
  readonly engine: Engine;
  /** Operations at the same time. */
  readonly parallel: number;
  readonly retries: Retries;
  /** Aborted: nothing new is started, and what runs is asked to stop. */
  readonly signal: AbortSignal;
  readonly onState: (stack: string, state: StackState) => void;
  /** How many of them at the same time in one account and region. Default: as many as `parallel`. */
  readonly places?: PlaceLimit;
}

export type StackState =
  | { readonly state: "running"; readonly progress: Progress }
  | { readonly state: "backing-off"; readonly seconds: number; readonly cause: string }
  | { readonly state: "ended"; readonly result: StackResult };

/** Runs each job and reports its end; one result for each, in their order. */
export async function runAll(attempts: Attempts, jobs: readonly Job[]): Promise<StackResult[]> {
  return inParallel(attempts, jobs, (job) => attempt(attempts, job));
}

/**
 * Tries a job until it ends, with a wait between tries. Never rejects for what the stack does.
 *
 * @param before runs before each try; a result of its own ends the job.
 */
export async function attempt(
  { engine, retries, signal, onState }: Attempts,
  job: Job,
  before?: (tries: number) => Promise<StackResult | undefined>,
): Promise<StackResult> {
  const { stack } = job;
  const begin = performance.now();
  for (let tries = 1; ; tries++) {
    onState(stack, { state: "running", progress: { done: 0, begun: 0 } });
    const stopped = await before?.(tries);
    if (stopped) return stopped;
    const { transient, ...outcome } = await engine
      .run(job, (progress) => onState(stack, { state: "running", progress }), signal)
      .catch((error: unknown) => failed(String(error)));
    if (transient && tries < retries.tries && !signal.aborted) {
      // The slot stays taken: a service that throttles is not helped by another stack in this one's place.
      const seconds = backoffSeconds(tries, retries);
      onState(stack, { state: "backing-off", seconds, cause: outcome.causes[0] ?? "" });
      await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
      if (!signal.aborted) continue;
    }
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    return { stack, ...outcome, tries, seconds };
  }
}

/**
 * @param notBegun why no further job is begun; asked before each.
 * @returns one result for each job, in their order.
 */
export async function inParallel(
  { parallel, places, signal, onState }: Attempts,
  jobs: readonly Job[],
  run: (job: Job) => Promise<StackResult>,
  notBegun: () => string | undefined = () => undefined,
): Promise<StackResult[]> {
  const results = new Map<string, StackResult>();
  const waiting = [...jobs];
  let freed = Promise.withResolvers<void>();
  const slot = async () => {
    while (waiting.length > 0) {
      // The first whose account and region has room: the others wait for those at work there.
      const at = waiting.findIndex(({ stack }) => places?.isFree(stack) ?? true);
      const [job] = at === -1 ? [] : waiting.splice(at, 1);
      if (job === undefined) {
        await freed.promise;
        continue;
      }
      const why = signal.aborted ? "stopped before it began" : notBegun();
      places?.take(job.stack);
      const result = why === undefined ? await run(job) : skipped(job.stack, why);
      places?.free(job.stack);
      onState(job.stack, { state: "ended", result });
      results.set(job.stack, result);
      freed.resolve();
      freed = Promise.withResolvers<void>();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, jobs.length) }, slot));
  return jobs.flatMap(({ stack }) => results.get(stack) ?? []);
}

export const skipped = (stack: string, cause: string): StackResult => ({
  stack,
  result: "skipped",
  changes: noChanges,
  causes: [cause],
  mayHoldLock: false,
  tries: 0,
  seconds: 0,
});
