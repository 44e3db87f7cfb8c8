/** What a pack, or a rule of this package, says of its rules. */
import { like } from "../../policies/reading/policy-document.ts";
import type { AnyRule } from "../../policies/rule.ts";
import type { EnforcementLevel } from "./pack/policy-config.ts";
import type { RuleInfo } from "./report.ts";

export const ruleInfo = (
  { id, kind, description, reason, fix, service, severity, frameworks }: AnyRule,
  stack: string,
  level: EnforcementLevel,
): RuleInfo => ({
  id,
  description: `${description} ${reason}`,
  fix,
  service,
  severity,
  kind,
  frameworks: frameworks.map(({ name, id: control }) => `${name}:${control}`),
  levels: { [stack]: level },
});

/** The rules of several stacks as one list, each with its level in each stack. */
export function mergeRules(lists: readonly (readonly RuleInfo[])[]): RuleInfo[] {
  const merged = new Map<string, RuleInfo>();
  for (const rule of lists.flat()) {
    const known = merged.get(rule.id);
    merged.set(rule.id, { ...rule, levels: { ...known?.levels, ...rule.levels } });
  }
  return [...merged.values()];
}

/** @param patterns of ids, `*` for any text; none asks for all. */
export const isAsked = (patterns: readonly string[], id: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => like(pattern, id));
