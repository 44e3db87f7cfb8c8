/** What is left of a run that did not finish, and what stands in its way. */
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../../offline/usage-error.ts";
import type { FleetJob, FleetOperation } from "./engine/engine.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { FleetHome } from "./home.ts";
import { type Journal, mend, readJournal, runsIn } from "./journal.ts";
import type { StackResult } from "./report.ts";

export interface Resumed {
  readonly run: string;
  readonly journal: Journal;
  /** Of the same operation and config; they are not run again. */
  readonly done: readonly StackResult[];
  readonly left: readonly FleetJob[];
  /** Begun and never ended, or killed: they may hold a lock. */
  readonly interrupted: readonly string[];
}

/**
 * The newest run of the operation, or the named one. Waits for operations of it that are still going on.
 *
 * @throws UsageError when there is no such run.
 */
export async function resume(
  home: FleetHome,
  root: string,
  operation: FleetOperation,
  named: string | undefined,
  { onWait, signal }: { readonly onWait: (stacks: string[]) => void; readonly signal: AbortSignal },
): Promise<Resumed> {
  const run = named ?? runsIn(home.path).find((one) => one.endsWith(`-${operation}`));
  const file = run && home.journal(run);
  let journal = run && runsIn(home.path).includes(run) && file ? readJournal(file) : undefined;
  if (!run || !file || journal?.plan.job.operation !== operation) {
    throw new UsageError(
      `there is no run of ${operation}${named ? ` named ${named}` : ""} to resume in ${home.path}`,
    );
  }
  mend(file);
  const busy = () => journal?.open.filter((stack) => home.isBusy(stack)) ?? [];
  for (let first = true; busy().length > 0 && !signal.aborted; first = false) {
    if (first) onWait(busy());
    await sleep(200);
  }
  journal = readJournal(file) ?? journal;
  return { run, journal, ...sorted(journal, root) };
}

function sorted({ plan, ended, interrupted }: Journal, root: string) {
  const jobs = plan.stacks.map((stack): FleetJob => ({ ...plan.job, stack }));
  const done = jobs.flatMap((job): StackResult[] => {
    const end = ended.get(job.stack);
    const isDone =
      end?.result === "succeeded" &&
      end.losses === 0 &&
      end.fingerprint === fingerprintOf(root, job);
    if (!isDone) return [];
    const { stack, result, changes, causes, mayHoldLock, seconds } = end;
    return [{ stack, result, changes, causes, mayHoldLock, seconds, tries: 1, earlier: true }];
  });
  const finished = new Set(done.map(({ stack }) => stack));
  return {
    done,
    left: jobs.filter(({ stack }) => !finished.has(stack)),
    interrupted,
  };
}
