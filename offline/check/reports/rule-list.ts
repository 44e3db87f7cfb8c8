/** `chatstack check --list`: the rules, their levels in each stack, and the controls that they cover. */
import { type TextOptions, table } from "../../text.ts";
import type { RuleInfo } from "../report.ts";

export function ruleList(rules: readonly RuleInfo[], options: TextOptions): string {
  const rows = rules.map(({ id, severity, kind, levels, description, fix, frameworks }) => [
    `${id}\n${kind} rule, ${severity}`,
    Object.entries(levels)
      .map(([stack, level]) => `${stack}: ${level}`)
      .join("\n"),
    [description, fix && `Fix: ${fix}`, frameworks.length > 0 && `Covers: ${frameworks.join(", ")}`]
      .filter(Boolean)
      .join("\n"),
  ]);
  const head = ["rule", "level", "what, fix and controls"];
  return `${table(head, rows, options)}\n${rules.length} rules`;
}
