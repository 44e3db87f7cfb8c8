/** What `chatstack cost` does with its flags. */
import { stringify } from "yaml";
import { costOf } from "../../offline/cost/cost.ts";
import { parseSettings, readPriceTable, readUsageProfile } from "../../offline/cost/files.ts";
import type { CostFlags } from "../../offline/cost/flags.ts";
import { type PriceTable, usEast1 } from "../../offline/cost/prices/prices.ts";
import { explanation } from "../../offline/cost/report/explain.ts";
import { fixedTable, priceTable, scenarioTable } from "../../offline/cost/report/markdown.ts";
import { type CostReport, reportOf, unpricedOf } from "../../offline/cost/report/report.ts";
import { textReport } from "../../offline/cost/report/text.ts";
import { usageTable } from "../../offline/cost/report/usage-table.ts";
import { type ScenarioName, scenarioNames, scenarios } from "../../offline/cost/scenarios.ts";
import { tierRecords } from "../../offline/cost/tiers.ts";
import { defaultUsage, type UsageProfile } from "../../offline/cost/usage.ts";
import { refuseUnwritable } from "../../offline/files/files.ts";
import { evaluateStack } from "../../offline/project.ts";
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
  const table = flags.prices === undefined ? usEast1 : readPriceTable(flags.prices);
  if (flags.printPrices) {
    return priced(flags.markdown ? priceTable(table) : stringify(table).trimEnd());
  }
  if (flags.printUsage) {
    return priced(flags.markdown ? usageTable() : stringify({ default: defaultUsage }).trimEnd());
  }
  const reports = await reportsOf(flags, table);
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

/** One, or one for each scenario. */
async function reportsOf(flags: CostFlags, table: PriceTable): Promise<CostReport[]> {
  const set = parseSettings(flags.set ?? []);
  const stack = flags.tiers ? undefined : flags.stack;
  const progress = startProgress(process.stderr, `evaluating ${stack ?? "a tenant of each tier"}`);
  try {
    const records =
      stack === undefined ? await tierRecords(table.region) : (await evaluateStack(stack)).records;
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
