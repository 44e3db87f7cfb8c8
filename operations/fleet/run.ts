/** Runs an operation over stacks: canaries first, so many at a time, transient errors again. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, failed, type Job, noChanges, type Progress } from "./engine/engine.ts";
import { backoffSeconds, type Retries } from "./engine/transient.ts";
import type { StackResult } from "./report.ts";

export interface FleetRun {
  readonly engine: Engine;
  readonly jobs: readonly Job[];
  /** Stacks whose success the others wait for. */
  readonly canary: readonly string[];
  /** Operations at the same time. */
  readonly parallel: number;
  readonly retries: Retries;
  /** Aborted: nothing new is started, and what runs is asked to stop. */
  readonly signal: AbortSignal;
  readonly onState: (stack: string, state: StackState) => void;
}

export type StackState =
  | { readonly state: "running"; readonly progress: Progress }
  | { readonly state: "backing-off"; readonly seconds: number; readonly cause: string }
  | { readonly state: "ended"; readonly result: StackResult };

/** One result for each job, in their order; never rejects for what a stack does. */
export async function runFleet(run: FleetRun): Promise<StackResult[]> {
  const isCanary = ({ stack }: Job) => run.canary.includes(stack);
  const canaries = await inParallel(run, run.jobs.filter(isCanary));
  const sick = canaries.filter(({ result }) => result !== "succeeded").map(({ stack }) => stack);
  const rest = run.jobs.filter((job) => !isCanary(job));
  const others =
    sick.length > 0
      ? rest.map(({ stack }) => skipped(run, stack, `canary ${sick.join(", ")} did not succeed`))
      : await inParallel(run, rest);
  const results = new Map([...canaries, ...others].map((result) => [result.stack, result]));
  return run.jobs.flatMap(({ stack }) => results.get(stack) ?? []);
}

async function inParallel(run: FleetRun, jobs: readonly Job[]): Promise<StackResult[]> {
  const results: StackResult[] = [];
  const queue = jobs.values();
  const slot = async () => {
    for (const job of queue) {
      results.push(
        run.signal.aborted
          ? skipped(run, job.stack, "stopped before it began")
          : await runStack(run, job),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.parallel, jobs.length) }, slot));
  return results;
}

async function runStack(run: FleetRun, job: Job): Promise<StackResult> {
  const { engine, retries, signal, onState } = run;
  const { stack } = job;
  const begin = performance.now();
  for (let tries = 1; ; tries++) {
    onState(stack, { state: "running", progress: { done: 0, begun: 0 } });
    const { transient, ...outcome } = await engine
      .run(job, (progress) => onState(stack, { state: "running", progress }), signal)
      .catch((error: unknown) => failed(String(error)));
    if (transient && tries < retries.tries && !signal.aborted) {
      // The slot stays taken: whoever throttles is not helped by another stack in this one's place.
      const seconds = backoffSeconds(tries, retries);
      onState(stack, { state: "backing-off", seconds, cause: outcome.causes[0] ?? "" });
      await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
      if (!signal.aborted) continue;
    }
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    const result: StackResult = { stack, ...outcome, tries, seconds };
    onState(stack, { state: "ended", result });
    return result;
  }
}

function skipped({ onState }: FleetRun, stack: string, cause: string): StackResult {
  const result: StackResult = {
    stack,
    result: "skipped",
    changes: noChanges,
    causes: [cause],
    mayHoldLock: false,
    tries: 0,
    seconds: 0,
  };
  onState(stack, { state: "ended", result });
  return result;
}
