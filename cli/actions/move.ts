/** What `chatstack tenant move` does with its flags. */

import { defaultPolicyPack } from "../../offline/check/pack/policy-pack.ts";
import { projectRoot } from "../../offline/files/project-root.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { cellsOf } from "../../operations/move/cells.ts";
import { type MoveReport, moveTenant } from "../../operations/move/move.ts";
import type { MoveStacks } from "../../operations/move/stacks.ts";
import { copiedText, moveText } from "../../operations/move/text.ts";
import { startProgress } from "../terminal/progress.ts";
import { stdoutText } from "../terminal/stdout.ts";
import type { Answer } from "./tenant.ts";

export interface MoveFlags {
  readonly root?: string;
  readonly stack: string;
  readonly to: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly readOnlyAtMost: number;
  readonly settle: number;
  readonly policyPack?: string;
  readonly json?: true;
}

/** @param open gives the stacks; asked only where something is to be done. */
export async function move(
  tenant: string,
  flags: MoveFlags,
  open: typeof cellsOf = cellsOf,
): Promise<Answer> {
  const { root = projectRoot(), stack: from, to, json } = flags;
  const progress = startProgress(process.stderr, `moving ${tenant}`);
  try {
    const asked = {
      ...{ root, tenant, from, to },
      readOnlyAtMost: flags.readOnlyAtMost,
      settleSeconds: flags.settle,
      onProgress: progress.update,
      onCopied: (copied: Parameters<typeof copiedText>[0]) =>
        progress.update(copiedText(copied).split("\n")[0] ?? ""),
    };
    const shown = await moveTenant({ ...asked, dryRun: true }, nothingIsTouched);
    if (shown.outcome === "refused" || flags.dryRun) return answer(shown, json);
    if (!flags.yes) {
      const text = moveText(shown, stdoutText());
      throw new UsageError(`${text}\nTo do it: repeat the command with --yes.`);
    }
    const policyPack = flags.policyPack ?? defaultPolicyPack(root);
    return answer(
      await moveTenant({ ...asked, dryRun: false }, await open({ root, policyPack })),
      json,
    );
  } finally {
    progress.end();
  }
}

const refuse = (): never => {
  throw new Error("a dry run touches no stack");
};

const nothingIsTouched: MoveStacks = {
  up: refuse,
  dataOf: refuse,
  urnOf: refuse,
  moveState: refuse,
  forget: refuse,
};

function answer(report: MoveReport, json: true | undefined): Answer {
  const code = report.outcome === "refused" ? 1 : 0;
  if (json) return { stdout: JSON.stringify(report, undefined, 2), code };
  const text = moveText(report, stdoutText());
  return code === 1 ? { stderr: text, code } : { stdout: text, code };
}
