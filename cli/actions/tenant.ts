/** What `chatstack tenant …` does with its arguments: one change of the stack file, judged and shown. */
import { compare } from "../../offline/plan/compare.ts";
import type { Comparison } from "../../offline/plan/comparison.ts";
import { readStackFile } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { readSource, recordsOf, type StackSource, write } from "../../operations/tenant/change.ts";
import {
  refusalsOfRemoval,
  type Step,
  type StepName,
  steps,
  stepsOfRemoval,
} from "../../operations/tenant/life-cycle.ts";
import {
  settingRows,
  stackConfigOf,
  type TenantRow,
  tenantRows,
} from "../../operations/tenant/overview.ts";
import { parseSettings } from "../../operations/tenant/settings-flag.ts";
import { addTenant, listsTenants } from "../../operations/tenant/stack-text.ts";
import {
  type ChangeReport,
  changeText,
  listText,
  refusalText,
  showText,
} from "../../operations/tenant/text.ts";
import { warnOfConfig } from "../terminal/config-warnings.ts";
import { startProgress } from "../terminal/progress.ts";
import { stdoutText } from "../terminal/stdout.ts";

export interface ReadFlags {
  readonly stack: string;
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly json?: true;
}

export interface ChangeFlags extends ReadFlags {
  readonly dryRun?: true;
}

export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  /** 1 where it was refused. */
  readonly code: 0 | 1;
}

export async function add(
  id: string,
  flags: ChangeFlags & { readonly tier: string; readonly set: readonly string[] },
): Promise<Answer> {
  const settings = parseSettings(flags.set);
  const source = readSource(flags);
  // Before its first tenant a stack cannot be evaluated.
  const before = listsTenants(source) ? await evaluated(source, source.text) : [];
  const text = addTenant(source, { id, tier: flags.tier, ...settings });
  return finish(source, before, flags, id, { text, becomes: `${id} is added`, refusals: [] });
}

/** Of a tenant that is there. */
export async function change(
  id: string,
  flags: ChangeFlags & { readonly retainUntil?: string },
  name: StepName,
): Promise<Answer> {
  const source = readSource(flags);
  const before = await evaluated(source, source.text);
  const row = rowOf(before, id, source);
  const { retainUntil } = flags;
  const step = steps[name](source, row, { today: today(), retainUntil });
  return finish(source, before, flags, id, step);
}

export async function list(flags: ReadFlags): Promise<Answer> {
  const source = readSource(flags);
  const tenants = tenantRows(await evaluated(source, source.text));
  const text = flags.json
    ? jsonText({ ...about(source), tenants })
    : listText(tenants, stdoutText());
  return { stdout: text, code: 0 };
}

export async function show(id: string, flags: ReadFlags): Promise<Answer> {
  const source = readSource(flags);
  const tenant = rowOf(await evaluated(source, source.text), id, source);
  const { config } = readStackFile(source.root, source.project, source.stack);
  const settings = settingRows(stackConfigOf(config, source.project, source.file), id);
  const text = flags.json
    ? jsonText({ ...about(source), tenant, settings })
    : showText(tenant, settings, stdoutText());
  return { stdout: text, code: 0 };
}

async function finish(
  source: StackSource,
  before: readonly ResourceRecord[],
  flags: ChangeFlags,
  id: string,
  step: Step,
): Promise<Answer> {
  const after = step.text === source.text ? before : await evaluated(source, step.text);
  const plan = compare(before, after);
  warnOfConfig([source.stack], source.root, step.text);
  const removed = isRemoval(plan, id) ? rowOf(before, id, source) : undefined;
  const refusals = removed ? refusalsOfRemoval(removed, plan, today()) : step.refusals;
  const report: ChangeReport = {
    ...about(source),
    tenant: id,
    becomes: step.becomes,
    ...(step.means !== undefined && { means: step.means }),
    changed: step.text !== source.text,
    written: step.text !== source.text && refusals.length === 0 && !flags.dryRun,
    refusals,
    steps: removed && refusals.length > 0 ? stepsOfRemoval(removed, source) : [],
    plan,
  };
  if (report.written) write(source, step.text);
  const isRefused = refusals.length > 0;
  const code = isRefused ? 1 : 0;
  if (flags.json) return { stdout: jsonText(report), code };
  return isRefused
    ? { stderr: refusalText(report), code }
    : { stdout: changeText(report, stdoutText()), code };
}

const about = ({ stack, file }: StackSource) => ({ version: 1, stack, file }) as const;

const isRemoval = ({ tenants }: Comparison, id: string): boolean =>
  tenants.some(({ kind, tenant }) => kind === "removed" && tenant === id);

async function evaluated(source: StackSource, text: string): Promise<readonly ResourceRecord[]> {
  const progress = startProgress(process.stderr, `evaluating ${source.file}`);
  try {
    return await recordsOf(source, text);
  } finally {
    progress.end();
  }
}

function rowOf(records: readonly ResourceRecord[], id: string, { file }: StackSource): TenantRow {
  const rows = tenantRows(records);
  const row = rows.find((one) => one.id === id);
  if (row !== undefined) return row;
  const known = rows.map((one) => one.id).join(", ");
  throw new UsageError(`${file}: there is no tenant "${id}"; there are ${known}`);
}

/** In UTC, as everywhere else. */
const today = (): string => new Date().toISOString().slice(0, 10);

const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2);
