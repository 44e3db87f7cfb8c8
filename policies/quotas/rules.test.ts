import { describe, expect, test } from "vitest";
import { indexStack } from "../judge.ts";
import type { StackConfig } from "../reading/stack-config.ts";
import type { StackResource } from "../rule.ts";
import { judge, plainStack, resource, settingOf, testRule, unknown } from "../testing.ts";
import { accountValues } from "./account-values.ts";
import { natGatewaysByZone } from "./counting.ts";
import { headroom, limit, size, values } from "./rules.ts";

const owned = (tenant: string) => ({ "chatstack:tenant": tenant });

/** A function of the tenant, with reserved concurrency. */
const fn = (tenant: string, reservedConcurrentExecutions?: unknown): StackResource =>
  resource(
    "aws:lambda/function:Function",
    { reservedConcurrentExecutions, tags: owned(tenant) },
    { name: tenant, urn: `urn:pulumi:test::chatstack::function::${tenant}` },
  );

const many = (count: number, reserved: number) =>
  Array.from({ length: count }, (_, index) => fn(`t${index + 1}`, reserved));

const of = (type: string, count: number, props: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, index) =>
    resource(type, { ...props, tags: owned(`t${index + 1}`) }, { urn: `${type}${index}` }),
  );

const table = "aws:dynamodb/table:Table";
const concurrency = "lambda L-B99A9384, Concurrent executions";
const webAcls = "wafv2 L-2EC3DE7B, Web ACLs per account in WAF for regional";

testRule(limit, {
  passes: {
    "as much reserved concurrency as there is": [...many(18, 50)],
    "functions that reserve nothing, or whose reservation is unknown": [
      ...many(2_000, 0).slice(0, 50),
      fn("a"),
      fn("b", unknown),
      fn("c", -1),
    ],
    "a hundred web ACLs": of("aws:wafv2/webAcl:WebAcl", 100),
    "four custom login domains and any number of prefixes": [
      ...of("aws:cognito/userPoolDomain:UserPoolDomain", 4, { certificateArn: "arn" }),
      ...of("aws:cognito/userPoolDomain:UserPoolDomain", 9, { domain: "acme" }),
    ],
    "four VPCs beside the default one": of("aws:ec2/vpc:Vpc", 4),
    "on-demand tables with any ceiling, and provisioned ones within the account's units": [
      ...of(table, 9, { onDemandThroughput: { maxReadRequestUnits: 40_000 } }),
      ...of(table, 2, { readCapacity: 20_000, globalSecondaryIndexes: [{ readCapacity: 20_000 }] }),
    ],
  },
  objects: {
    "more is reserved than the account has less 100": [many(19, 50), concurrency],
    "there is one web ACL too many": [of("aws:wafv2/webAcl:WebAcl", 101), webAcls],
    "there is a sixth trail": [
      of("aws:cloudtrail/trail:Trail", 6),
      "cloudtrail L-1568E18E, Trails per region",
    ],
    "there is a fifth VPC beside the default one": [
      of("aws:ec2/vpc:Vpc", 5),
      "vpc L-F678F1CE, VPCs per Region",
    ],
    "tables and indexes have more units than the account": [
      of(table, 2, { readCapacity: 20_001, globalSecondaryIndexes: [{ readCapacity: 20_000 }] }),
      "dynamodb L-34F6A552, Account-level read throughput limit (Provisioned mode)",
    ],
    "there is a sixth public address": [
      of("aws:ec2/eip:Eip", 6),
      "ec2 L-0263D0A3, EC2-VPC Elastic IPs",
    ],
    "WAF's log policy has no room for another log group": [
      of("aws:cloudwatch/logGroup:LogGroup", 48, { namePrefix: "aws-waf-logs-acme-api-" }),
      "logs logs-firewall-policy-length, Length of the log policy that AWS WAF writes",
    ],
    "there is a fifth custom login domain": [
      of("aws:cognito/userPoolDomain:UserPoolDomain", 5, { certificateArn: "arn" }),
      "cognito-idp cognito-custom-domains, Custom domains per account",
    ],
  },
});

test("NAT gateways count for the zone of their subnet", () => {
  const gateways = ["a", "b", "a"].flatMap((zone) => {
    const subnet = resource("aws:ec2/subnet:Subnet", { availabilityZone: zone });
    return resource(
      "aws:ec2/natGateway:NatGateway",
      {},
      { propertyDependencies: { subnetId: [subnet] } },
    );
  });
  const uses = natGatewaysByZone(indexStack(gateways, plainStack));
  expect(uses.map(({ holder }) => holder)).toEqual(["a", "b", "a"]);
});

test("a log policy of the stack's own for all firewalls leaves WAF's without entries", () => {
  const groups = of("aws:cloudwatch/logGroup:LogGroup", 60, { namePrefix: "aws-waf-logs-a-" });
  const policy = resource("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", {
    policyDocument: '{"Resource":"arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-*"}',
  });
  expect(judge(limit, groups)).toHaveLength(1);
  expect(judge(limit, [...groups, policy])).toEqual([]);
});

const withQuotas = (quotas: unknown): StackConfig => ({
  ...plainStack,
  quotas: accountValues(quotas),
});

describe("a quota that ends", () => {
  test("is told with the tenant at which it ends, and both ways out", () => {
    const [finding, ...more] = judge(limit, many(25, 50));
    expect(more).toEqual([]);
    expect(finding?.urn).toMatch(/::t19$/);
    expect(finding?.message).toBe(
      "lambda L-B99A9384, Concurrent executions is 1,250; it ends at tenant t19, the 19th of 25; " +
        "allowed: at most 900 reserved executions: 1,000 less 100 (Lambda keeps 100 for functions that reserve nothing). " +
        "Ways out: have AWS raise L-B99A9384 to 1,350 or more, or reserve less with api.reservedConcurrency, " +
        "or put it and the tenants after it into the next cell, a stack of another region or account. " +
        `Fix: ${limit.fix}`,
    );
  });

  test("ends in the order of the config, in whatever order the engine shows the resources", () => {
    const stack = { ...plainStack, tenants: ["t1", "t2", "t3", "t4"] };
    const shown = [fn("t3", 450), fn("t1", 450), fn("t2", 450)];
    const [finding] = judge(limit, shown, { stack });
    expect(finding?.message).toContain("it ends at tenant t3, the 3rd of 3");
    expect(finding?.urn).toMatch(/::t3$/);
  });

  test("does not where the account's own limit is higher, and does sooner where it is lower", () => {
    expect(judge(limit, many(25, 50), { stack: withQuotas({ "L-B99A9384": 1_350 }) })).toEqual([]);
    const [finding] = judge(limit, many(2, 50), { stack: withQuotas({ "L-B99A9384": 10 }) });
    expect(finding?.message).toContain("it ends at tenant t1, the 1st of 2");
  });

  test("counts what the account uses elsewhere", () => {
    const stack = withQuotas({ "L-B99A9384": { used: 850 } });
    const [finding] = judge(limit, many(2, 50), { stack });
    expect(finding?.message).toContain("ends at tenant t2");
    expect(finding?.message).toContain("and 850 that the account uses elsewhere");
  });

  test("is said not to be raised where AWS does not raise it", () => {
    const [trails] = judge(limit, of("aws:cloudtrail/trail:Trail", 6));
    expect(trails?.message).toContain("AWS does not raise it; audit the tenants with one trail");
    const [roles] = judge(limit, of("aws:iam/role:Role", 5_001));
    expect(roles?.message).toContain("AWS raises L-FE177D64 to 5,000 at most");
  });
});

const policyOf = (policy: unknown) => resource("aws:iam/policy:Policy", { policy });
const role = resource("aws:iam/role:Role", { assumeRolePolicy: "{}" }, { name: "acme" });
const attachments = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...settingOf(role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", {}, "role"),
    urn: `attachment-${index}`,
  }));

testRule(size, {
  passes: {
    "a policy of 6,144 characters": [policyOf("x".repeat(6_144))],
    "white space, which IAM does not count": [policyOf(`${"x".repeat(6_144)} \n\t`)],
    "a policy that is unknown until the update, or absent": [
      policyOf(unknown),
      policyOf(undefined),
    ],
    "ten policies of one role": [role, ...attachments(10)],
    "a table and an index of 40,000 units each": [
      resource(table, {
        writeCapacity: 40_000,
        globalSecondaryIndexes: [{ warmThroughput: { writeUnitsPerSecond: 40_000 } }],
      }),
    ],
    "a trust policy of 2,048 characters": [
      resource("aws:iam/role:Role", { assumeRolePolicy: "x".repeat(2_048) }),
    ],
  },
  objects: {
    "a policy is longer": [[policyOf("x".repeat(6_145))], "iam L-ED111B8C, Managed policy length"],
    "a trust policy is longer": [
      [resource("aws:iam/role:Role", { assumeRolePolicy: "x".repeat(2_049) })],
      "iam L-C07B4B0D, Role trust policy length",
    ],
    "a table has more units than AWS gives one": [
      [resource(table, { readCapacity: 40_001 })],
      "dynamodb L-CF0CBE56, Table-level read throughput limit",
    ],
    "an index is to be warmer than AWS gives one": [
      [
        resource(table, {
          globalSecondaryIndexes: [{}, { warmThroughput: { writeUnitsPerSecond: 40_001 } }],
        }),
      ],
      "dynamodb L-AB614373, Table-level write throughput limit",
    ],
    "a role has an eleventh policy": [
      [role, ...attachments(11)],
      "iam L-0DA4ABF3, Managed policies per role",
    ],
  },
});

testRule(headroom, {
  passes: {
    "less than four fifths": many(14, 50),
    "what is over the limit, of which quota-limit speaks": many(25, 50),
    "a short policy": [policyOf("x".repeat(4_000))],
    "a stack that has none of it": [],
  },
  objects: {
    "four fifths are reserved": [many(15, 48), concurrency],
    "all is reserved": [many(18, 50), concurrency],
    "a policy is nearly too long": [
      [policyOf("x".repeat(5_000))],
      "iam L-ED111B8C, Managed policy length",
    ],
  },
});

testRule(headroom, {
  config: { percent: 50 },
  passes: { "less than half": many(8, 50) },
  objects: { "half is reserved": [many(9, 50), concurrency] },
});

describe(values.id, () => {
  const stack = resource("pulumi:pulumi:Stack", {});
  const found = (quotas: unknown) =>
    judge(values, [stack], { stack: withQuotas(quotas) }).map(({ message }) => message);

  test("passes where nothing, or nothing wrong, is said of the account", () => {
    expect(found(undefined)).toEqual([]);
    expect(found({ "L-B99A9384": 5_000, "L-FE177D64": { limit: 2_000, used: 310 } })).toEqual([]);
  });

  test("objects to a code that no quota has", () => {
    expect(found({ "L-B99A9385": 5_000 })[0]).toMatch(
      /^chatstack:quotas is L-B99A9385; allowed: codes that docs\/scale\/quotas\.md lists/,
    );
  });

  test.each([
    ["many", 'found "many"; allowed: quota codes with their limits'],
    [[5_000], "found [5000]; allowed: quota codes with their limits"],
    [{ "L-B99A9384": "many" }, '["L-B99A9384"]: found "many"; allowed: a whole number'],
    [{ "L-B99A9384": -1 }, '["L-B99A9384"]: found -1; allowed: a whole number'],
    [{ "L-B99A9384": { most: 1 } }, '["L-B99A9384"]: found "most"; allowed: limit, used'],
    [{ "L-B99A9384": { used: 0.5 } }, '["L-B99A9384"].used: found 0.5; allowed: a whole number'],
  ])("objects to %j", (given, message) => {
    expect(found(given)).toHaveLength(1);
    expect(found(given)[0]).toContain(message);
  });
});
