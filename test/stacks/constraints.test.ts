/** What a tenant sends AWS keeps to AWS's API references, in every partition and with the longest names. */
import { beforeAll, describe, expect, test } from "vitest";
import { awsLimits } from "../../components/aws-limits.ts";
import { type Evaluation, evaluate } from "../../offline/evaluate.ts";
import { FakeProvider } from "../../offline/fake-provider.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import { constraints, holdConstraints } from "../../testing/aws/constraint-faults.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import { configIn, fullestSettings, otherSettings } from "../../testing/stacks/fullest-tenant.ts";

/** As long as ids and names may be. */
const longest = "t".repeat(31);
const stack = "production-of-the-european-union";

const everything = (settings: Settings, region: string): Settings => ({
  ...settings,
  ...everyCompanion,
  // The networks of these tests have no endpoint in China.
  ...(!region.startsWith("cn-") && {
    events: "on",
    network: { interfaceEndpoints: ["bedrock-runtime", "events"] },
  }),
  archive: { content: "include" },
  auth: {
    ...settings.auth,
    clients: { ...settings.auth?.clients, ["c".repeat(31)]: {} },
    machineClients: ["m".repeat(31)],
    groups: ["admins", "g".repeat(128)],
  },
  api: { ...settings.api, models: ["amazon.nova-lite-v1:0"] },
});

function evaluateIn(region: string, settings: Settings): Promise<Evaluation> {
  const config = configIn(region, everything(settings, region));
  const [tenant] = JSON.parse(config["chatstack:tenants"] ?? "[]");
  return evaluate(program, {
    stack,
    config: { ...config, "chatstack:tenants": JSON.stringify([{ ...tenant, id: longest }]) },
    secretConfigKeys: ["chatstack:fullDirectorySecret"],
    provider: new FakeProvider(region),
  });
}

describe("AWS's API references", () => {
  const records: ResourceRecord[] = [];
  beforeAll(async () => {
    for (const region of ["us-east-1", "eu-central-1", "ap-northeast-1"])
      records.push(...(await evaluateIn(region, fullestSettings)).records);
    for (const region of ["us-east-1", "us-gov-west-1", "cn-north-1"])
      records.push(...(await evaluateIn(region, otherSettings)).records);
  });

  test("allow every text, number and list of the longest tenants with everything on", () => {
    const { values, constraints: held, faults } = holdConstraints(records);
    const all = Object.entries(constraints).flatMap(([type, paths]) =>
      Object.keys(paths).map((path) => `${type} ${path}`),
    );
    process.stdout.write(`${values} values held against ${held.size} constraints\n`);
    expect(faults).toEqual([]);
    // A constraint that no value meets holds nothing.
    expect(all.filter((one) => !held.has(one))).toEqual([]);
  });

  const changed = (type: string, change: (inputs: Record<string, unknown>) => void) => {
    const record = records.find((one) => one.type.startsWith(`aws:${type}:`))!;
    const inputs = structuredClone(record.inputs);
    change(inputs);
    return holdConstraints([{ ...record, inputs } as ResourceRecord]).faults.join("\n");
  };

  test.each<[string, string, (inputs: Record<string, unknown>) => void, string]>([
    ["a name", "iam/role", (i) => (i.name = "r".repeat(65)), "is longer than 64"],
    ["a name's letters", "backup/vault", (i) => (i.name = "a b"), '"a b" is not'],
    ["a name of the stack", "cloudwatch/dashboard", (i) => (i.dashboardName = "a.b"), "is not"],
    ["a number", "lambda/function", (i) => (i.memorySize = 64), "64 is not from 128 to 10240"],
    ["a word", "dynamodb/table", (i) => (i.billingMode = "FREE"), '"FREE" is no value of AWS\'s'],
    [
      "a list",
      "cognito/userPoolClient",
      (i) => (i.callbackUrls = Array(101).fill("https://a.example")),
      "101 entries, at most 100",
    ],
    [
      "a hyphen",
      "backup/restoreTestingPlan",
      (i) => (i.name = "acme-table"),
      '"acme-table" is not',
    ],
    [
      "a part of a number",
      "backup/restoreTestingPlan",
      (i) => (i.recoveryPointSelection = { selectionWindowDays: 366 }),
      "366 is not from 1 to 365",
    ],
    ["a stage's name", "apigateway/stage", (i) => (i.stageName = "v1.2"), '"v1.2" is not'],
    ["a range", "ec2/vpc", (i) => (i.cidrBlock = "10.0.0.0/15"), '"10.0.0.0/15" is not'],
    ["a zone", "ec2/subnet", (i) => (i.availabilityZone = "us-east-1"), '"us-east-1" is not'],
    ["a name with marks", "cognito/identityProvider", (i) => (i.providerName = "a_b_c"), "is not"],
  ])("%s that AWS refuses is found", (_, type, change, fault) => {
    expect(changed(type, change)).toContain(fault);
  });
});

/** Where the components' limit and the API reference speak of the same text, they say the same. */
test.each([
  [awsLimits.certificateName, "aws:acm/certificate", "domainName", "max"],
  [awsLimits.loginDomain, "aws:cognito/userPoolDomain", "domain", "max"],
  [awsLimits.redirect, "aws:cognito/userPoolClient", "callbackUrls", "max"],
  [awsLimits.redirects, "aws:cognito/userPoolClient", "callbackUrls[]", "items"],
  [awsLimits.providerName, "aws:cognito/identityProvider", "providerName", "max"],
  [awsLimits.hostedZoneId, "aws:route53/record", "zoneId", "max"],
  [awsLimits.dashboardName, "aws:cloudwatch/dashboard", "dashboardName", "max"],
  [awsLimits.trailName, "aws:cloudtrail/trail", "name", "max"],
] as const)("the limit %j is that of %s %s", ({ most }, type, path, field) => {
  expect(constraints[type]?.[path]?.[field]).toBe(most);
});
