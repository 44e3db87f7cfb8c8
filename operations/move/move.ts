/**
 * `operations/move/`: a tenant that moves from one stack to another, in the same account and region or elsewhere.
 *
 * One command that is repeated until it is done: what was begun goes on where it stopped.
 */
import type { Comparison } from "../../offline/plan/comparison.ts";
import type { OnProgress } from "../aws/tables.ts";
import { type Copied, type CopyOptions, moveByCopy } from "./copy-move.ts";
import { MoveJournal } from "./journal.ts";
import { prepare } from "./prepare.ts";
import type { MoveStacks } from "./stacks.ts";
import { moveByState } from "./state-move.ts";
import { type Asked, type MoveKind, type Step, stepsOf } from "./steps.ts";

export interface MoveOptions
  extends Asked,
    Pick<CopyOptions, "readOnlyAtMost" | "settleSeconds" | "onCopied"> {
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Says the steps, and does none. */
  readonly dryRun: boolean;
  readonly onProgress: OnProgress;
}

/** What `--json` prints; fields are only ever added. */
export interface MoveReport extends Asked {
  readonly version: 1;
  readonly kind: MoveKind;
  readonly outcome: "moved" | "dry-run" | "refused";
  /** Whether an earlier run had begun it. */
  readonly resumed: boolean;
  readonly steps: readonly Step[];
  readonly refusals: readonly string[];
  /** What differs by the two stacks' defaults; absent where the move is under way. */
  readonly plan?: Comparison;
  /** The last reading of both cells; absent where none was made. */
  readonly copied?: Copied;
  /** From the last moment at which all writes were taken to the first at which they are again. */
  readonly readOnlySeconds?: number;
}

/** @throws UsageError for what the user can put right. */
export async function moveTenant(options: MoveOptions, stacks: MoveStacks): Promise<MoveReport> {
  const { root, tenant, onProgress } = options;
  const begun = MoveJournal.read(root, tenant);
  const { from, to } = begun ?? options;
  const asked = { tenant, from, to };
  const prepared = begun ? undefined : await prepare(root, asked);
  const kind = begun?.kind ?? prepared?.kind ?? "copy";
  const refusals = [
    ...(prepared?.refusals ?? []),
    ...(begun && begun.to !== options.to
      ? [`it is on its way to ${begun.to}: finish that first`]
      : []),
  ];
  const report: Omit<MoveReport, "outcome"> = {
    version: 1,
    ...asked,
    kind,
    resumed: begun !== undefined,
    refusals,
    ...(prepared && { plan: prepared.plan }),
    steps: stepsOf(kind, asked, begun?.done ?? []),
  };
  if (refusals.length > 0) return { ...report, outcome: "refused" };
  if (options.dryRun) return { ...report, outcome: "dry-run" };

  const journal = MoveJournal.open(root, { ...asked, kind });
  try {
    const copied =
      kind === "copy"
        ? await moveByCopy(options, journal, stacks)
        : await moveByState(root, journal, stacks, onProgress);
    const { readOnlyAt, writableAt, done } = journal.state;
    return {
      ...report,
      outcome: "moved",
      steps: stepsOf(kind, asked, done),
      ...(copied && { copied }),
      ...(readOnlyAt !== undefined &&
        writableAt !== undefined && {
          readOnlySeconds: (Date.parse(writableAt) - Date.parse(readOnlyAt)) / 1000,
        }),
    };
  } finally {
    journal.close();
  }
}
