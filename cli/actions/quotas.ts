/** What `chatstack quotas` does with its flags. */
import { stringify } from "yaml";
import { evaluateStack, listStacks, readProject, readStackFile } from "../../offline/project.ts";
import type { QuotaReport } from "../../offline/quotas/quotas.ts";
import { readServiceQuotas, type ServiceQuotas } from "../../offline/quotas/service-quotas.ts";
import { accountQuotas, type CountedStack } from "../../offline/quotas/stacks.ts";
import { quotasText } from "../../offline/quotas/text.ts";
import { capacityTable, quotaTable, tierCapacities } from "../../offline/quotas/tiers.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { quotaOf, quotas } from "../../policies/quotas/table.ts";
import { startProgress } from "../terminal/progress.ts";
import { stdoutText } from "../terminal/stdout.ts";
import { type Outcome, writeOutcome } from "./outcome.ts";

export interface QuotasFlags {
  readonly stack?: readonly string[];
  readonly from?: readonly string[];
  readonly all?: true;
  readonly tiers?: true;
  readonly table?: true;
  readonly markdown?: true;
  /** True writes to stdout, a text to the file of that name. */
  readonly json?: string | true;
}

const exitCodes = { fits: 0, "nearly-full": 0, exceeded: 1 } as const;

/** Writes the result; resolves to the exit code. */
export async function run(flags: QuotasFlags): Promise<number> {
  return writeOutcome(await outcomeOf(flags), flags.json);
}

/** @throws UsageError or ProjectError for wrong options, files or config. */
export async function outcomeOf(flags: QuotasFlags): Promise<Outcome> {
  if (flags.markdown && !flags.tiers && !flags.table) {
    throw new UsageError(
      "--markdown: found neither --tiers nor --table; allowed: with one of them",
    );
  }
  if (flags.table) return { text: quotaTable(quotas), code: exitCodes.fits };
  if (flags.tiers) return { text: capacityTable(await tierCapacities()), code: exitCodes.fits };
  const told = flags.from && readServiceQuotas(flags.from);
  const reports = accountQuotas(await countedStacks(flags.stack), told);
  const code = Math.max(
    ...reports.map(({ outcome, gatewayRole }) =>
      gatewayRole?.isCertain ? exitCodes.exceeded : exitCodes[outcome],
    ),
  );
  if (flags.json !== undefined) {
    return { text: JSON.stringify({ version: 1, accounts: reports }, undefined, 2), code };
  }
  const options = stdoutText();
  const texts = reports.map((report) => quotasText(report, options, flags.all));
  return { text: [...texts, ...(told ? configLines(told, reports) : [])].join("\n\n"), code };
}

async function countedStacks(names: readonly string[] | undefined): Promise<CountedStack[]> {
  const root = process.cwd();
  const { name: project } = readProject(root);
  const stacks = [...new Set(names ?? listStacks(root))];
  if (stacks.length === 0) throw new UsageError(`no Pulumi.<stack>.yaml in ${root}`);
  const progress = startProgress(process.stderr, "evaluating the stacks");
  try {
    const counted: CountedStack[] = [];
    for (const stack of stacks) {
      progress.update(`evaluating stack ${stack}`);
      const file = readStackFile(root, project, stack);
      counted.push({ file, evaluation: await evaluateStack(stack, { root, preview: true }) });
    }
    return counted;
  } finally {
    progress.end();
  }
}

/** What to write into the stacks' files, so that `check` and the policy pack count as the files say. */
function configLines({ limits }: ServiceQuotas, reports: readonly QuotaReport[]): string[] {
  const own = [...limits].filter(([code, limit]) => quotaOf(code)?.limit !== limit);
  if (own.length === 0) return [];
  const stacks = reports.flatMap((report) => report.stacks.map((one) => `Pulumi.${one}.yaml`));
  const config = { config: { "chatstack:quotas": Object.fromEntries(own) } };
  return [
    `Limits of the account that are not AWS's defaults, for ${stacks.join(", ")}:\n\n${stringify(config).trimEnd()}`,
  ];
}
