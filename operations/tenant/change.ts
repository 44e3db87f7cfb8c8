/**
 * `operations/tenant/`: a tenant's life cycle as edits of the stack's file.
 *
 * A change of a stack file: evaluated before it is written, and written whole or not at all.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { EvaluationError } from "../../offline/evaluate.ts";
import { evaluateTenants, readProject, readStackFile } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { evaluateOnAllCores } from "../../offline/slices/records.ts";
import { tenantsApart } from "../../offline/slices/slices.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { parseStackConfig } from "../../stacks/config.ts";
import type { StackText } from "./verified.ts";

export interface StackSource extends StackText {
  readonly root: string;
  readonly stack: string;
  readonly path: string;
}

export function readSource({
  root = process.cwd(),
  stack,
}: {
  readonly root?: string | undefined;
  readonly stack: string;
}): StackSource {
  const { name: project } = readProject(root);
  const { path } = readStackFile(root, project, stack);
  return { root, stack, project, path, file: basename(path), text: readFileSync(path, "utf8") };
}

/**
 * The stack's resources with this text as its file.
 *
 * @param only a tenant that stands alone: its resources and what all share.
 * @throws UsageError naming file, path, what was found and what is allowed.
 */
export async function recordsOf(
  { root, stack, project, file }: StackSource,
  text: string,
  only?: string,
): Promise<readonly ResourceRecord[]> {
  const alone =
    only === undefined ? undefined : await ofTenant({ root, stack, project }, text, only);
  if (alone) return alone;
  try {
    return (await evaluateOnAllCores(stack, { root, text })).records;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new UsageError(`${error.message}\nNothing was written to ${file}.`);
  }
}

/** Whether a change of this tenant can be judged without the others. */
export function standsAlone({ root, stack, project, text }: StackSource, id: string): boolean {
  return tenantsApart(root, readStackFile(root, project, stack, text)).includes(id);
}

/** Undefined where something is wrong: an evaluation of all says what, and where it stands in the whole list. */
async function ofTenant(
  { root, stack, project }: Pick<StackSource, "root" | "stack" | "project">,
  text: string,
  id: string,
): Promise<readonly ResourceRecord[] | undefined> {
  try {
    const file = readStackFile(root, project, stack, text);
    parseStackConfig(file.config, project, file.path);
    return (await evaluateTenants(file, [id], { root })).records;
  } catch {
    return undefined;
  }
}

/** @throws UsageError when somebody else wrote meanwhile. */
export function write({ path, file, text }: StackSource, edited: string): void {
  // A link stays a link.
  const target = realpathSync(path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, edited, { mode: statSync(target).mode, flag: "wx" });
    if (readFileSync(target, "utf8") !== text) {
      throw new UsageError(`${file}: was changed by somebody else meanwhile; nothing was written`);
    }
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}
