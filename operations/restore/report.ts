/** What `chatstack restore` tells people. Keys of messages, never what they hold. */
import { counted, type TextOptions, table } from "../../offline/text.ts";
import type { Comparison } from "./compare.ts";
import type { DocumentChanges } from "./documents.ts";
import type { Restore } from "./restore.ts";
import type { Changes } from "./since/changes.ts";

export function restoreReport(restore: Restore, stack: string, options: TextOptions): string {
  const {
    source,
    target,
    at,
    resumed,
    protections,
    comparison,
    since,
    documents,
    documentsUnread,
  } = restore;
  return [
    `Restored ${source} as it was at ${at} to ${target}${resumed ? ", which an earlier run had begun" : ""}.`,
    "",
    table(
      ["setting of the new table", ""],
      protections.map(({ setting, outcome }) => [setting, outcome]),
      options,
    ),
    "Auto scaling, permissions, alarms and scheduled backups are the stack's: `pulumi up` moves them.",
    "",
    ...(comparison ? comparisonLines(comparison, options) : ["Not compared with the source.", ""]),
    ...(since ? sinceLines(since, at, options) : []),
    ...(documents ? documentLines(documents) : []),
    ...(documentsUnread === undefined ? [] : [`Documents not looked at: ${documentsUnread}`, ""]),
    ...adoptionLines(restore, stack),
    "",
  ].join("\n");
}

function comparisonLines(comparison: Comparison, options: TextOptions): string[] {
  const { items, compared, onlyRestored, changedSince, different, missing, isSame } = comparison;
  const rows = items.map(({ kind, source, restored }) => [kind, String(source), String(restored)]);
  return [
    table(["items", "source", "restored"], rows, options),
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

/** Names in a report; `--json` has more. */
const shown = 20;

type Since = NonNullable<Restore["since"]>;

function sinceLines(since: Since, at: string, options: TextOptions): string[] {
  const { mode, counts, users, conversations, left, undecided } = since;
  const rows = Object.entries(counts).map(([what, count]) => [what, count.toLocaleString("en")]);
  const isBrought = mode === "bring-over";
  const head = isBrought
    ? `Brought over to the restored table, of what was written to the source since ${at}:`
    : `Written to the source since ${at}, and not in the restored table:`;
  if (rows.length === 0) {
    return [`${head} nothing.`, ...leftLines(left), ...undecidedLines(undecided), ""];
  }
  return [
    head,
    table(["", isBrought ? "brought over" : "not there"], rows, options),
    `Of ${counted(users.count, "user", "users")}: ${listed(users.ids, users.count)}`,
    ...conversations
      .slice(0, shown)
      .map(
        ({ user, conversation, change, messages }) =>
          `  ${user} ${conversation}: ${change}, ${counted(messages, "message", "messages")}`,
      ),
    ...(conversations.length > shown ? ["  … and more: --json names 1,000"] : []),
    ...leftLines(left),
    ...undecidedLines(undecided),
    ...(isBrought ? [] : ["`--bring-over` writes it to the restored table."]),
    "",
  ];
}

const leftLines = ({ count, first }: Changes["left"]): string[] => [
  ...(count > 0 ? [`Left as restored: ${counted(count, "item", "items")}.`] : []),
  ...first
    .slice(0, shown)
    .map(({ user, conversation, why }) => `  ${[user, conversation].join(" ").trim()}: ${why}`),
];

const undecidedLines = (count: number): string[] =>
  count === 0
    ? []
    : [
        `${counted(count, "conversation is", "conversations are")} in the restored table alone. Tombstones ` +
          "of that time have expired: they were deleted or lost, and they are kept.",
      ];

function listed(ids: readonly string[], count: number): string {
  const names = ids.slice(0, shown).join(", ");
  return count > shown ? `${names}, …` : names;
}

function documentLines(documents: DocumentChanges & { readonly mode: "list" | "restore" }) {
  const { deleted, overwritten, restored, gone, keys, mode } = documents;
  if (deleted + overwritten + gone === 0) {
    return ["Documents: the bucket holds everything that the restored table refers to.", ""];
  }
  return [
    `Documents that the restored table refers to: ${deleted} deleted since, ${overwritten} overwritten ` +
      `since, ${gone} without any version left.`,
    ...keys.map((key) => `  ${key}`),
    mode === "restore"
      ? `${counted(restored, "object is", "objects are")} the present version again.`
      : "`--restore-documents` makes the versions of that time the present ones again.",
    "",
  ];
}

function adoptionLines({ adoption, written, doubts }: Restore, stack: string): string[] {
  const { path, lines, losses } = adoption;
  if (losses.length > 0) {
    return ["The stack cannot adopt it yet:", ...losses.map(({ reason }) => `  ${reason}`)];
  }
  return [
    written ? `Written to ${path}:` : `The stack adopts the new table by this edit of ${path}:`,
    ...lines.map((line) => `  ${line}`),
    ...(written ? [] : doubts.map((doubt) => `Not yet: ${doubt}.`)),
    `Then \`chatstack check --stack ${stack}\` and \`pulumi up --stack ${stack}\`: the old table stays in ` +
      "the account, unmanaged.",
  ];
}
