/** Tenants and their changes, for people. */
import type { Comparison } from "../../offline/plan/comparison.ts";
import { comparisonText } from "../../offline/plan/show/text.ts";
import { counted, type TextOptions, table } from "../../offline/text.ts";
import type { SettingRow, TenantRow } from "./overview.ts";

/** What `--json` prints of a change; fields are only ever added. */
export interface ChangeReport {
  readonly version: 1;
  readonly stack: string;
  readonly file: string;
  readonly tenant: string;
  /** What the tenant is then. */
  readonly becomes: string;
  readonly means?: string;
  /** False where the file says so already. */
  readonly changed: boolean;
  readonly written: boolean;
  /** Why nothing was written; empty where nothing forbids it. */
  readonly refusals: readonly string[];
  /** How to do it on purpose, where it was refused. */
  readonly steps: readonly string[];
  readonly plan: Comparison;
}

export function changeText(report: ChangeReport, options: TextOptions): string {
  const { becomes, means, file, stack, changed, written, plan } = report;
  if (!changed) return `${becomes} already: nothing to do.`;
  return [
    options.paint("bold", means === undefined ? `${becomes}.` : `${becomes}: ${means}.`),
    comparisonText(plan, options),
    written
      ? `${file} is written; \`pulumi up --stack ${stack}\` makes it so.`
      : `Dry run: ${file} is as it was.`,
  ].join("\n\n");
}

export function refusalText({ tenant, refusals, steps, file }: ChangeReport): string {
  return [
    `chatstack: ${tenant}: refused, and nothing was written to ${file}:`,
    ...refusals.map((reason) => `  - ${reason}`),
    ...(steps.length > 0 ? ["To do it on purpose:"] : []),
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ].join("\n");
}

export const listText = (tenants: readonly TenantRow[], options: TextOptions): string =>
  table(
    ["tenant", "tier", "state", "retain", "resources", "retain until"],
    tenants.map(({ id, tier, state, retain, resources, retainUntil = "" }) => [
      id,
      tier,
      state,
      retain,
      String(resources),
      retainUntil,
    ]),
    options,
    ["resources", "retain until", "tier", "retain"],
  );

export function showText(
  { id, tier, state, retain, retainUntil, resources }: TenantRow,
  settings: readonly SettingRow[],
  options: TextOptions,
): string {
  const until = retainUntil === undefined ? "" : `, kept until ${retainUntil}`;
  return [
    `${options.paint("bold", id)}: ${tier}, ${state}, retain ${retain}${until}, ${counted(resources, "resource", "resources")}`,
    table(
      ["setting", "said in", "value"],
      settings.map(({ path, from, value }) => [path, from, JSON.stringify(value)]),
      options,
    ),
    options.paint(
      "dim",
      "own: the tenant's entry; defaults: chatstack:defaults. What is not listed has the components' default.",
    ),
  ].join("\n");
}
