/** The report for people. */
import { counted, type TextOptions, table } from "../../text.ts";
import type { TenantCost } from "../cost.ts";
import type { Scenario } from "../scenarios.ts";
import { money, services } from "./money.ts";
import { type CostReport, unpricedOf } from "./report.ts";

export function textReport(report: CostReport, options: TextOptions, scenario?: Scenario): string {
  const { currency, tenants, shared } = report;
  const dollars = (amount: TenantCost["total"]) => money(amount, currency);
  const row = (one: TenantCost) => [
    one.tenant,
    one.tier ?? "",
    dollars(one.fixed),
    dollars(one.total),
    services(one.lines, currency),
  ];
  const shown = shared && !shared.total.isZero() ? [...tenants, shared] : tenants;
  return [
    ...heading(report, scenario, options),
    table(["tenant", "tier", "fixed", "a month", "of it"], shown.map(row), options, [
      "fixed",
      "tier",
      "of it",
    ]),
    ...(report.tiers.length < tenants.length || report.tiers.length > 1 ? tiers(report) : []),
    options.paint("bold", `total  ${dollars(report.total)} a month`),
    ...overloads(tenants, options),
    ...reductions(report),
    ...choices(tenants, currency),
    ...unpriced(report, options),
  ].join("\n");
}

function heading(
  { stack, asOf, region, currency, scenario: name }: CostReport,
  scenario: Scenario | undefined,
  { paint }: TextOptions,
): string[] {
  const what = stack === undefined ? "a tenant of each tier" : `stack ${stack}`;
  return [
    paint("bold", `${what}${name === undefined ? "" : `, ${name}`}: what it costs a month`),
    `list prices of ${region}, ${asOf}, in ${currency}; see docs/tenants/cost.md for what is assumed`,
    ...(scenario?.assumptions ?? []).map((one) => `- ${one}`),
    ...(scenario?.quoted === undefined
      ? []
      : [
          `- quoted elsewhere, without a source: ${scenario.quoted} a month` +
            (scenario.quotedSelfHosted === undefined
              ? ""
              : `, ${scenario.quotedSelfHosted} self-hosted`),
        ]),
  ];
}

const tiers = ({ tiers: all, currency }: CostReport): string[] =>
  all.map(
    ({ tier, tenants, fixed, total }) =>
      `${tier}: ${counted(tenants, "tenant", "tenants")}, ${money(total, currency)} a month, ${money(fixed, currency)} of it fixed`,
  );

/** What the account pays less, once for all stacks in it. */
function reductions({ freeTiers, volumeTiers, currency }: CostReport): string[] {
  const parts = [
    { what: "what AWS gives each account", all: freeTiers },
    { what: "what AWS takes off with an account's volume", all: volumeTiers },
  ];
  return parts.flatMap(({ what, all }) => {
    if (all.length === 0) return [];
    const each = all.map(
      ({ service, allowance, off }) => `${service} ${money(off, currency)} (${allowance})`,
    );
    return ["", `Not in these figures: ${what}, once for all stacks in it: ${each.join(", ")}.`];
  });
}

/** Tenants whose price is of a load that they would turn away. */
const overloads = (tenants: readonly TenantCost[], { paint }: TextOptions): string[] =>
  tenants
    .filter(({ load }) => load.tooMuch.length > 0)
    .map(({ tenant, load }) =>
      paint("yellow", `${tenant} cannot serve this as it is built: ${load.tooMuch.join("; ")}`),
    );

/** Of few tenants; of many, `--json` has them. */
function choices(tenants: readonly TenantCost[], currency: string): string[] {
  if (tenants.length > 4) return [];
  const each = tenants.flatMap(({ tenant, capacity, history }) => [
    ...(capacity ? [`${tenant}: ${capacityText(capacity, currency)}`] : []),
    ...(history ? [`${tenant}: ${historyText(history, currency)}`] : []),
  ]);
  return each.length === 0 ? [] : ["", ...each];
}

function capacityText(
  { mode, onDemand, provisioned, breakEvenUtilization }: NonNullable<TenantCost["capacity"]>,
  currency: string,
): string {
  const percent = (breakEvenUtilization * 100).toFixed(1);
  const peak = (1 / breakEvenUtilization).toFixed(1);
  return (
    `reads and writes cost ${money(onDemand, currency)} on demand, ` +
    `${money(provisioned, currency)} provisioned under an even load (it is ${mode}). Provisioned costs ` +
    `less where more than ${percent}% of it is used: peaks below ${peak} times the average.`
  );
}

function historyText(
  { kept, dynamodb, s3, readBreakEvenKB, appendBreakEvenKB }: NonNullable<TenantCost["history"]>,
  currency: string,
): string {
  const where = kept === "dynamodb" ? "the table" : "the bucket";
  return (
    `conversations cost ${money(dynamodb, currency)} in the table, ${money(s3, currency)} as S3 JSON ` +
    `(they are in ${where}). S3 costs less for reading more than ${readBreakEvenKB.toFixed(1)} KB at once, ` +
    `and for saving messages of ${appendBreakEvenKB} KB and up.`
  );
}

function unpriced(report: CostReport, { paint }: TextOptions): string[] {
  const all = unpricedOf(report);
  if (all.length === 0) return [];
  return [
    "",
    "Without a figure:",
    ...all.map(({ what, because, isUnknown }) =>
      paint(isUnknown ? "red" : "dim", `- ${what}: ${because}`),
    ),
  ];
}
