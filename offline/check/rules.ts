/** What a pack, or a rule of our own, says of its rules. */
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { StackRule } from "../../policies/rule.ts";
import { type EnforcementLevel, nameOf, type PolicySettings } from "./pack/policy-config.ts";
import type { RuleInfo, Severity } from "./report.ts";

export function rulesOf(
  info: analyzer.AnalyzerInfo,
  settings: ReadonlyMap<string, PolicySettings>,
  stack: string,
): RuleInfo[] {
  return info.getPoliciesList().map((policy) => {
    const tags = policy.getTagsList();
    const id = policy.getName();
    const fix = policy.getRemediationSteps();
    const service = tags.find((tag) => !tag.includes(":"));
    return {
      id,
      description: policy.getDescription(),
      ...(fix && { fix }),
      ...(service && { service }),
      severity: severities[policy.getSeverity()],
      kind: policy.getPolicyType() === analyzer.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
      frameworks: tags.filter((tag) => tag.includes(":")),
      levels: { [stack]: settings.get(id)?.level ?? nameOf(policy.getEnforcementlevel()) },
    };
  });
}

export const ownRuleInfo = (
  { id, description, reason, fix, service, severity, frameworks }: StackRule,
  stack: string,
  level: EnforcementLevel,
): RuleInfo => ({
  id,
  description: `${description} ${reason}`,
  fix,
  service,
  severity,
  kind: "stack",
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

/** A rule that names no severity counts as medium. */
const severities = {
  [analyzer.PolicySeverity.POLICY_SEVERITY_UNSPECIFIED]: "medium",
  [analyzer.PolicySeverity.POLICY_SEVERITY_LOW]: "low",
  [analyzer.PolicySeverity.POLICY_SEVERITY_MEDIUM]: "medium",
  [analyzer.PolicySeverity.POLICY_SEVERITY_HIGH]: "high",
  [analyzer.PolicySeverity.POLICY_SEVERITY_CRITICAL]: "critical",
} satisfies Record<analyzer.PolicySeverity, Severity>;
