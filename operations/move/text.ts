/** A move, for people. */
import { comparisonText } from "../../offline/plan/show/text.ts";
import { counted, type TextOptions } from "../../offline/text.ts";
import type { Copied } from "./copy-move.ts";
import type { MoveReport } from "./move.ts";

export function moveText(report: MoveReport, options: TextOptions): string {
  const { tenant, from, to, outcome, refusals, steps, plan, kind } = report;
  const what =
    kind === "state"
      ? "same account and region: the state moves, no data is touched"
      : "another account or region: users, items and objects are copied";
  const title = options.paint("bold", `${tenant}: ${from} → ${to}`);
  if (outcome === "refused") {
    return [
      `${title}: refused, and nothing was touched:`,
      ...refusals.map((one) => `  - ${one}`),
    ].join("\n");
  }
  const list = steps.map(({ does, done }, at) => `  ${done ? "✓" : " "} ${at + 1}. ${does}`);
  const parts = [`${title} (${what})`, list.join("\n")];
  if (outcome === "dry-run") {
    if (kind === "state" && plan) parts.push(comparisonText(plan, options));
    return [...parts, "Dry run: nothing was touched."].join("\n\n");
  }
  return [...parts, ...closing(report)].join("\n\n");
}

function closing({ kind, tenant, from, copied, readOnlySeconds }: MoveReport): string[] {
  if (kind === "state") return [`Moved. The data is where it was.`];
  return [
    ...(copied ? [copiedText(copied)] : []),
    ...(readOnlySeconds === undefined
      ? []
      : [`Read-only time: ${readOnlySeconds.toFixed(1)} s, deployments included.`]),
    `Moved. ${from} still has the data of before, suspended. Once nobody needs it: \`chatstack tenant offboard ${tenant} --stack ${from}\`.`,
  ];
}

export function copiedText({ users, items, objects, seconds }: Copied): string {
  const { unreachable, strangers } = users;
  return [
    `${counted(users.count, "user", "users")}, ${counted(items.found, "item", "items")} and ` +
      `${counted(objects.found, "object", "objects")} in both cells, read in ${seconds.toFixed(1)} s: ` +
      `${items.written + objects.written} written, ${items.deleted + objects.deleted} deleted.`,
    'Users set a new password with "forgot password", and register an authenticator app again.',
    ...(users.federated > 0
      ? [`${users.federated} of them come from a directory, and sign in as before.`]
      : []),
    ...(unreachable.length > 0
      ? [
          `No verified address, so an administrator has to set the password: ${listed(unreachable)}.`,
        ]
      : []),
    ...(strangers.length > 0 ? [`Only the new pool has: ${listed(strangers)}.`] : []),
  ].join("\n");
}

const shown = 10;

const listed = (names: readonly string[]): string =>
  names.length > shown
    ? `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`
    : names.join(", ");
