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
    `Restored ${source} as it was at ${at} to ${target}${resumed ? ", continuing an earlier run" : ""}.`,
    "",
    table(
      ["setting of the new table", "result"],
      protections.map(({ setting, outcome }) => [setting, outcome]),
      options,
    ),
    "`pulumi up` moves auto scaling, permissions, alarms and scheduled backups to the new table.",
    "",
    ...(comparison
      ? comparisonLines(comparison, options)
      : ["Not compared with the old table.", ""]),
    ...(since ? sinceLines(since, at, options) : []),
    ...(documents ? documentLines(documents) : []),
    ...(documentsUnread === undefined ? [] : [`Documents not compared: ${documentsUnread}`, ""]),
    ...adoptionLines(restore, stack),
    "",
  ].join("\n");
}

function comparisonLines(comparison: Comparison, options: TextOptions): string[] {
  const { items, compared, onlyRestored, changedSince, different, missing, isSame } = comparison;
  const rows = items.map(({ kind, source, restored }) => [kind, String(source), String(restored)]);
  return [
    table(["items", "old table", "restored table"], rows, options),
    `Messages: ${compared} compared, ${onlyRestored} only in the restored table, ` +
      `${changedSince} rewritten later in the old table.`,
    ...different.keys.map((key) => `  differs: ${key}`),
    ...missing.keys.map((key) => `  missing, or imported later with an older time: ${key}`),
    isSame
      ? "No compared message differs or is missing."
      : `Different: ${counted(different.count, "message differs", "messages differ")}, ` +
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
  const head = `Later changes in the old table, since ${at}`;
  if (rows.length === 0) {
    return [`${head}: none.`, ...leftLines(left), ...undecidedLines(undecided), ""];
  }
  return [
    `${head}, ${isBrought ? "copied to the restored table" : "not copied yet"}:`,
    table(["change", "count"], rows, options),
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
    ...(isBrought ? [] : ["`--bring-over` copies them to the restored table."]),
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
        `${counted(count, "conversation is", "conversations are")} only in the restored table. Their tombstones ` +
          "would have expired, so nobody can tell whether users deleted them: they are kept.",
      ];

function listed(ids: readonly string[], count: number): string {
  const names = ids.slice(0, shown).join(", ");
  return count > shown ? `${names}, …` : names;
}

function documentLines(documents: DocumentChanges & { readonly mode: "list" | "restore" }) {
  const { deleted, overwritten, restored, gone, keys, mode } = documents;
  if (deleted + overwritten + gone === 0) {
    return ["Documents: the bucket has every object that the restored table refers to.", ""];
  }
  return [
    `Documents that the restored table refers to: ${deleted} deleted later, ${overwritten} overwritten ` +
      `later, ${gone} without any version left.`,
    ...keys.map((key) => `  ${key}`),
    mode === "restore"
      ? `${counted(restored, "object is", "objects are")} the present version again.`
      : "`--restore-documents` copies the versions of that time over the present ones.",
    "",
  ];
}

function adoptionLines({ adoption, written, doubts }: Restore, stack: string): string[] {
  const { path, lines, losses } = adoption;
  if (losses.length > 0) {
    return [
      "The stack cannot adopt the new table yet:",
      ...losses.map(({ reason }) => `  ${reason}`),
    ];
  }
  return [
    written ? `Written to ${path}:` : `The stack adopts the new table by this edit of ${path}:`,
    ...lines.map((line) => `  ${line}`),
    ...(written ? [] : doubts.map((doubt) => `Not yet: ${doubt}.`)),
    `Then \`chatstack check --stack ${stack}\` and \`pulumi up --stack ${stack}\`: the old table stays in ` +
      "the account, unmanaged.",
  ];
}
