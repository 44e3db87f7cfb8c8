/**
 * `offline/report/`: one page about a stack: what it says is gathered here, and drawn by `sections/`.
 *
 * Everything that the report tells: all but the differences from one evaluation of the stack.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tierNames } from "../../stacks/tiers.ts";
import { check } from "../check/check.ts";
import type { CheckReport, StackReport } from "../check/report.ts";
import { costOf, type StackCost } from "../cost/cost.ts";
import { readPriceTable, readUsageProfile } from "../cost/files.ts";
import { type PriceTable, usEast1 } from "../cost/prices/prices.ts";
import type { UsageProfile } from "../cost/usage.ts";
import type { Evaluation } from "../evaluate.ts";
import { projectRoot } from "../files/project-root.ts";
import type { Comparison } from "../plan/comparison.ts";
import { type Plan, planStack } from "../plan/plan.ts";
import type { ResourceRecord } from "../record.ts";
import { evaluateOnAllCores } from "../slices/records.ts";
import { type TenantSummary, tenantsOf } from "../tenancy.ts";
import { version } from "../version.ts";

export interface Gathered {
  readonly project: string;
  readonly stack: string;
  readonly environment?: string;
  /** Commit of the working tree, where it is in git. */
  readonly revision?: string;
  readonly made: Date;
  readonly version: string;
  readonly records: readonly ResourceRecord[];
  readonly tenants: readonly TenantSummary[];
  readonly outcome: CheckReport["outcome"];
  readonly summary: CheckReport["summary"];
  readonly check: StackReport;
  readonly rules: CheckReport["rules"];
  readonly cost: StackCost;
  readonly prices: PriceTable;
  /** Absent unless it is held against something. */
  readonly change?: Change;
}

export interface Change extends Pick<Plan, "notes"> {
  readonly comparison: Comparison;
  /** As the reader wrote it, e.g. `git:main`. */
  readonly against: string;
}

export interface GatherOptions {
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly stack: string;
  /** Folder of the policy pack. Default: as for `check`. */
  readonly pack?: string;
  /** File of a usage profile. Default: the built-in usage for every tenant. */
  readonly usage?: string;
  /** File of a price table. Default: US East (N. Virginia). */
  readonly prices?: string;
  /** What to hold the stack against, as `chatstack plan` takes it. */
  readonly against?: string;
  readonly onProgress?: (text: string) => void;
}

export async function gather(options: GatherOptions): Promise<Gathered> {
  const { root = projectRoot(), stack, onProgress } = options;
  const prices = options.prices === undefined ? usEast1 : readPriceTable(options.prices);
  const change = await changeOf({ ...options, root });
  onProgress?.(`evaluating stack ${stack}`);
  const evaluation = await evaluateOnAllCores(stack, { root, preview: true });
  const { project, records } = evaluation;
  const tenants = tenantsOf(records);
  const report = await judged(evaluation, { ...options, root });
  const [stackReport] = report.stacks;
  if (!stackReport) throw new Error(report.failures.join("\n"));
  onProgress?.("counting the cost");
  const revision = await commitOf(root);
  return {
    project,
    stack,
    ...(stackReport.environment !== undefined && { environment: stackReport.environment }),
    ...(revision !== undefined && { revision }),
    made: new Date(),
    version,
    records,
    tenants,
    outcome: report.outcome,
    summary: report.summary,
    check: stackReport,
    rules: report.rules,
    cost: costOf(records, usageOf(options.usage, tenants), prices),
    prices,
    ...(change && { change }),
  };
}

const usageOf = (file: string | undefined, tenants: readonly TenantSummary[]): UsageProfile =>
  file === undefined
    ? {}
    : readUsageProfile(file, { tenants: tenants.map(({ id }) => id), tiers: tierNames });

async function changeOf({ root, stack, against, onProgress }: GatherOptions) {
  if (against === undefined) return undefined;
  const { comparison, notes } = await planStack({ root, stack, against, onProgress });
  return comparison && ({ comparison, against, notes } satisfies Change);
}

const judged = (
  evaluation: Evaluation,
  { root, stack, pack, onProgress }: GatherOptions,
): Promise<CheckReport> =>
  check({
    root,
    stacks: [stack],
    ...(pack !== undefined && { pack }),
    evaluate: async () => evaluation,
    onProgress: (_, count, of) => onProgress?.(`checking: ${count}/${of}`),
  });

/** `a1b2c3d`, with `+` where something is not committed. */
async function commitOf(root: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      "git",
      ["describe", "--always", "--dirty=+", "--exclude=*"],
      { cwd: root },
    );
    return `commit ${stdout.trim()}`;
  } catch {
    return undefined;
  }
}
