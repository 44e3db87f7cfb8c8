/** What `chatstack plan` does with its flags. */

import { refuseUnwritable, writeText } from "../../offline/files/files.ts";
import { isSafe, isUnchanged } from "../../offline/plan/comparison.ts";
import { planStacks } from "../../offline/plan/many.ts";
import { type Plan, planStack } from "../../offline/plan/plan.ts";
import { planJson } from "../../offline/plan/show/json.ts";
import { planMarkdown } from "../../offline/plan/show/markdown.ts";
import { comparisonText } from "../../offline/plan/show/text.ts";
import { stackTree } from "../../offline/plan/show/tree.ts";
import { summaryLines } from "../../offline/quotas/text.ts";
import { planPage } from "../../offline/report/plan-page.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { warnOfConfig } from "../terminal/config-warnings.ts";
import { startProgress } from "../terminal/progress.ts";
import { ignoreClosedPipe, stdoutText } from "../terminal/stdout.ts";

export interface PlanFlags {
  readonly stack: string;
  /** Several in the place of one: names, `*` for any text. */
  readonly stacks?: readonly string[];
  readonly against?: string;
  readonly tenant?: readonly string[];
  readonly depth?: number;
  readonly expectNoChanges?: true;
  /** True writes to stdout, a text to the file of that name. */
  readonly json?: string | true;
  readonly markdown?: string | true;
  readonly html?: string;
}

/** Resolves to the exit code. */
export async function run(flags: PlanFlags): Promise<number> {
  ignoreClosedPipe(process.stdout);
  if (flags.stacks === undefined) warnOfConfig([flags.stack]);
  const progress = startProgress(process.stderr, `planning: ${flags.stacks ?? flags.stack}`);
  try {
    refuseNonsense(flags);
    refuseUnwritable(flags.json);
    refuseUnwritable(flags.markdown);
    refuseUnwritable(flags.html);
    const { stack, stacks, against } = flags;
    const onProgress = (text: string) => progress.update(text);
    const plan =
      stacks !== undefined && against !== undefined
        ? await planStacks({ stacks, against, onProgress })
        : await planStack({ stack, against, onProgress });
    progress.end();
    await write(plan, flags);
    const { comparison } = plan;
    if (!comparison) return 0;
    return isSafe(comparison) && !(flags.expectNoChanges && !isUnchanged(comparison)) ? 0 : 1;
  } catch (error) {
    progress.end();
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
}

function refuseNonsense(flags: PlanFlags): void {
  const { against, json, markdown, html, expectNoChanges, stacks } = flags;
  if (json === true && markdown === true) {
    throw new UsageError("--json and --markdown cannot both go to stdout: give one of them a file");
  }
  if (against !== undefined) return;
  if (markdown !== undefined) throw new UsageError("--markdown needs --against");
  if (html !== undefined) throw new UsageError("--html needs --against");
  if (expectNoChanges) throw new UsageError("--expect-no-changes needs --against");
  if (stacks) throw new UsageError("--stacks needs --against");
}

async function write(plan: Plan, flags: PlanFlags): Promise<void> {
  const shown = onlyTenants(plan, flags.tenant);
  if (flags.html !== undefined) writeText(flags.html, await planPage(shown, new Date()));
  const outputs = [
    [flags.json, () => `${JSON.stringify(planJson(shown), undefined, 2)}\n`],
    [flags.markdown, () => planMarkdown(shown)],
  ] as const;
  for (const [target, render] of outputs) {
    if (target === true) process.stdout.write(render());
    else if (target !== undefined) writeText(target, render());
  }
  if (flags.json === true || flags.markdown === true) return;
  const { tenant: tenants, depth } = flags;
  const text = plan.comparison
    ? differencesText(shown)
    : stackTree(plan.stack, plan.records, { ...stdoutText(), depth, tenants });
  process.stdout.write(`${[text, ...quotaText(plan)].join("\n\n")}\n`);
}

function quotaText({ quotas }: Plan): string[] {
  if (quotas === undefined) return [];
  const lines = summaryLines(quotas);
  const style = quotas.outcome === "exceeded" ? "red" : "dim";
  return lines.map((line) => stdoutText().paint(style, line));
}

function differencesText({ stack, comparison, against, notes }: Plan): string {
  if (!comparison) return "";
  const options = stdoutText();
  const title = options.paint("bold", `${stack} against ${against}`);
  const remarks = notes.map((note) => options.paint("cyan", `note: ${note}`));
  return [title, ...remarks, comparisonText(comparison, options)].join("\n\n");
}

/** What is shown of the others is left out; the exit code counts all. */
function onlyTenants(plan: Plan, tenants: readonly string[] | undefined): Plan {
  if (!tenants) return plan;
  const wanted = new Set<string | undefined>(tenants);
  const owners = tenantsByUrn(plan.records);
  const known = new Set([
    ...owners.values(),
    ...(plan.comparison?.tenants ?? []).map((one) => one.tenant),
  ]);
  const missing = tenants.filter((tenant) => !known.has(tenant));
  if (missing.length > 0) {
    const names = [...known].filter((one) => one !== undefined).slice(0, 20);
    throw new UsageError(
      `--tenant ${missing.join(", ")}: no such tenant; tenants: ${names.join(", ")}`,
    );
  }
  return narrowed(plan, wanted, owners);
}

function narrowed(
  plan: Plan,
  wanted: ReadonlySet<string | undefined>,
  owners: ReadonlyMap<string, string | undefined>,
): Plan {
  const { comparison, parts } = plan;
  const changes = comparison?.changes.filter(({ tenant }) => wanted.has(tenant)) ?? [];
  const urns = new Set(changes.flatMap(({ urn, formerUrn = urn }) => [urn, formerUrn]));
  return {
    ...plan,
    records: plan.records.filter(({ urn }) => wanted.has(owners.get(urn))),
    ...(parts && { parts: parts.map((part) => narrowed(part, wanted, owners)) }),
    ...(comparison && {
      comparison: {
        ...comparison,
        changes,
        tenants: comparison.tenants.filter(({ tenant }) => wanted.has(tenant)),
        losses: comparison.losses.filter(({ urn }) => urns.has(urn)),
        refusals: comparison.refusals.filter(({ urn }) => urns.has(urn)),
        access: comparison.access.filter(({ tenant }) => wanted.has(tenant)),
      },
    }),
  };
}
