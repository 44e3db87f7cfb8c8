/** Tenants and their changes, for people. */
import { z } from "zod";
import type { Comparison } from "../../offline/plan/comparison.ts";
import { comparisonText } from "../../offline/plan/show/text.ts";
import { counted, type TextOptions, table } from "../../offline/text.ts";
import type { SettingRow, TenantRow } from "./overview.ts";

/** What `--json` prints of a change, for pipelines; fields are only ever added. */
export const tenantChange = z.object({
  version: z.literal(1),
  stack: z.string(),
  file: z.string().describe("File that says it: the stack's, or the tenant's own."),
  tenant: z.string().describe("Id of the tenant."),
  becomes: z.string().describe("What the tenant is then: acme is suspended."),
  means: z.string().optional().describe("What that means, or what to mind."),
  changed: z.boolean().describe("False where the file says so already: nothing is to be deployed."),
  written: z
    .boolean()
    .describe("False where nothing changes, with --dry-run, and where it is refused."),
  refusals: z
    .array(z.string())
    .describe("Why nothing was written, with exit code 1; empty where nothing forbids it."),
  steps: z.array(z.string()).describe("How to do it on purpose, where a removal was refused."),
  plan: z
    .custom<Comparison>()
    .describe("What the deployment will change: comparison of `chatstack plan --json`."),
});

export type ChangeReport = Readonly<z.output<typeof tenantChange>>;

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
