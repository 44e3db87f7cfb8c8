/** What `chatstack cost` does with its flags. */
import { stringify } from "yaml";
import { costOf, pricesFor } from "../../offline/cost/cost.ts";
import { parseSettings, readPriceTable, readUsageProfile } from "../../offline/cost/files.ts";
import type { CostFlags } from "../../offline/cost/flags.ts";
import { type PriceTable, pricesOf, regions, usEast1 } from "../../offline/cost/prices/prices.ts";
import {
  differenceMarkdown,
  differenceOf,
  differenceText,
} from "../../offline/cost/report/difference.ts";
import { explanation } from "../../offline/cost/report/explain.ts";
import { fixedTable, priceTables, scenarioTable } from "../../offline/cost/report/markdown.ts";
import { type CostReport, reportOf, unpricedOf } from "../../offline/cost/report/report.ts";
import { textReport } from "../../offline/cost/report/text.ts";
import { usageTable } from "../../offline/cost/report/usage-table.ts";
import { type ScenarioName, scenarioNames, scenarios } from "../../offline/cost/scenarios.ts";
import { tierRecords } from "../../offline/cost/tiers.ts";
import { defaultUsage, type UsageProfile } from "../../offline/cost/usage.ts";
import { refuseUnwritable } from "../../offline/files/files.ts";
import { projectRoot } from "../../offline/files/project-root.ts";
import { parseAgainst, readEarlier } from "../../offline/plan/against/against.ts";
import { listStacks } from "../../offline/project.ts";
import { evaluateOnAllCores } from "../../offline/slices/records.ts";
import { tenantsOf } from "../../offline/tenancy.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { tierNames } from "../../stacks/tiers.ts";
import { startProgress } from "../terminal/progress.ts";
import { stdoutText } from "../terminal/stdout.ts";
import { type Outcome, writeOutcome } from "./outcome.ts";

const exitCodes = { priced: 0, "no-price": 1 } as const;

/** Writes the result; resolves to the exit code. */
export async function run(flags: CostFlags): Promise<number> {
  refuseUnwritable(flags.json);
  return writeOutcome(await outcomeOf(flags), flags.json);
}

/** @throws UsageError for wrong options, files or a region without prices. */
export async function outcomeOf(flags: CostFlags): Promise<Outcome> {
  const given = flags.prices === undefined ? undefined : readPriceTable(flags.prices);
  if (flags.printPrices) {
    const tables = given ? [given] : regions.flatMap((region) => pricesOf(region) ?? []);
    return priced(flags.markdown ? priceTables(tables) : stringify(given ?? usEast1).trimEnd());
  }
  if (flags.printUsage) {
    return priced(flags.markdown ? usageTable() : stringify({ default: defaultUsage }).trimEnd());
  }
  if (flags.against !== undefined) return differenceOutcome(flags, flags.against, given);
  const reports = await reportsOf(flags, given);
  const unknown = reports.flatMap(unpricedOf).some(({ isUnknown }) => isUnknown);
  return { text: render(reports, flags), code: exitCodes[unknown ? "no-price" : "priced"] };
}

const priced = (text: string): Outcome => ({ text, code: exitCodes.priced });

/** `version` is of the JSON's shape, and changes when a reader would have to. */
function render(reports: readonly CostReport[], flags: CostFlags): string {
  if (flags.json !== undefined) return JSON.stringify({ version: 1, reports }, undefined, 2);
  if (flags.markdown && flags.scenario) return scenarioTable(reports);
  if (flags.markdown) return reports.map(fixedTable).join("\n");
  const options = stdoutText();
  return reports
    .map((report) =>
      flags.explain
        ? explanation(report, options)
        : textReport(report, options, report.scenario && scenarios[report.scenario]),
    )
    .join("\n\n");
}

async function differenceOutcome(
  { stack, tenant, ...flags }: CostFlags,
  against: string,
  table: PriceTable | undefined,
): Promise<Outcome> {
  const progress = startProgress(process.stderr, `evaluating ${stack} and ${against}`);
  try {
    const root = projectRoot();
    const earlier = await readEarlier(root, stack, parseAgainst(against, listStacks(root)));
    const { records } = await evaluateOnAllCores(stack, { root });
    // A usage may be of tenants that come or go.
    const tenants = [records, earlier.records].flatMap((one) => tenantsOf(one).map(({ id }) => id));
    const profile = flags.usage
      ? readUsageProfile(flags.usage, { tenants: [...new Set(tenants)], tiers: tierNames })
      : {};
    const usage = { ...profile, over: parseSettings(flags.set ?? []) };
    const [before, after] = [earlier.records, records].map((one) => costOf(one, usage, table));
    if (before === undefined || after === undefined) throw new Error("two stacks, two costs");
    const difference = differenceOf(before, after, { stack, against }, tenant);
    const unknown = [before, after].some((cost) =>
      cost.tenants.some(({ unpriced }) => unpriced.some(({ isUnknown }) => isUnknown)),
    );
    const text =
      flags.json !== undefined
        ? JSON.stringify({ version: 1, difference }, undefined, 2)
        : flags.markdown
          ? differenceMarkdown(difference)
          : differenceText(difference, stdoutText());
    return { text, code: exitCodes[unknown ? "no-price" : "priced"] };
  } finally {
    progress.end();
  }
}

/** One, or one for each scenario. */
async function reportsOf(flags: CostFlags, given?: PriceTable): Promise<CostReport[]> {
  const set = parseSettings(flags.set ?? []);
  const stack = flags.tiers ? undefined : flags.stack;
  const progress = startProgress(process.stderr, `evaluating ${stack ?? "a tenant of each tier"}`);
  try {
    const records =
      stack === undefined
        ? await tierRecords(given?.region ?? usEast1.region)
        : (await evaluateOnAllCores(stack)).records;
    const table = given ?? pricesFor(records);
    const tenants = costOf(records, {}, table).tenants.map(({ tenant }) => tenant);
    for (const id of flags.tenant ?? []) {
      if (tenants.includes(id)) continue;
      throw new UsageError(`--tenant: found "${id}"; allowed: ${tenants.join(", ")}`);
    }
    const profile: UsageProfile = flags.usage
      ? readUsageProfile(flags.usage, { tenants, tiers: tierNames })
      : {};
    const names = namesOf(flags.scenario);
    return (names.length === 0 ? [undefined] : names).map((name) => {
      const scenario = name && scenarios[name];
      const over = { ...scenario?.usage, ...set };
      return reportOf(costOf(records, { ...profile, over }, table), {
        ...(stack !== undefined && { stack }),
        ...(flags.tenant && { only: flags.tenant }),
        ...(name && scenario && { told: { name, scenario } }),
      });
    });
  } finally {
    progress.end();
  }
}

const namesOf = (asked: CostFlags["scenario"]): readonly ScenarioName[] =>
  asked === undefined ? [] : asked === "all" ? scenarioNames : [asked];
