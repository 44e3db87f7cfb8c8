/**
 * `cli/actions/`: what each command does with its flags, and the exit code it ends with.
 *
 * What `chatstack cell …` does with its flags.
 */
import { type CellPlan, planCells } from "../../offline/cells/plan.ts";
import { cellsText } from "../../offline/cells/text.ts";
import { projectRoot } from "../../offline/files/project-root.ts";
import { startProgress } from "../terminal/progress.ts";
import { stdoutText } from "../terminal/stdout.ts";
import { type Outcome, writeOutcome } from "./outcome.ts";

export interface CellPlanFlags {
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly new?: string;
  readonly json?: true;
}

/** Writes the result; resolves to the exit code. */
export async function plan(flags: CellPlanFlags): Promise<number> {
  return writeOutcome(await outcomeOf(flags), undefined);
}

/** @throws UsageError or ProjectError for files that are wrong. */
export async function outcomeOf({
  root = projectRoot(),
  new: newTenants,
  json,
}: CellPlanFlags): Promise<Outcome> {
  const planned = await gathered(root, newTenants);
  const text = json ? JSON.stringify(planned, undefined, 2) : cellsText(planned, stdoutText());
  return { text, code: planned.outcome === "changes" ? 1 : 0 };
}

async function gathered(root: string, newTenants: string | undefined): Promise<CellPlan> {
  const progress = startProgress(process.stderr, "reading the cells");
  try {
    return await planCells({
      root,
      ...(newTenants !== undefined && { newTenants }),
      onProgress: (text) => progress.update(text),
    });
  } finally {
    progress.end();
  }
}
