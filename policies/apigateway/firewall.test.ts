import { resource, settingOf, testRule } from "../testing.ts";
import { restStages } from "./apis.ts";
import { waf, wafLog, wafRedaction, wafRules } from "./firewall.ts";
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

testRule(wafLog, {
  passes: { "a firewall that logs": [acl(), settingOf(acl(), loggings, {}, "resourceArn")] },
  objects: { "it does not": [[acl()], "aws.wafv2.WebAclLoggingConfiguration"] },
});

const redacting = (...names: string[]) =>
  resource(loggings, { redactedFields: names.map((name) => ({ singleHeader: { name } })) });

testRule(wafRedaction, {
  passes: { "tokens are left out": [redacting("cookie", "Authorization")] },
  objects: {
    "nothing is": [[resource(loggings, {})], "redactedFields"],
    "only cookies are": [[redacting("cookie")], "redactedFields"],
  },
});
