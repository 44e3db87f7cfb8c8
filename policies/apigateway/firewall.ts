import { hipaa, nag, securityHub } from "../frameworks.ts";
import { at, listAt, listOf, textAt, textsAt } from "../reading/read.ts";
import type { Stack, StackResource } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { restStages, v2Stages } from "./apis.ts";

const acls = "aws:wafv2/webAcl:WebAcl";
const associations = "aws:wafv2/webAclAssociation:WebAclAssociation";
const splitRules = "aws:wafv2/webAclRule:WebAclRule";
const ruleGroups = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation";
const loggings = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

export const waf = stackRule({
  id: "api-waf",
  service: "API Gateway",
  description: "Stages must stand behind a web application firewall.",
  reason: "Floods, bots and known exploits would reach the app, and be paid for.",
  fix: "name the stage's ARN in an aws.wafv2.WebAclAssociation; an HTTP API takes none, use a REST API.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [...nag("AwsSolutions-APIG3"), ...securityHub("APIGateway.4")],
  types: [restStages, v2Stages],
  judge(stage, report, _config, stack) {
    const protecting = stack.namedBy(stage, "resourceArn", associations);
    if (stage.type === v2Stages)
      report("aws.wafv2.WebAclAssociation", "impossible here", "a REST API");
    else if (protecting.length === 0)
      report("aws.wafv2.WebAclAssociation", undefined, "one that names the stage");
  },
});

export const wafRules = stackRule({
  id: "api-waf-rules",
  service: "API Gateway",
  description: "Firewalls must turn something away.",
  reason: "A web ACL whose rules only count, or that has none, lets everything pass.",
  fix: "give the web ACL rules that block, e.g. AWS's managed groups with overrideAction none.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: securityHub("WAF.10"),
  types: [acls],
  judge(acl, report, _config, stack) {
    if (at(acl.props, "defaultAction.block") !== undefined) return;
    if (stack.namedBy(acl, "webAclArn", ruleGroups).length > 0) return;
    const rules = rulesOf(acl, stack);
    if (rules.every(isCounting))
      report("rules", rules.length === 0 ? undefined : "only counting", "a rule that blocks");
  },
});

/** Inline, as text, or as resources of their own. */
function rulesOf(acl: StackResource, stack: Stack): readonly unknown[] {
  return [
    ...listAt(acl.props, "rules"),
    ...parse(textAt(acl.props, "ruleJson")),
    ...stack.namedBy(acl, "webAclArn", splitRules).map(({ props }) => props),
  ];
}

export const wafGroups = stackRule({
  id: "api-waf-groups",
  service: "API Gateway",
  description: "Firewalls must turn away what AWS knows to be bad, and floods.",
  reason: "Each group knows other attacks: without one of them, its attacks reach the app.",
  fix: "give the web ACL a rule with a managedRuleGroupStatement and overrideAction none for each group, and one with a rateBasedStatement that blocks.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: securityHub("WAF.10"),
  config: {
    groups: {
      type: "array",
      items: { type: "string" },
      default: [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
      ],
      description: "Managed rule groups that must not only count.",
    },
    rateLimit: {
      type: "boolean",
      default: true,
      description:
        "Whether to ask for a rate-based rule; in rule groups of one's own none is seen.",
    },
  },
  types: [acls],
  judge(acl, report, { groups, rateLimit }, stack) {
    // Where all is turned away but what a rule lets pass, groups have nothing to do.
    if (at(acl.props, "defaultAction.block") !== undefined) return;
    const rules = rulesOf(acl, stack).filter((rule) => !isCounting(rule) && !isNarrowed(rule));
    const associated = stack
      .namedBy(acl, "webAclArn", ruleGroups)
      .filter(({ props }) => at(props, "overrideAction") !== "count");
    const present = [
      ...rules.map((rule) => inEither(rule, "managedRuleGroupStatement", "name")),
      ...associated.map(({ props }) => at(props, "managedRuleGroup.name")),
    ];
    for (const group of groups.filter((name) => !present.includes(name)))
      report(`rules ${group}`, undefined, "a rule with it that does not only count");
    if (rateLimit && !rules.some((rule) => inEither(rule, "rateBasedStatement", "limit")))
      report("rules rateBasedStatement", undefined, "one that does not only count");
  },
});

/** A field of a rule's statement in the provider's words, or in AWS's. */
function inEither(rule: unknown, statement: string, field: string): unknown {
  const path = ["statement", statement, field];
  return (
    at(rule, path) ??
    at(
      rule,
      path.map((key) => key.charAt(0).toUpperCase() + key.slice(1)),
    )
  );
}

/** In the provider's words, or in `ruleJson` in AWS's. */
function isCounting(rule: unknown): boolean {
  return ["action.count", "overrideAction.count", "Action.Count", "OverrideAction.Count"].some(
    (path) => at(rule, path) !== undefined,
  );
}

/**
 * Whether the rule looks at some requests only. One that spares some (`notStatement`) looks at the others; what any
 * other statement matches, perhaps nothing, no rule can tell.
 */
function isNarrowed(rule: unknown): boolean {
  return ["managedRuleGroupStatement", "rateBasedStatement"].some((statement) => {
    const scope = inEither(rule, statement, "scopeDownStatement");
    if (scope === undefined) return false;
    return at(scope, "notStatement") === undefined && at(scope, "NotStatement") === undefined;
  });
}

function parse(json: string | undefined): readonly unknown[] {
  return json === undefined ? [] : listOf(JSON.parse(json));
}

export const wafLog = stackRule({
  id: "api-waf-log",
  service: "API Gateway",
  description: "Firewalls must log what they turn away.",
  reason: "An attack that nobody sees is tried until it works; so is a rule that hits users.",
  fix: "name the web ACL in an aws.wafv2.WebAclLoggingConfiguration.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [
    ...nag("HIPAA.Security-WAFv2LoggingEnabled"),
    ...securityHub("WAF.11"),
    ...hipaa("164.312(b)"),
  ],
  types: [acls],
  judge(acl, report, _config, stack) {
    if (stack.namedBy(acl, "resourceArn", loggings).length === 0)
      report("aws.wafv2.WebAclLoggingConfiguration", undefined, "one that names the web ACL");
  },
});

export const wafRedaction = resourceRule({
  id: "api-waf-redaction",
  service: "API Gateway",
  description: "Firewalls must keep no tokens, neither in logs nor in sampled requests.",
  reason: "Both show all headers: whoever reads them could act as the user.",
  fix: 'add redactedFields: [{ singleHeader: { name: "authorization" } }] to the logging, and to the web ACL dataProtectionConfig for that header.',
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: [loggings, acls],
  judge({ type, props }, report) {
    if (type === acls && !samples(props)) return;
    const property = type === acls ? "dataProtectionConfig.dataProtections" : "redactedFields";
    const hidden = listAt(props, property).flatMap((entry) => [
      ...textsAt(entry, "singleHeader.name"),
      ...textsAt(entry, "field.fieldKeys"),
    ]);
    if (!hidden.some((name) => name.toLowerCase() === "authorization"))
      report(property, undefined, "the authorization header among them");
  },
});

/** Whether the console shows requests that the web ACL, or one of its rules, saw. */
function samples(acl: unknown): boolean {
  return [acl, ...listAt(acl, "rules")].some(
    (one) => at(one, "visibilityConfig.sampledRequestsEnabled") === true,
  );
}

export const wafMetrics = resourceRule({
  id: "api-waf-metrics",
  service: "API Gateway",
  description: "Firewalls should count what each rule does.",
  reason: "Without metrics no alarm tells of an attack, or of a rule that hits users.",
  fix: "set cloudwatchMetricsEnabled: true in the visibilityConfig of the web ACL and its rules.",
  severity: "low",
  level: "advisory",
  frameworks: securityHub("WAF.12"),
  types: [acls],
  judge({ props }, report) {
    const paths = ["", ...listAt(props, "rules").map((_, index) => `rules.${index}.`)];
    for (const path of paths.map((prefix) => `${prefix}visibilityConfig.cloudwatchMetricsEnabled`))
      if (at(props, path) !== true) report(path, at(props, path), "true");
  },
});
