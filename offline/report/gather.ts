/** Everything that the report tells: all but the differences from one evaluation of the stack. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tierNames } from "../../stacks/tiers.ts";
import { type Baseline, weigh } from "../check/baseline.ts";
import { check } from "../check/check.ts";
import type { FailOn } from "../check/fail-on.ts";
import type { CheckReport, StackReport } from "../check/report.ts";
import { costOf, pricesFor, type StackCost } from "../cost/cost.ts";
import { readPriceTable, readUsageProfile } from "../cost/files.ts";
import type { PriceTable } from "../cost/prices/prices.ts";
import { type CostDifference, differenceOf } from "../cost/report/difference.ts";
import type { UsageProfile } from "../cost/usage.ts";
import type { Evaluation } from "../evaluate.ts";
import { projectRoot } from "../files/project-root.ts";
import { parseAgainst, readEarlier } from "../plan/against/against.ts";
import type { Comparison } from "../plan/comparison.ts";
import { type Plan, planStack } from "../plan/plan.ts";
import { listStacks } from "../project.ts";
import type { ResourceRecord } from "../record.ts";
import { evaluateOnAllCores } from "../slices/records.ts";
import { type TenantSummary, tenantsOf } from "../tenancy.ts";
import { UsageError } from "../usage-error.ts";

export interface Gathered {
  readonly project: string;
  readonly stack: string;
  readonly environment?: string;
  /** Commit of the working tree, where it is in git. */
  readonly revision?: string;
  readonly made: Date;
  readonly records: readonly ResourceRecord[];
  readonly tenants: readonly TenantSummary[];
  readonly outcome: CheckReport["outcome"];
  readonly summary: CheckReport["summary"];
  readonly check: StackReport;
  readonly rules: CheckReport["rules"];
  /** Or why there are no figures: the prices are of another region. */
  readonly cost: StackCost | UsageError;
  readonly prices: PriceTable;
  /** Absent unless it is held against something. */
  readonly change?: Change;
}

export interface Change extends Pick<Plan, "notes"> {
  readonly comparison: Comparison;
  /** As the reader wrote it, e.g. `git:main`. */
  readonly against: string;
  /** Absent where the prices are of another region. */
  readonly cost?: CostDifference;
}

export interface GatherOptions {
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly stack: string;
  /** Folder of the policy pack. Default: as for `check`. */
  readonly pack?: string;
  /** File of a usage profile. Default: the built-in usage for every tenant. */
  readonly usage?: string;
  /** File of a price table, or a region of which prices are known. Default: the stack's. */
  readonly prices?: string;
  /** What to hold the stack against, as `chatstack plan` takes it. */
  readonly against?: string;
  /** What counts as violations for the outcome. Default: those of rules that are mandatory. */
  readonly failOn?: FailOn | undefined;
  /** Violations that count as none. */
  readonly baseline?: Baseline | undefined;
  readonly onProgress?: (text: string) => void;
}

export async function gather(options: GatherOptions): Promise<Gathered> {
  const { root = projectRoot(), stack, onProgress } = options;
  const given = options.prices === undefined ? undefined : readPriceTable(options.prices);
  onProgress?.(`evaluating stack ${stack}`);
  const evaluation = await evaluateOnAllCores(stack, { root, preview: true });
  const { project, records } = evaluation;
  const prices = given ?? pricesFor(records);
  const tenants = tenantsOf(records);
  const report = weigh(await judged(evaluation, { ...options, root }), options);
  const [stackReport] = report.stacks;
  if (!stackReport) throw new Error(report.failures.join("\n"));
  onProgress?.("counting the cost");
  const revision = await commitOf(root);
  const change = await changeOf({ ...options, root }, records, prices);
  return {
    project,
    stack,
    ...(stackReport.environment !== undefined && { environment: stackReport.environment }),
    ...(revision !== undefined && { revision }),
    made: new Date(),
    records,
    tenants,
    outcome: report.outcome,
    summary: report.summary,
    check: stackReport,
    rules: report.rules,
    cost: costOrReason(records, usageOf(options.usage, tenants), prices),
    prices,
    ...(change && { change }),
  };
}

/** A page without figures is still a page. */
function costOrReason(...args: Parameters<typeof costOf>): StackCost | UsageError {
  try {
    return costOf(...args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

const usageOf = (file: string | undefined, tenants: readonly TenantSummary[]): UsageProfile =>
  file === undefined
    ? {}
    : readUsageProfile(file, { tenants: tenants.map(({ id }) => id), tiers: tierNames });

async function changeOf(
  { root = projectRoot(), stack, against, usage, onProgress }: GatherOptions,
  records: readonly ResourceRecord[],
  prices: PriceTable,
): Promise<Change | undefined> {
  if (against === undefined) return undefined;
  const plan = await planStack({ root, stack, against, onProgress });
  const { comparison, notes } = plan;
  if (comparison === undefined) return undefined;
  const earlier =
    plan.earlier ??
    (await readEarlier(root, stack, parseAgainst(against, listStacks(root)))).records;
  // A usage may be of tenants that come or go.
  const profile = usageOf(usage, [...tenantsOf(records), ...tenantsOf(earlier)]);
  const before = costOrReason(earlier, profile, prices);
  const after = costOrReason(records, profile, prices);
  const arePriced = "tenants" in before && "tenants" in after;
  return {
    ...{ comparison, against, notes },
    ...(arePriced && { cost: differenceOf(before, after, { stack, against }) }),
  };
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
