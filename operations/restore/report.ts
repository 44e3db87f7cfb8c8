/** What `chatstack restore` tells people. Keys of messages, never what they hold. */
import { counted, type TextOptions, table } from "../../offline/text.ts";
import type { Comparison } from "./compare.ts";
import type { Restore } from "./restore.ts";

export function restoreReport(restore: Restore, stack: string, options: TextOptions): string {
  const { source, target, at, resumed, protections, comparison } = restore;
  return [
    `Restored ${source} as it was at ${at} to ${target}${resumed ? ", which an earlier run had begun" : ""}.`,
    "",
    table(
      ["setting of the new table", ""],
      [26],
      protections.map(({ setting, outcome }) => [setting, outcome]),
      options,
    ),
    "Auto scaling, permissions, alarms and scheduled backups are the stack's: `pulumi up` moves them.",
    "",
    ...(comparison ? comparisonLines(comparison, options) : ["Not compared with the source.", ""]),
    ...adoptionLines(restore, stack),
    "",
  ].join("\n");
}

function comparisonLines(comparison: Comparison, options: TextOptions): string[] {
  const { items, compared, onlyRestored, changedSince, different, missing, isSame } = comparison;
  const rows = items.map(({ kind, source, restored }) => [kind, String(source), String(restored)]);
  return [
    table(["items", "source", "restored"], [12, 12], rows, options),
    `Messages of the sample: ${compared} compared, ${onlyRestored} in the restored table alone, ` +
      `${changedSince} written anew in the source since.`,
    ...different.keys.map((key) => `  differs: ${key}`),
    ...missing.keys.map((key) => `  missing, or imported since with an older time: ${key}`),
    isSame
      ? "No message of the sample differs or is missing."
      : `Not the same: ${counted(different.count, "message differs", "messages differ")}, ` +
        `${counted(missing.count, "is missing", "are missing")}.`,
    "",
  ];
}

function adoptionLines({ adoption, written, comparison }: Restore, stack: string): string[] {
  const { path, lines, losses } = adoption;
  if (losses.length > 0) {
    return ["The stack cannot adopt it yet:", ...losses.map(({ reason }) => `  ${reason}`)];
  }
  const isDoubtful = comparison?.isSame === false;
  return [
    written ? `Written to ${path}:` : `The stack adopts the new table by this edit of ${path}:`,
    ...lines.map((line) => `  ${line}`),
    ...(isDoubtful && !written ? ["Look at what differs first; nothing was written."] : []),
    `Then \`chatstack check --stack ${stack}\` and \`pulumi up --stack ${stack}\`: the old table stays in ` +
      "the account, unmanaged.",
  ];
}
