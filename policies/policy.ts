import type {
  EnforcementLevel,
  Policies,
  Policy,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Finding } from "./judge.ts";
import { indexStack, judgeResource, judgeStack, withDefaults } from "./judge.ts";
import type { StackConfig } from "./reading/stack-config.ts";
import type { AnyRule, ResourceRule, StackRule } from "./rule.ts";

/** The rules as policies for `new PolicyPack`, at the levels that the stack's config asks for. */
export function toPolicies(rules: readonly AnyRule[], stackConfig: StackConfig): Policies {
  return rules.map((rule) =>
    rule.kind === "resource" ? resourcePolicy(rule, stackConfig) : stackPolicy(rule, stackConfig),
  );
}

/**
 * The level that the rule has in this stack. Policy config overrides it in the engine
 * (`enforcementLevel: mandatory | advisory | remediate | disabled`).
 */
export function levelOf(rule: AnyRule, { environment }: StackConfig): "mandatory" | "advisory" {
  if (rule.level !== "mandatory-in-production") return rule.level;
  return environment === "production" ? "mandatory" : "advisory";
}

function resourcePolicy(rule: ResourceRule, stackConfig: StackConfig): ResourceValidationPolicy {
  const { remediate } = rule;
  return {
    ...describe(rule, stackConfig),
    validateResource: (args, report) =>
      tell(judgeResource(rule, args, stackConfig, args.getConfig()), rule, stackConfig, report),
    remediateResource:
      remediate &&
      ((args) => {
        const config = args.getConfig<Record<string, unknown>>();
        const findings = judgeResource(rule, args, stackConfig, config);
        if (findings.length === 0 || findings.some(({ verdict }) => verdict !== "violation"))
          return;
        remediate(args.props, withDefaults(rule.config, config));
        return args.props;
      }),
  };
}

function stackPolicy(rule: StackRule, stackConfig: StackConfig): StackValidationPolicy {
  return {
    ...describe(rule, stackConfig),
    validateStack: ({ resources, getConfig }, report) => {
      const findings = judgeStack(rule, indexStack(resources, stackConfig), getConfig());
      tell(findings, rule, stackConfig, report);
    },
  };
}

function describe(rule: AnyRule, stackConfig: StackConfig): Policy {
  const [framework] = rule.frameworks;
  return {
    name: rule.id,
    description: descriptionOf(rule),
    enforcementLevel: levelOf(rule, stackConfig),
    severity: rule.severity,
    tags: [rule.service, ...rule.frameworks.map(({ name, id }) => `${name}:${id}`)],
    remediationSteps: rule.fix,
    ...(rule.config && { configSchema: { properties: { ...rule.config } } }),
    ...(framework && {
      framework: {
        name: framework.name,
        version: "",
        reference: framework.id,
        specification: framework.url ?? "",
      },
    }),
  };
}

/** The SDK puts it, and a line break, before every violation's text. */
function descriptionOf({ description, reason }: AnyRule): string {
  return `${description} ${reason}`;
}

/**
 * Violations go out at the policy's level. What cannot be told at preview and what is exempt goes out as an
 * advisory of the same policy: were it mandatory, no stack could be created whose policies hold ARNs that only its
 * first update makes known. That update judges each resource again, with values, before it is created.
 * Outside a preview nothing may be unknown, so there the policy's own level stands. A rule that failed stops the
 * update whatever its level.
 */
function tell(
  findings: readonly Finding[],
  rule: AnyRule,
  { preview }: StackConfig,
  report: ReportViolation,
): void {
  for (const { verdict, message, urn, isFault } of findings) {
    if (isFault) reportAt("mandatory", rule, message, urn, report);
    else if (verdict === "exempt" || (verdict === "cannot-tell" && preview))
      reportAt("advisory", rule, message, urn, report);
    else report(message, urn);
  }
}

/**
 * The SDK takes an object with a level of its own where its types show text only. Were that to end, the text would
 * read "[object Object]" at the policy's own level.
 */
function reportAt(
  enforcementLevel: EnforcementLevel,
  rule: AnyRule,
  text: string,
  urn: string,
  report: ReportViolation,
): void {
  const message = `${descriptionOf(rule)}\n${text}`;
  Reflect.apply(report, undefined, [{ message, urn, enforcementLevel }]);
}
