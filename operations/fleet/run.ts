/** Runs an operation over stacks: all previews first, then wave after wave until one fails. */
import { type Attempts, inParallel } from "./attempts.ts";
import type { Job } from "./engine/engine.ts";
import { type Gate, passGate } from "./gate.ts";
import type { Previews } from "./previews.ts";
import type { StackResult, WaveResult } from "./report.ts";
import type { Wave } from "./waves.ts";

export interface FleetRun extends Attempts {
  readonly jobs: readonly Job[];
  /** All stacks of the run, those that are done before included. */
  readonly waves: readonly Wave[];
  readonly gate: Gate;
  /** Waves after which the gate was passed before the run was resumed. */
  readonly passed: readonly string[];
  readonly previews: Previews;
  readonly brake: Brake;
  readonly onPassed: (wave: Wave) => void;
  readonly say: (text: string) => void;
}

/** Stops the run once so many stacks have failed: then the cause is most likely the change's. */
export class Brake {
  readonly #most: number;
  #failures = 0;

  /** @param most failures after which nothing new is begun. */
  constructor(most: number) {
    this.#most = most;
  }

  add({ result }: StackResult): void {
    if (result === "failed" || result === "refused") this.#failures++;
  }

  /** Why nothing new is begun. */
  reason = (): string | undefined =>
    this.#failures < this.#most
      ? undefined
      : `not begun, since ${this.#failures} stacks had failed (--max-failures ${this.#most})`;
}

/** Previews the stacks. Nothing is touched, and none may be where the brake is on afterwards. */
export async function previewAll(run: FleetRun, jobs = run.jobs): Promise<StackResult[]> {
  return inParallel(
    run,
    jobs,
    braked(run, (job) => run.previews.preview(run, job)),
    run.brake.reason,
  );
}

export interface WavesResult {
  readonly stacks: readonly StackResult[];
  readonly waves: readonly WaveResult[];
}

/**
 * Runs the waves in their order. A wave begins when every stack of the one before has succeeded, time has passed and
 * the check has succeeded.
 *
 * @param previewed results of the previews; what did not pass there is not touched.
 */
export async function runWaves(
  run: FleetRun,
  previewed: readonly StackResult[],
): Promise<WavesResult> {
  const refused = new Map(
    previewed
      .filter(({ result }) => result !== "succeeded")
      .map((result) => [result.stack, result]),
  );
  const stacks: StackResult[] = [];
  const waves: WaveResult[] = [];
  let stopped: string | undefined;
  for (const [index, wave] of run.waves.entries()) {
    const jobs = run.jobs.filter(({ stack }) => wave.stacks.includes(stack));
    stopped ??= run.brake.reason();
    const results = await runWave(run, jobs, refused, stopped);
    stacks.push(...results);
    const sick = results.filter(({ result }) => result !== "succeeded").map(({ stack }) => stack);
    const begun = stopped === undefined;
    let check: WaveResult["check"];
    if (begun && sick.length > 0) {
      stopped = `${wave.name} did not succeed: ${sick.join(", ")}`;
    } else if (begun && index < run.waves.length - 1) {
      stopped = await between(run, wave, jobs.length === 0);
      if (run.gate.check !== undefined) check = stopped === undefined ? "passed" : "failed";
    }
    waves.push({
      name: wave.name,
      stacks: wave.stacks,
      outcome: !begun ? "skipped" : sick.length === 0 ? "succeeded" : "failed",
      ...(check && { check }),
    });
  }
  return { stacks, waves };
}

/** Stacks that did not pass their preview keep its result, whatever becomes of the others. */
async function runWave(
  run: FleetRun,
  jobs: readonly Job[],
  refused: ReadonlyMap<string, StackResult>,
  stopped: string | undefined,
): Promise<StackResult[]> {
  const isOpen = ({ stack }: Job) => !refused.has(stack);
  const open = await inParallel(
    run,
    jobs.filter(isOpen),
    braked(run, (job) =>
      job.operation === "preview" ? run.previews.preview(run, job) : run.previews.run(run, job),
    ),
    () => stopped ?? run.brake.reason(),
  );
  const results = new Map(open.map((result) => [result.stack, result]));
  return jobs.flatMap(({ stack }) => results.get(stack) ?? refused.get(stack) ?? []);
}

/** @param isDone whether nothing of the wave was left to do, as in a run that is resumed. */
async function between(run: FleetRun, wave: Wave, isDone: boolean): Promise<string | undefined> {
  if (isDone && run.passed.includes(wave.name)) return undefined;
  const why = await passGate(run.gate, wave, run);
  if (why === undefined) run.onPassed(wave);
  return why;
}

function braked(
  { brake }: FleetRun,
  work: (job: Job) => Promise<StackResult>,
): (job: Job) => Promise<StackResult> {
  return async (job) => {
    const result = await work(job);
    brake.add(result);
    return result;
  };
}
