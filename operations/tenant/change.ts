/**
 * `operations/tenant/`: a tenant's life cycle as edits of the stack's file.
 *
 * A change of a stack file: evaluated before it is written, and written whole or not at all.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { EvaluationError } from "../../offline/evaluate.ts";
import { fileFault, readText } from "../../offline/files/files.ts";
import { projectRoot } from "../../offline/files/project-root.ts";
import { evaluateStack, readProject, readStackFile } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { UsageError } from "../../offline/usage-error.ts";
import type { StackText } from "./verified.ts";

export interface StackSource extends StackText {
  readonly root: string;
  readonly stack: string;
  readonly path: string;
}

export function readSource({
  root = projectRoot(),
  stack,
}: {
  readonly root?: string | undefined;
  readonly stack: string;
}): StackSource {
  const { name: project } = readProject(root);
  const { path } = readStackFile(root, project, stack);
  return { root, stack, project, path, file: basename(path), text: readText(path) };
}

/**
 * The stack's resources with this text as its file.
 *
 * @throws UsageError naming file, path, what was found and what is allowed.
 */
export async function recordsOf(
  { root, stack, file, text: before }: StackSource,
  text: string,
): Promise<readonly ResourceRecord[]> {
  try {
    return (await evaluateStack(stack, { root, text })).records;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const unwritten = text === before ? "" : `\nNothing was written to ${file}.`;
    throw new UsageError(`${error.message}${unwritten}`);
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
  } catch (error) {
    const fault = fileFault(error, "write", path);
    throw fault === undefined ? error : new UsageError(`${fault}. Nothing was written.`);
  } finally {
    rmSync(temporary, { force: true });
  }
}
