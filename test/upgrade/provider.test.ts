import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { plainOptions, type ResourceRecord } from "../../offline/record.ts";
import { typeSchema } from "../../offline/upgrade/provider.ts";
import { replacementCauses } from "../../offline/upgrade/replacement.ts";
import type { Settings } from "../../stacks/settings.ts";
import { everyCompanion, fullComponents } from "../../testing/stacks/full-components.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** Arguments of a type, as `@pulumi/aws` hands them to the provider. */
function argumentsOf(type: string): string[] {
  const [, module = ""] = type.split(":");
  const code = readFileSync(join(sdk, `${module}.js`), "utf8");
  const found = code.matchAll(/resourceInputs\["(\w+)"\] = .*\bargs\b/g);
  return [...new Set([...found].map(([, name]) => name!))].sort();
}

let made: readonly string[];

beforeAll(async () => {
  const settings: Settings[] = [fullestSettings, otherSettings];
  const evaluations = await Promise.all([
    ...Object.values(fullComponents).map((program) => evaluate(program)),
    ...settings.map((one) => evaluateFullest({ ...one, ...everyCompanion })),
  ]);
  const types = evaluations.flatMap(({ records }) => records.map(({ type }) => type));
  made = [...new Set(types)].filter((type) => type.startsWith("aws:")).sort();
});

test("of every argument of every type that a component makes, it is known whether it replaces", () => {
  expect(made.length).toBeGreaterThan(80);
  const unknown = made.flatMap((type) => {
    const schema = typeSchema(type);
    if (!schema) return [type];
    const known = new Set([...schema.updates, ...schema.replaces, "region"]);
    return argumentsOf(type)
      .filter((name) => !known.has(name))
      .map((name) => `${type} ${name}`);
  });
  expect(unknown).toEqual([]);
});

test("what the table says is of arguments that there are", () => {
  const gone = made.flatMap((type) => {
    const { replaces = [], updates = [], sets = [], keeps = [] } = typeSchema(type) ?? {};
    const names = new Set(argumentsOf(type));
    return [...replaces, ...updates, ...sets, ...keeps]
      .map((path) => path.split(".")[0]!)
      .filter((name) => !names.has(name))
      .map((name) => `${type} ${name}`);
  });
  expect(gone).toEqual([]);
});

type Inputs = Record<string, unknown>;

const record = (type: string, inputs: Inputs): ResourceRecord => ({
  urn: `urn:pulumi:test::chatstack::${type}::x`,
  type,
  name: "x",
  custom: true,
  inputs,
  secrets: [],
  outputs: {},
  options: plainOptions,
  propertyDependencies: {},
});

const causes = (type: string, before: Inputs, after: Inputs) =>
  replacementCauses(record(type, before), record(type, after));

const table = "aws:dynamodb/table:Table";
const certificate = "aws:acm/certificate:Certificate";
const authorizer = "aws:apigateway/authorizer:Authorizer";
const domain = "aws:cognito/userPoolDomain:UserPoolDomain";
const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
const nat = "aws:ec2/natGateway:NatGateway";
const route = "aws:ec2/route:Route";
const fn = "aws:lambda/function:Function";

describe("replaced:", () => {
  test.each<[string, Inputs, Inputs, string[]]>([
    ["aws:route53/record:Record", { name: "a" }, { name: "b" }, ["name"]],
    [
      "aws:apigateway/basePathMapping:BasePathMapping",
      { domainName: "a" },
      { domainName: "b" },
      ["domainName"],
    ],
    ["aws:athena/namedQuery:NamedQuery", { query: "select 1" }, { query: "select 2" }, ["query"]],
    ["aws:cloudwatch/logGroup:LogGroup", {}, { logGroupClass: "STANDARD" }, ["logGroupClass"]],
    [
      "aws:pipes/pipe:Pipe",
      { sourceParameters: { dynamodbStreamParameters: { startingPosition: "LATEST" } } },
      { sourceParameters: { dynamodbStreamParameters: { startingPosition: "TRIM_HORIZON" } } },
      ["sourceParameters.dynamodbStreamParameters.startingPosition"],
    ],
    ["aws:sqs/queue:Queue", { region: "us-east-1" }, { region: "us-east-2" }, ["region"]],
    [certificate, { domainName: "a" }, { domainName: "b" }, ["domainName"]],
    [certificate, {}, { subjectAlternativeNames: ["b"] }, ["subjectAlternativeNames"]],
    [authorizer, { type: "TOKEN" }, { type: "COGNITO_USER_POOLS" }, ["type"]],
    [domain, {}, { certificateArn: "arn:1" }, ["certificateArn"]],
    [fn, {}, { tenancyConfig: { tenantIsolationMode: "PER_TENANT" } }, ["tenancyConfig"]],
    [fn, { durableConfig: { executionTimeout: 1 } }, {}, ["durableConfig"]],
    [
      table,
      { restoreSourceTableArn: "arn:1" },
      { restoreSourceTableArn: "arn:2" },
      ["restoreSourceTableArn"],
    ],
    [
      table,
      { importTable: { s3BucketSource: { bucket: "a" } } },
      { importTable: { s3BucketSource: { bucket: "b" } } },
      ["importTable.s3BucketSource"],
    ],
    [
      table,
      { localSecondaryIndexes: [{ name: "a" }] },
      { localSecondaryIndexes: [{ name: "b" }] },
      ["localSecondaryIndexes"],
    ],
    [
      rule,
      { cidrIpv4: "10.0.0.0/8" },
      { referencedSecurityGroupId: "sg-1" },
      ["cidrIpv4", "referencedSecurityGroupId"],
    ],
    [
      endpoint,
      { vpcEndpointType: "Gateway" },
      { vpcEndpointType: "Interface" },
      ["vpcEndpointType"],
    ],
    [nat, { allocationId: "eipalloc-1" }, { allocationId: "eipalloc-2" }, ["allocationId"]],
    [
      nat,
      { connectivityType: "private" },
      { connectivityType: "private", secondaryPrivateIpAddressCount: 2 },
      ["secondaryPrivateIpAddressCount"],
    ],
    [
      nat,
      { availabilityMode: "regional" },
      {
        availabilityMode: "regional",
        availabilityZoneAddresses: [{ availabilityZone: "us-east-1a" }],
      },
      ["availabilityZoneAddresses"],
    ],
    [route, { routeTableId: "rtb-1" }, { routeTableId: "rtb-2" }, ["routeTableId"]],
    ["aws:ec2/flowLog:FlowLog", { vpcId: "vpc-1" }, { vpcId: "vpc-2" }, ["vpcId"]],
  ])("%s %j → %j", (type, before, after, expected) => {
    expect(causes(type, before, after)).toEqual(expected);
  });
});

describe("updated in place:", () => {
  test.each<[string, Inputs, Inputs]>([
    ["aws:cognito/userPool:UserPool", { name: "a" }, { name: "b" }],
    [table, { restoreSourceTableArn: "arn:1", restoreSourceName: "t" }, {}],
    [table, { importTable: { inputFormat: "CSV" } }, { importTable: { inputFormat: "ION" } }],
    [
      table,
      { localSecondaryIndexes: [{ name: "a" }, { name: "b" }] },
      { localSecondaryIndexes: [{ name: "b" }, { name: "a" }] },
    ],
    [
      certificate,
      { certificateBody: "a", privateKey: "k", domainName: "a" },
      { certificateBody: "b", privateKey: "l", domainName: "b" },
    ],
    [authorizer, { type: "TOKEN" }, { type: "REQUEST" }],
    [domain, { certificateArn: "arn:1" }, { certificateArn: "arn:2" }],
    [fn, { durableConfig: { executionTimeout: 1 } }, { durableConfig: { executionTimeout: 2 } }],
    [rule, { cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.1.0.0/16" }],
    [
      endpoint,
      { vpcEndpointType: "Interface", privateDnsEnabled: true },
      { vpcEndpointType: "Interface", privateDnsEnabled: false },
    ],
    [
      nat,
      { availabilityMode: "regional", availabilityZoneAddresses: [{ availabilityZoneId: "a" }] },
      { availabilityMode: "regional", availabilityZoneAddresses: [{ availabilityZoneId: "b" }] },
    ],
    [route, { natGatewayId: "nat-1" }, { natGatewayId: "nat-2" }],
    ["aws:ec2/internetGateway:InternetGateway", { vpcId: "vpc-1" }, { vpcId: "vpc-2" }],
  ])("%s %j → %j", (type, before, after) => {
    expect(causes(type, before, after)).toEqual([]);
  });
});
