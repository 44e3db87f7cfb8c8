/** Policies and their settings as the protocol carries them. */
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { RuleInfo, Severity } from "../report.ts";
import {
  type EnforcementLevel,
  enforcementLevels,
  PolicyConfigError,
  type PolicyInfo,
  type PolicySettings,
} from "./policy-config.ts";

export function policiesOf(info: analyzer.AnalyzerInfo): PolicyInfo[] {
  return info.getPoliciesList().map((policy) => {
    const initial = info.getInitialconfigMap().get(policy.getName());
    return {
      id: policy.getName(),
      level: nameOf(initial?.getEnforcementlevel() ?? policy.getEnforcementlevel()),
      schema: withoutNulls(policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}),
      required: policy.getConfigschema()?.getRequiredList() ?? [],
      initial: initial?.getProperties()?.toJavaScript() ?? {},
    };
  });
}

export function configureRequest(
  settings: ReadonlyMap<string, PolicySettings>,
): analyzer.ConfigureAnalyzerRequest {
  const request = new analyzer.ConfigureAnalyzerRequest();
  for (const [id, { level, properties }] of settings) {
    const config = new analyzer.PolicyConfig()
      .setEnforcementlevel(wireLevels[level])
      .setProperties(struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties))));
    request.getPolicyconfigMap().set(id, config);
  }
  return request;
}

const wireLevels = {
  advisory: analyzer.EnforcementLevel.ADVISORY,
  mandatory: analyzer.EnforcementLevel.MANDATORY,
  remediate: analyzer.EnforcementLevel.REMEDIATE,
  disabled: analyzer.EnforcementLevel.DISABLED,
} satisfies Record<EnforcementLevel, analyzer.EnforcementLevel>;

function nameOf(wireLevel: analyzer.EnforcementLevel): EnforcementLevel {
  const found = enforcementLevels.find((name) => wireLevels[name] === wireLevel);
  if (found === undefined) throw new PolicyConfigError(`unknown enforcement level ${wireLevel}`);
  return found;
}

/** What the SDK leaves undefined arrives as null, which JSON Schema does not know as absent. */
const withoutNulls = (schema: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema).map(([name, setting]) => [
      name,
      Object.fromEntries(Object.entries(setting ?? {}).filter(([, value]) => value !== null)),
    ]),
  );

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

/** A rule that names no severity counts as medium. */
const severities = {
  [analyzer.PolicySeverity.POLICY_SEVERITY_UNSPECIFIED]: "medium",
  [analyzer.PolicySeverity.POLICY_SEVERITY_LOW]: "low",
  [analyzer.PolicySeverity.POLICY_SEVERITY_MEDIUM]: "medium",
  [analyzer.PolicySeverity.POLICY_SEVERITY_HIGH]: "high",
  [analyzer.PolicySeverity.POLICY_SEVERITY_CRITICAL]: "critical",
} satisfies Record<analyzer.PolicySeverity, Severity>;
