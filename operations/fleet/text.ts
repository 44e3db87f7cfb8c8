/** The summary of a fleet run for people. */
import { type Style, type TextOptions, table } from "../../offline/text.ts";
import { type Changes, changeKinds } from "./engine/engine.ts";
import type { FleetReport, StackResult } from "./report.ts";

const styles: Readonly<Record<StackResult["result"], Style>> = {
  succeeded: "green",
  failed: "red",
  interrupted: "yellow",
  skipped: "dim",
};

export function fleetText(report: FleetReport, options: TextOptions): string {
  const { stacks, summary, operation, run } = report;
  const { paint } = options;
  const rows = stacks.map((stack) => [
    stack.stack,
    paint(styles[stack.result], stack.result) + (stack.earlier ? "\nearlier" : ""),
    stack.result === "skipped" ? "" : changesText(stack.changes),
    stack.seconds.toFixed(1) + (stack.tries > 1 ? `\n${stack.tries} tries` : ""),
    stack.causes.join("\n"),
  ]);
  const longest = Math.max(...stacks.map(({ stack }) => stack.length));
  const widths = [Math.min(40, Math.max(9, longest + 2)), 13, 20, 9];
  const counts = (["succeeded", "failed", "interrupted", "skipped"] as const)
    .filter((result) => summary[result] > 0)
    .map((result) => `${summary[result]} ${result}`);
  const style = report.outcome === "succeeded" ? "green" : "red";
  const parts = [
    table(["stack", "result", "changes", "seconds", "cause"], widths, rows, options),
    lockNote(stacks),
    `${paint(style, `${operation} ${report.outcome}`)}: ${counts.join(", ")} in ${summary.seconds.toFixed(1)} s`,
    report.outcome === "failed" &&
      run !== "" &&
      `To finish it: chatstack fleet ${operation} --resume`,
  ];
  return parts.filter(Boolean).join("\n");
}

/** What an operation that was cut short leaves behind, and how to be rid of it. */
function lockNote(stacks: readonly StackResult[]): string {
  const locked = stacks.filter(({ mayHoldLock }) => mayHoldLock);
  if (locked.length === 0) return "";
  const commands = locked.map(({ stack }) => `  pulumi cancel --stack ${stack}`);
  return [
    "These may hold a lock. If no update of them runs anywhere, clear it, or resume with --cancel-interrupted:",
    ...commands,
  ].join("\n");
}

/** `2 create, 40 same` */
export function changesText(changes: Changes): string {
  const made = changeKinds.filter((kind) => changes[kind] > 0);
  if (made.length === 0) return "no resources";
  return made.map((kind) => `${changes[kind]} ${kind}`).join(", ");
}
