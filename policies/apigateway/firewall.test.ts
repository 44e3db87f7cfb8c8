import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { restStages } from "./apis.ts";
import { waf, wafGroups, wafLog, wafMetrics, wafRedaction, wafRules } from "./firewall.ts";
import { stage, v2Stage } from "./samples.ts";

const associations = "aws:wafv2/webAclAssociation:WebAclAssociation";
const loggings = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
const v1 = stage();
const stageArn = "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/v1";

testRule(waf, {
  passes: {
    "a stage behind a firewall": [v1, settingOf(v1, associations, {}, "resourceArn")],
    "a stage that is named by its ARN": [
      resource(restStages, { arn: stageArn }),
      resource(associations, { resourceArn: stageArn }),
    ],
  },
  objects: {
    "there is none": [[v1], "aws.wafv2.WebAclAssociation"],
    "it protects another stage": [
      [v1, resource(associations, { resourceArn: stageArn })],
      "aws.wafv2.WebAclAssociation",
    ],
    "the API is an HTTP API": [[v2Stage()], "aws.wafv2.WebAclAssociation"],
  },
});

const acl = (props: object = {}) =>
  resource("aws:wafv2/webAcl:WebAcl", { defaultAction: { allow: {} }, ...props }, { name: "acl" });
const blocking = { name: "flood", action: { block: {} } };
const counting = { name: "common", overrideAction: { count: {} } };

testRule(wafRules, {
  passes: {
    "a rule that blocks": [acl({ rules: [counting, blocking] })],
    "a group that decides itself": [acl({ rules: [{ overrideAction: { none: {} } }] })],
    "a rule of its own": [
      acl(),
      settingOf(acl(), "aws:wafv2/webAclRule:WebAclRule", blocking, "webAclArn"),
    ],
    "rules given as JSON": [acl({ ruleJson: '[{"Name":"flood","Action":{"Block":{}}}]' })],
    "nothing passes by default": [acl({ defaultAction: { block: {} } })],
    "a rule group of its own": [
      acl(),
      settingOf(
        acl(),
        "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
        {},
        "webAclArn",
      ),
    ],
  },
  objects: {
    "there are no rules": [[acl()], "rules"],
    "all rules only count": [[acl({ rules: [counting, { action: { count: {} } }] })], "rules"],
    "those in JSON only count": [
      [acl({ ruleJson: '[{"Name":"flood","Action":{"Count":{}}}]' })],
      "rules",
    ],
  },
});

const managed = (name: string, override: object = { none: {} }) => ({
  overrideAction: override,
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
});
const reputation = managed("AWSManagedRulesAmazonIpReputationList");
const common = managed("AWSManagedRulesCommonRuleSet");
const badInputs = managed("AWSManagedRulesKnownBadInputsRuleSet");
const flood = { action: { block: {} }, statement: { rateBasedStatement: { limit: 2000 } } };
const all = [reputation, common, badInputs, flood];
const ofAcl = (kind: string, props: Record<string, unknown>) =>
  settingOf(
    acl(),
    `aws:wafv2/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`,
    props,
    "webAclArn",
  );
const commonMissing = "rules AWSManagedRulesCommonRuleSet";

testRule(wafGroups, {
  passes: {
    "all groups and a limit": [acl({ rules: all })],
    "a limit that spares some": [
      acl({
        rules: [
          reputation,
          badInputs,
          common,
          {
            action: { block: {} },
            statement: {
              rateBasedStatement: { limit: 2000, scopeDownStatement: { notStatement: {} } },
            },
          },
        ],
      }),
    ],
    "one of them as a resource of its own": [
      acl({ rules: [reputation, badInputs, flood] }),
      ofAcl("WebAclRule", common),
    ],
    "one of them associated": [
      acl({ rules: [reputation, badInputs, flood] }),
      ofAcl("WebAclRuleGroupAssociation", {
        managedRuleGroup: { name: "AWSManagedRulesCommonRuleSet" },
        overrideAction: "none",
      }),
    ],
    "the same as JSON": [
      acl({
        rules: [reputation, badInputs],
        ruleJson: JSON.stringify([
          {
            OverrideAction: { None: {} },
            Statement: { ManagedRuleGroupStatement: { Name: "AWSManagedRulesCommonRuleSet" } },
          },
          { Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 2000 } } },
        ]),
      }),
    ],
    "nothing passes by default": [acl({ defaultAction: { block: {} } })],
  },
  objects: {
    "the limit is for some requests only": [
      [
        acl({
          rules: [
            reputation,
            badInputs,
            common,
            {
              action: { block: {} },
              statement: {
                rateBasedStatement: {
                  limit: 2000,
                  scopeDownStatement: { byteMatchStatement: { searchString: "/nowhere" } },
                },
              },
            },
          ],
        }),
      ],
      "rules rateBasedStatement",
    ],
    "one group is left out": [[acl({ rules: [reputation, badInputs, flood] })], commonMissing],
    "one group only counts": [
      [
        acl({
          rules: [
            reputation,
            managed("AWSManagedRulesCommonRuleSet", { count: {} }),
            badInputs,
            flood,
          ],
        }),
      ],
      commonMissing,
    ],
    "one group is associated, and only counts": [
      [
        acl({ rules: [reputation, badInputs, flood] }),
        ofAcl("WebAclRuleGroupAssociation", {
          managedRuleGroup: { name: "AWSManagedRulesCommonRuleSet" },
          overrideAction: "count",
        }),
      ],
      commonMissing,
    ],
    "there is no limit": [
      [acl({ rules: [reputation, common, badInputs] })],
      "rules rateBasedStatement",
    ],
    "the limit only counts": [
      [acl({ rules: [reputation, common, badInputs, { ...flood, action: { count: {} } }] })],
      "rules rateBasedStatement",
    ],
    "there are no rules": [
      [acl()],
      "rules AWSManagedRulesAmazonIpReputationList",
      commonMissing,
      "rules AWSManagedRulesKnownBadInputsRuleSet",
      "rules rateBasedStatement",
    ],
    "the rules are unknown": [[acl({ rules: unknown })], "cannot tell: rules"],
  },
});

testRule(wafGroups, {
  config: { groups: ["AWSManagedRulesBotControlRuleSet"], rateLimit: false },
  passes: {
    "the one that is asked for": [acl({ rules: [managed("AWSManagedRulesBotControlRuleSet")] })],
  },
  objects: { "it is absent": [[acl({ rules: all })], "rules AWSManagedRulesBotControlRuleSet"] },
});

testRule(wafLog, {
  passes: { "a firewall that logs": [acl(), settingOf(acl(), loggings, {}, "resourceArn")] },
  objects: { "it does not": [[acl()], "aws.wafv2.WebAclLoggingConfiguration"] },
});

const redacting = (...names: string[]) =>
  resource(loggings, { redactedFields: names.map((name) => ({ singleHeader: { name } })) });

const sampled = { visibilityConfig: { sampledRequestsEnabled: true } };
const hiding = (...fieldKeys: string[]) => ({
  dataProtectionConfig: {
    dataProtections: [{ action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys } }],
  },
});

testRule(wafRedaction, {
  passes: {
    "a log without tokens": [redacting("cookie", "Authorization")],
    "samples without tokens": [acl({ ...sampled, ...hiding("authorization") })],
    "no samples": [acl({ visibilityConfig: { sampledRequestsEnabled: false } })],
  },
  objects: {
    "a log hides nothing": [[resource(loggings, {})], "redactedFields"],
    "a log hides only cookies": [[redacting("cookie")], "redactedFields"],
    "samples hide nothing": [[acl(sampled)], "dataProtectionConfig.dataProtections"],
    "a rule's samples hide only cookies": [
      [acl({ rules: [sampled], ...hiding("cookie") })],
      "dataProtectionConfig.dataProtections",
    ],
  },
});

const counted = { visibilityConfig: { cloudwatchMetricsEnabled: true } };

testRule(wafMetrics, {
  passes: { "a firewall that counts": [acl({ ...counted, rules: [counted] })] },
  objects: {
    "the metrics are absent": [[acl()], "visibilityConfig.cloudwatchMetricsEnabled"],
    "one rule's are off": [
      [
        acl({
          ...counted,
          rules: [counted, { visibilityConfig: { cloudwatchMetricsEnabled: false } }],
        }),
      ],
      "rules.1.visibilityConfig.cloudwatchMetricsEnabled",
    ],
  },
});
