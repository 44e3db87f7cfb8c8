import { describe, expect, test } from "vitest";
import {
  EgressNetwork,
  type EgressNetworkArgs,
} from "../../../components/companions/egress/egress-network.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const networkRecords = (args: Partial<EgressNetworkArgs> = {}) =>
  recordsOf(() => {
    const { network, vpcId } = new EgressNetwork("net", { tenant: "acme", ...args });
    return { network, vpcId };
  });

test("two zones, each with a private subnet, whose way out is a NAT gateway in a public one", async () => {
  const records = await networkRecords();
  expect(records.all("Subnet").map(({ name, inputs }) => [name, inputs.cidrBlock])).toEqual([
    ["net-public-1", "10.0.4.0/28"],
    ["net-private-1", "10.0.0.0/22"],
    ["net-public-2", "10.0.12.0/28"],
    ["net-private-2", "10.0.8.0/22"],
  ]);
  expect(records.all("NatGateway")).toHaveLength(2);
  const ways = records.all("Route").filter(({ name }) => name.includes("private"));
  expect(ways.map(({ inputs }) => inputs.natGatewayId)).toEqual(
    records.all("NatGateway").map(({ id }) => id),
  );
  const own = records.all("Subnet").filter(({ name }) => name.includes("private"));
  expect(records.one("Stack").outputs.network).toEqual({
    subnetIds: own.map(({ id }) => id),
    securityGroupIds: [records.one("SecurityGroup").id],
  });
});

test("one NAT gateway serves all zones where one is enough", async () => {
  const records = await networkRecords({ natGateways: "single", zones: 3 });
  const [gateway] = records.all("NatGateway");
  expect(records.all("NatGateway")).toHaveLength(1);
  const ways = records.all("Route").filter(({ name }) => name.includes("private"));
  expect(ways.map(({ inputs }) => inputs.natGatewayId)).toEqual([
    gateway?.id,
    gateway?.id,
    gateway?.id,
  ]);
});

test("the smallest network holds three zones", async () => {
  const records = await networkRecords({ cidrBlock: "192.168.7.0/24", zones: 3 });
  expect(records.all("Subnet").map(({ inputs }) => inputs.cidrBlock)).toEqual([
    ...["192.168.7.32/28", "192.168.7.0/27", "192.168.7.96/28"],
    ...["192.168.7.64/27", "192.168.7.160/28", "192.168.7.128/27"],
  ]);
});

test("DynamoDB and S3 do not pass the NAT: endpoints of this account's resources are on every route table", async () => {
  const records = await networkRecords({ interfaceEndpoints: ["bedrock-runtime"] });
  const tables = records.all("RouteTable").map(({ id }) => id);
  expect(tables).toHaveLength(4);
  const [dynamodb, s3, bedrock] = records.all("VpcEndpoint");
  for (const endpoint of [dynamodb, s3]) {
    expect(endpoint?.inputs.routeTableIds).toEqual(tables);
    expect(String(endpoint?.inputs.policy)).toContain('"aws:ResourceAccount":"123456789012"');
  }
  expect(bedrock?.inputs).toMatchObject({ vpcEndpointType: "Interface" });
  expect(bedrock?.inputs.subnetIds).toHaveLength(2);
});

describe("the function may call", () => {
  const outbound = async (args: Partial<EgressNetworkArgs>) =>
    (await networkRecords(args))
      .all("SecurityGroupEgressRule")
      .flatMap(({ inputs }) =>
        inputs.cidrIpv4 ? `${inputs.cidrIpv4} ${inputs.fromPort}-${inputs.toPort}` : [],
      );

  test("HTTPS everywhere, and no other port", async () => {
    expect(await outbound({})).toEqual(["0.0.0.0/0 443-443"]);
  });

  test("what is named, and nothing else", async () => {
    const named = [{ cidr: "203.0.113.0/24" }, { cidr: "198.51.100.7/32", port: 5432 }];
    expect(await outbound({ outbound: named })).toEqual([
      "203.0.113.0/24 443-443",
      "198.51.100.7/32 5432-5432",
    ]);
    expect(await outbound({ outbound: [] })).toEqual([]);
  });
});

test("flow logs tell who talked to whom, encrypted and for a year, by a role of VPC's own", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1";
  const records = await networkRecords({ encryption: { kmsKeyArn } });
  const logGroup = records.one("LogGroup");
  expect(logGroup.inputs).toMatchObject({ kmsKeyId: kmsKeyArn, retentionInDays: 365 });
  expect(records.one("FlowLog").inputs).toMatchObject({
    vpcId: records.one("Stack").outputs.vpcId,
    trafficType: "ALL",
    logDestination: logGroup.outputs.arn,
  });
  expect(String(records.one("Role").inputs.assumeRolePolicy)).toContain("aws:SourceAccount");
});

test.each<[Partial<EgressNetworkArgs>, string]>([
  [{ outbound: [{ cidr: "203.0.113.7/24" }] }, "outbound[0].cidr"],
  [{ outbound: [{ cidr: "api.acme.example" }] }, "outbound[0].cidr"],
  [{ outbound: [{ cidr: "0.0.0.0/0", port: 0 }] }, "outbound[0].port"],
  [{ zones: 4 }, "zones"],
])("refuses %j", async (args, argument) => {
  await expect(networkRecords(args)).rejects.toThrow(argument);
});
