/** `app/maintenance/`: what a tenant's function does on its schedule, without a request. */
import { failureEntry, type Log } from "../lambda/log.ts";
import type { TenantState } from "../resources/tenant-state.ts";
import type { MaintenanceStore } from "../store/maintenance-store.ts";
import { continuePending, type ErasureParts } from "../transfer/erasure.ts";

export interface MaintenanceParts extends ErasureParts {
  readonly tenant: string;
  readonly state: TenantState;
  readonly maintenance: MaintenanceStore;
  readonly now: () => Date;
  readonly log: Log;
}

/** How many of each went: users, leftovers of requests, conversations known as due, conversations found, objects. */
export type MaintenanceReport = Readonly<Partial<Record<Step, number>>>;

type Step = "erasures" | "leftovers" | "due" | "search" | "orphans";

/** Names the steps that failed, and nothing of their errors: the runtime logs this message. */
export class MaintenanceError extends Error {
  override readonly name = "MaintenanceError";
}

/**
 * One run. Each step gets an equal part of the time that is left, and what it does not get to waits for
 * the next run. A step that fails is logged and does not stop the others.
 *
 * @throws MaintenanceError when a step failed, so that Lambda repeats the run and its alarm sees it.
 */
export async function maintain(parts: MaintenanceParts, until: Date): Promise<MaintenanceReport> {
  const { tenant, now, log } = parts;
  const started = now().getTime();
  const steps = stepsOf(parts);
  const report: Partial<Record<Step, number>> = {};
  const failed: Step[] = [];
  for (const [index, { step, run }] of steps.entries()) {
    const left = until.getTime() - now().getTime();
    try {
      report[step] = await run(new Date(now().getTime() + left / (steps.length - index)));
    } catch (error) {
      failed.push(step);
      log(failureEntry(error, { tenant, operation: "maintenance", step }));
    }
  }
  const ms = now().getTime() - started;
  log({ level: "INFO", message: "maintenance", tenant, ...report, failed: failed.length, ms });
  if (failed.length > 0) throw new MaintenanceError(`maintenance failed: ${failed.join(", ")}`);
  return report;
}

interface StepRun {
  readonly step: Step;
  run(until: Date): Promise<number>;
}

/**
 * While a tenant is off-boarding, its trash is not purged, and its users' erasures are finished.
 * The role of a suspended one reaches no data.
 */
function stepsOf({ state, maintenance, now, ...parts }: MaintenanceParts): readonly StepRun[] {
  if (state === "suspended") return [];
  const erasures: StepRun = {
    step: "erasures",
    run: (until) => continuePending(parts, until, now()),
  };
  const leftovers: StepRun = {
    step: "leftovers",
    run: (until) => maintenance.clearLeftovers(until),
  };
  if (state === "off-boarding") return [erasures, leftovers];
  return [
    erasures,
    leftovers,
    { step: "due", run: (until) => maintenance.purgeDue(until) },
    { step: "search", run: (until) => maintenance.search(until) },
    { step: "orphans", run: (until) => maintenance.removeOrphans(until) },
  ];
}
