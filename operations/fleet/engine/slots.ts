/**
 * An engine that lives in other processes, one for each operation that runs at the same time: what one
 * stack crashes, or fills with its output, is not the fleet's. Each is the leader of a process group, for
 * two reasons. A terminal sends Ctrl-C to its whole group, and a CLI that hears it from there and from the
 * fleet takes the second for "drop everything"; and a group can be killed as one, plugins included.
 */
import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { extname, join } from "node:path";
import { UsageError } from "../../../offline/usage-error.ts";
import { append, endedEntry } from "../journal.ts";
import {
  type Engine,
  failed,
  isHarmless,
  type Job,
  type Outcome,
  type Progress,
} from "./engine.ts";
import type { Order, RecordedJob, Word } from "./wire.ts";

export interface SlotsOptions {
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** File for what the processes say that nobody expects. */
  readonly log: string;
  /** Where a job is recorded. */
  readonly record: (job: Job) => Omit<RecordedJob, "job">;
}

export class Slots implements Engine {
  readonly #options: SlotsOptions;
  readonly #idle: ChildProcess[] = [];
  readonly #busy = new Set<ChildProcess>();
  #isKilled = false;

  private constructor(options: SlotsOptions) {
    this.#options = options;
  }

  /** @throws UsageError when there is no CLI that could do the work. */
  static async open(options: SlotsOptions): Promise<Slots> {
    const slots = new Slots(options);
    slots.#idle.push(await slots.#start());
    return slots;
  }

  async run(
    job: Job,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome> {
    let child: ChildProcess;
    let recorded: RecordedJob;
    try {
      recorded = { job, ...this.#options.record(job) };
      child = this.#idle.pop() ?? (await this.#start());
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
    this.#busy.add(child);
    const outcome = await this.#order(child, recorded, onProgress, signal);
    this.#busy.delete(child);
    if (child.connected && outcome) this.#idle.push(child);
    return outcome ?? this.#lost(child, recorded);
  }

  /** Ends whatever runs, at once: stacks may keep their locks. */
  kill(): void {
    this.#isKilled = true;
    for (const child of this.#busy) signalGroup(child, "SIGKILL");
  }

  close(): void {
    for (const child of this.#idle) {
      child.disconnect();
      child.unref();
    }
  }

  /** @returns `undefined` when the process ended before the operation did. */
  async #order(
    child: ChildProcess,
    recorded: RecordedJob,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    const { promise, resolve } = Promise.withResolvers<Outcome | undefined>();
    const hear = (word: Word) => {
      if (word.kind === "progress") onProgress(word.progress);
      if (word.kind === "outcome") resolve(word.outcome);
    };
    const interrupt = () => give(child, { kind: "interrupt" });
    const end = () => resolve(undefined);
    child.on("message", hear).once("exit", end);
    signal.addEventListener("abort", interrupt);
    give(child, { kind: "run", recorded });
    try {
      return await promise;
    } finally {
      child.off("message", hear).off("exit", end);
      signal.removeEventListener("abort", interrupt);
    }
  }

  #lost(child: ChildProcess, { job, journal, fingerprint }: RecordedJob): Outcome {
    // Its CLI may have outlived it, and would go on with nobody to hear it.
    if (!this.#isKilled) signalGroup(child, "SIGINT");
    const end = child.signalCode ?? `exit code ${child.exitCode}`;
    const mayHoldLock = !isHarmless(job);
    const outcome = this.#isKilled
      ? failed("killed before it could stop in order", { result: "interrupted", mayHoldLock })
      : failed(`the process at work on it ended by ${end}; ${this.#options.log} may say why`, {
          mayHoldLock,
        });
    if (journal) append(journal, endedEntry(job.stack, fingerprint, outcome, 0));
    return outcome;
  }

  async #start(): Promise<ChildProcess> {
    const { root, log } = this.#options;
    // A file, not a pipe: the process may outlive us, and would die of writing to a closed pipe.
    const output = openSync(log, "a", 0o600);
    const child = fork(
      join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
      [root],
      {
        cwd: root,
        detached: true,
        stdio: ["ignore", output, output, "ipc"],
      },
    );
    closeSync(output);
    const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>();
    child.once("message", (word: Word) => {
      if (word.kind === "ready") resolve(child);
      else reject(new UsageError(word.kind === "unable" ? unable(word.reason) : word.kind));
    });
    child.once("exit", () => reject(new UsageError(`a process did not start; see ${log}`)));
    child.once("error", reject);
    try {
      return await promise;
    } catch (error) {
      child.kill();
      throw error;
    }
  }
}

const unable = (reason: string): string =>
  /ENOENT/.test(reason)
    ? "there is no `pulumi` on the PATH. Install the Pulumi CLI " +
      "(https://www.pulumi.com/docs/install/), or name it with --pulumi-path"
    : `pulumi cannot be used: ${reason}`;

function give(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order, () => {});
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It is gone.
  }
}
