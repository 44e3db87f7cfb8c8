/** What `chatstack tenant …` does with its arguments: one change of one file, judged and shown. */
import { basename } from "node:path";
import { compare } from "../../offline/plan/compare.ts";
import type { Comparison } from "../../offline/plan/comparison.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { UsageError } from "../../offline/usage-error.ts";
import {
  readSource,
  recordsOf,
  type StackSource,
  stackFileOf,
  standsAlone,
  withoutTenants,
  write,
} from "../../operations/tenant/change.ts";
import { differences } from "../../operations/tenant/differences.ts";
import {
  refusalsOfRemoval,
  type Step,
  type StepName,
  steps,
  stepsOfRemoval,
} from "../../operations/tenant/life-cycle.ts";
import { refuseNamesakes } from "../../operations/tenant/namesakes.ts";
import {
  settingRows,
  stackConfigOf,
  type TenantRow,
  tenantRows,
} from "../../operations/tenant/overview.ts";
import { parseSettings } from "../../operations/tenant/settings-flag.ts";
import { addTenant } from "../../operations/tenant/stack-text.ts";
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
  const entry = { id, tier: flags.tier, ...parseSettings(flags.set) };
  const source = readSource(flags, id);
  const becomes = `${id} is added`;
  if (source.ids.includes(id)) {
    const { text } = source;
    const refusals = differences(source, entry);
    const before = await evaluated(source, id, text);
    return finish(source, before, flags, id, { text, becomes, refusals });
  }
  const text = addTenant(source, entry);
  const after = await evaluated(source, id, text);
  if (source.isTenantFile) refuseNamesakes(source, id, text);
  const before = await beforeNew(source, id, after);
  return finish(source, before, flags, id, { text, becomes, refusals: [] }, { known: after });
}

/** What a new tenant joins. Before its first tenant a stack cannot be evaluated. */
function beforeNew(source: StackSource, id: string, after: readonly ResourceRecord[]) {
  if (source.ids.length === 0) return [];
  return source.isTenantFile ? withoutTenants(after) : evaluated(source, id, source.text);
}

/** Of a tenant that is there. */
export async function change(
  id: string,
  flags: ChangeFlags & { readonly retainUntil?: string },
  name: StepName,
): Promise<Answer> {
  const source = readSource(flags, id);
  if (source.isTenantFile && source.text === "") throw noSuchTenant(id, source);
  // A stack without its last tenant cannot be evaluated, so what goes is told from the whole.
  const isAlone = name !== "remove" && standsAlone(source, id);
  const before = await evaluated(source, id, source.text, isAlone);
  const row = rowOf(before, id, source);
  const { retainUntil } = flags;
  const step = steps[name](source, row, { today: today(), retainUntil });
  return finish(source, before, flags, id, step, { isAlone });
}

export async function list(flags: ReadFlags): Promise<Answer> {
  const source = readSource(flags);
  const tenants = tenantRows(await evaluated(source, "", source.text));
  const text = flags.json
    ? jsonText({ ...about(source), tenants })
    : listText(tenants, stdoutText());
  return { stdout: text, code: 0 };
}

export async function show(id: string, flags: ReadFlags): Promise<Answer> {
  const source = readSource(flags, id);
  if (source.isTenantFile && source.text === "") throw noSuchTenant(id, source);
  const tenant = rowOf(
    await evaluated(source, id, source.text, standsAlone(source, id)),
    id,
    source,
  );
  const { config, path } = stackFileOf(source, id);
  const settings = settingRows(stackConfigOf(config, source.project, basename(path)), id);
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
  { known, isAlone }: { known?: readonly ResourceRecord[]; isAlone?: boolean } = {},
): Promise<Answer> {
  const after =
    known ??
    (step.text === source.text
      ? before
      : await afterStep(source, before, id, { text: step.text, isAlone }));
  const plan = compare(before, after);
  warnOfConfig([source.stack], source.root, source.isTenantFile ? undefined : step.text);
  const removed = isRemoval(plan, id) ? rowOf(before, id, source) : undefined;
  const refusals = removed ? refusalsOfRemoval(removed, plan, today()) : step.refusals;
  const report: ChangeReport = {
    ...about(source),
    tenant: id,
    becomes: step.becomes,
    ...(step.means !== undefined && { means: step.means }),
    changed: step.text !== source.text,
    written: step.text !== source.text && refusals.length === 0 && !flags.dryRun,
    refusals: [...refusals],
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

function afterStep(
  source: StackSource,
  before: readonly ResourceRecord[],
  id: string,
  { text, isAlone }: { text: string; isAlone: boolean | undefined },
) {
  const isGone = source.isTenantFile && text === "";
  // Without any tenant a stack is refused.
  return isGone && source.ids.length > 1
    ? withoutTenants(before)
    : evaluated(source, id, text, isAlone);
}

const about = ({ stack, file }: StackSource) => ({ version: 1, stack, file }) as const;

const isRemoval = ({ tenants }: Comparison, id: string): boolean =>
  tenants.some(({ kind, tenant }) => kind === "removed" && tenant === id);

async function evaluated(
  source: StackSource,
  id: string,
  text: string,
  isAlone = false,
): Promise<readonly ResourceRecord[]> {
  const progress = startProgress(process.stderr, `evaluating ${source.file}`);
  try {
    return await recordsOf(source, id, text, isAlone);
  } finally {
    progress.end();
  }
}

function rowOf(records: readonly ResourceRecord[], id: string, source: StackSource): TenantRow {
  const row = tenantRows(records).find((one) => one.id === id);
  if (row !== undefined) return row;
  throw noSuchTenant(id, source);
}

function noSuchTenant(id: string, { file, ids }: StackSource): UsageError {
  const [shown, more] = [ids.slice(0, 20).join(", "), ids.length - 20];
  const known = more > 0 ? `${shown} and ${more} more` : shown;
  return new UsageError(`${file}: there is no tenant "${id}"; there are ${known || "none"}`);
}

/** In UTC, as everywhere else. */
const today = (): string => new Date().toISOString().slice(0, 10);

const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2);
