import { beforeAll, describe, expect, test } from "vitest";
import { ApiFirewall, type ApiFirewallArgs } from "../../../components/chat-api/firewall.ts";
import { type Records, recordsOf } from "../../../testing/stacks/records.ts";

const stageArn = "arn:aws:apigateway:us-east-1::/restapis/r/stages/v1";
const firewallRecords = (args: Partial<ApiFirewallArgs> = {}) =>
  recordsOf(() => new ApiFirewall("api", { tenant: "acme", stageArn, ...args }));

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly action?: object;
  readonly overrideAction?: object;
  readonly statement: {
    readonly rateBasedStatement?: object;
    readonly managedRuleGroupStatement?: {
      readonly name: string;
      readonly ruleActionOverrides: readonly { name: string; actionToUse: object }[];
    };
  };
}
const rulesOf = (records: Records) => records.one("WebAcl").inputs.rules as Rule[];

describe("by default", () => {
  let records: Records;
  beforeAll(async () => {
    records = await firewallRecords();
  });

  test("it protects the stage and lets through what no rule stops", () => {
    expect(records.one("WebAcl").inputs).toMatchObject({
      scope: "REGIONAL",
      defaultAction: { allow: {} },
    });
    expect(records.one("WebAclAssociation").inputs).toEqual({
      webAclArn: records.one("WebAcl").outputs.arn,
      resourceArn: stageArn,
    });
  });

  test("an address that floods the API gets 429 until it stops", () => {
    expect(rulesOf(records)[0]).toMatchObject({
      priority: 0,
      action: { block: { customResponse: { responseCode: 429 } } },
      statement: {
        rateBasedStatement: { limit: 2000, evaluationWindowSec: 300, aggregateKeyType: "IP" },
      },
    });
  });

  test("three of AWS's rule groups block with their own actions", () => {
    const groups = rulesOf(records).slice(1);
    expect(groups.map(({ statement }) => statement.managedRuleGroupStatement?.name)).toEqual([
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesCommonRuleSet",
      "AWSManagedRulesKnownBadInputsRuleSet",
    ]);
    for (const { overrideAction } of groups) expect(overrideAction).toEqual({ none: {} });
    expect(groups.map(({ priority }) => priority)).toEqual([1, 2, 3]);
  });

  test("only rules about the body count instead of blocking: it is a message", () => {
    const overrides = rulesOf(records).flatMap(
      ({ statement }) => statement.managedRuleGroupStatement?.ruleActionOverrides ?? [],
    );
    expect(overrides.map(({ name }) => name)).toContain("SizeRestrictions_BODY");
    for (const { name, actionToUse } of overrides) {
      expect(name).toMatch(/_BODY$/);
      expect(actionToUse).toEqual({ count: {} });
    }
  });

  test("tokens, search words and messages are hidden from logs and samples", () => {
    expect(records.one("WebAcl").inputs.dataProtectionConfig).toEqual({
      dataProtections: [
        {
          action: "SUBSTITUTION",
          field: { fieldType: "SINGLE_HEADER", fieldKeys: ["authorization"] },
        },
        { action: "SUBSTITUTION", field: { fieldType: "QUERY_STRING" } },
        { action: "SUBSTITUTION", field: { fieldType: "BODY" } },
      ],
    });
    expect(records.one("WebAclLoggingConfiguration").inputs.redactedFields).toEqual([
      { singleHeader: { name: "authorization" } },
      { queryString: {} },
    ]);
  });

  test("what it blocks or counts is logged where WAF may write, for a year", () => {
    const logGroup = records.one("LogGroup");
    expect(logGroup.outputs.name).toMatch(/^aws-waf-logs-api-/);
    expect(logGroup.inputs.retentionInDays).toBe(365);
    const { inputs } = records.one("WebAclLoggingConfiguration");
    expect(inputs).toMatchObject({
      resourceArn: records.one("WebAcl").outputs.arn,
      logDestinationConfigs: [logGroup.outputs.arn],
      loggingFilter: {
        defaultBehavior: "DROP",
        filters: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            conditions: [
              { actionCondition: { action: "BLOCK" } },
              { actionCondition: { action: "COUNT" } },
              { actionCondition: { action: "EXCLUDED_AS_COUNT" } },
            ],
          },
        ],
      },
    });
  });
});

test("the limit, the key and the logs' retention follow the arguments", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await firewallRecords({
    requestsPerAddress: 100,
    logRetentionDays: 30,
    encryption: { kmsKeyArn },
  });
  expect(rulesOf(records)[0]?.statement.rateBasedStatement).toMatchObject({ limit: 100 });
  expect(records.one("LogGroup").inputs).toMatchObject({
    retentionInDays: 30,
    kmsKeyId: kmsKeyArn,
  });
});

test("a limit below what WAF can count is refused", async () => {
  await expect(firewallRecords({ requestsPerAddress: 9 })).rejects.toThrow(
    'ApiFirewall "api": requestsPerAddress: found 9; allowed: a whole number from 10',
  );
});

test("transforms reach each of its resources", async () => {
  const records = await firewallRecords({
    transform: {
      webAcl: (args) => {
        args.description = "edited";
      },
      webAclAssociation: (_, options) => {
        options.deleteBeforeReplace = true;
      },
      firewallLogging: (args) => {
        delete args.loggingFilter;
      },
      firewallLogGroup: (args) => {
        args.logGroupClass = "INFREQUENT_ACCESS";
      },
    },
  });
  expect(records.one("WebAcl").inputs.description).toBe("edited");
  expect(records.one("WebAclAssociation").options.deleteBeforeReplace).toBe(true);
  expect(records.one("WebAclLoggingConfiguration").inputs).not.toHaveProperty("loggingFilter");
  expect(records.one("LogGroup").inputs.logGroupClass).toBe("INFREQUENT_ACCESS");
});

test.each([
  [["https://app.acme.example"], "https://app.acme.example"],
  [["https://app.acme.example", "https://m.acme.example"], "*"],
])("pages of %j may read the 429", async (corsOrigins, allowed) => {
  const records = await firewallRecords({ corsOrigins });
  expect(rulesOf(records)[0]?.action).toEqual({
    block: {
      customResponse: {
        responseCode: 429,
        responseHeaders: [
          { name: "Retry-After", value: "300" },
          { name: "Access-Control-Allow-Origin", value: allowed },
          { name: "Access-Control-Expose-Headers", value: "Retry-After" },
        ],
      },
    },
  });
});
