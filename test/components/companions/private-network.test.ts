import { expect, test } from "vitest";
import {
  PrivateNetwork,
  type PrivateNetworkArgs,
} from "../../../components/companions/private-network.ts";
import { FakeProvider } from "../../../offline/fake-provider.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const networkRecords = (args: Partial<PrivateNetworkArgs> = {}) =>
  recordsOf(() => {
    const { network, vpcId } = new PrivateNetwork("net", { tenant: "acme", ...args });
    return { network, vpcId };
  });

/** What leads to the internet, or is billed by the hour. */
const billed = ["NatGateway", "InternetGateway", "Eip", "EgressOnlyInternetGateway"];

test("two private subnets in two zones, without a way to the internet", async () => {
  const records = await networkRecords();
  expect(records.all("Subnet").map(({ inputs }) => inputs)).toMatchObject([
    { cidrBlock: "10.0.0.0/22", availabilityZone: "us-east-1a", mapPublicIpOnLaunch: false },
    { cidrBlock: "10.0.4.0/22", availabilityZone: "us-east-1b", mapPublicIpOnLaunch: false },
  ]);
  for (const type of billed) expect(records.all(type)).toEqual([]);
  expect(records.one("RouteTable").inputs).not.toHaveProperty("routes");
  expect(records.all("RouteTableAssociation")).toHaveLength(2);
});

test("DynamoDB and S3 are reached by gateway endpoints, and only this account's", async () => {
  const records = await networkRecords();
  const endpoints = records.all("VpcEndpoint");
  expect(endpoints.map(({ inputs }) => inputs.serviceName)).toEqual([
    "com.amazonaws.us-east-1.dynamodb",
    "com.amazonaws.us-east-1.s3",
  ]);
  for (const { inputs } of endpoints) {
    expect(inputs.vpcEndpointType).toBe("Gateway");
    expect(inputs.routeTableIds).toEqual([records.one("RouteTable").id]);
    const [statement] = JSON.parse(String(inputs.policy)).Statement;
    expect(statement.Condition).toEqual({
      StringEquals: { "aws:ResourceAccount": "123456789012" },
    });
  }
});

test("the function may talk HTTPS to these services and to nothing else", async () => {
  const records = await networkRecords();
  const lists = records.all("VpcEndpoint").map(({ outputs }) => outputs.prefixListId);
  const egress = records.all("SecurityGroupEgressRule").map(({ inputs }) => inputs);
  expect(egress.map(({ prefixListId }) => prefixListId)).toEqual(lists);
  for (const rule of egress) {
    expect(rule).toMatchObject({ ipProtocol: "tcp", fromPort: 443, toPort: 443 });
  }
  expect(records.all("SecurityGroupIngressRule")).toEqual([]);
  expect(records.one("DefaultSecurityGroup").inputs).not.toHaveProperty("egress");
  expect(records.one("Stack").outputs.network).toEqual({
    subnetIds: records.all("Subnet").map(({ id }) => id),
    securityGroupIds: [records.one("SecurityGroup").id],
  });
});

test("another range and more zones follow their arguments", async () => {
  const records = await networkRecords({ cidrBlock: "192.168.128.0/24", zones: 3 });
  expect(records.all("Subnet").map(({ inputs }) => inputs.cidrBlock)).toEqual([
    "192.168.128.0/26",
    "192.168.128.64/26",
    "192.168.128.128/26",
  ]);
});

test("interface endpoints are there where they are asked for, open to the function alone", async () => {
  const records = await networkRecords({ interfaceEndpoints: ["bedrock-runtime"] });
  const endpoint = records.one("VpcEndpoint", "net-bedrock-runtime");
  expect(endpoint.inputs).toMatchObject({
    serviceName: "com.amazonaws.us-east-1.bedrock-runtime",
    vpcEndpointType: "Interface",
    privateDnsEnabled: true,
    subnetIds: records.all("Subnet").map(({ id }) => id),
  });
  const group = records.one("SecurityGroup").id;
  expect(records.one("SecurityGroupIngressRule").inputs).toMatchObject({
    securityGroupId: group,
    referencedSecurityGroupId: group,
    fromPort: 443,
  });
});

test.each([
  [{ zones: 1 }, "zones: found 1; allowed: a whole number from 2 to 3"],
  [{ cidrBlock: "8.8.0.0/20" }, 'cidrBlock: found "8.8.0.0/20"; allowed: a private range'],
  [{ cidrBlock: "10.0.0.0/28" }, 'cidrBlock: found "10.0.0.0/28"; allowed: a private range'],
  [{ cidrBlock: "10.0.1.0/20" }, 'cidrBlock: found "10.0.1.0/20"; allowed: a private range'],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(networkRecords(args)).rejects.toThrow(`PrivateNetwork "net": ${message}`);
});

test("transforms reach network, subnets, group and endpoints", async () => {
  const edit = (args: { tags?: unknown }) => {
    args.tags = { edited: "yes" };
  };
  const records = await networkRecords({
    transform: { vpc: edit, subnet: edit, securityGroup: edit, endpoint: edit },
  });
  for (const type of ["Vpc", "Subnet", "SecurityGroup", "VpcEndpoint"]) {
    for (const { inputs } of records.all(type)) expect(inputs.tags).toEqual({ edited: "yes" });
  }
});

/** An account of us-west-1 sees two zones, and not always the same. */
const inRegion = (region: string, args: Partial<PrivateNetworkArgs> = {}) =>
  recordsOf(() => new PrivateNetwork("net", { tenant: "acme", ...args }), {
    provider: new FakeProvider(region),
  });

test.each([
  ["us-west-1", ["us-west-1a", "us-west-1c"]],
  ["ap-northeast-1", ["ap-northeast-1a", "ap-northeast-1c"]],
])("subnets in %s lie in zones that AWS offers the account", async (region, zones) => {
  const records = await inRegion(region);
  expect(records.all("Subnet").map(({ inputs }) => inputs.availabilityZone)).toEqual(zones);
  for (const { options } of records.all("Subnet")) {
    expect(options.ignoreChanges).toEqual(["availabilityZone"]);
  }
});

test("AWS is asked for zones that are there and need no opting in", async () => {
  const asked: unknown[] = [];
  class Listening extends FakeProvider {
    override invoke(token: string, args: Record<string, unknown>) {
      if (token.endsWith("getAvailabilityZones")) asked.push(args);
      return super.invoke(token, args);
    }
  }
  await recordsOf(() => new PrivateNetwork("net", { tenant: "acme" }), {
    provider: new Listening(),
  });
  expect(asked).toEqual([
    {
      state: "available",
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    },
  ]);
});

test("zones that are named are taken as they are", async () => {
  const zones = ["ap-northeast-1d", "ap-northeast-1a"];
  const records = await inRegion("ap-northeast-1", { zones });
  expect(records.all("Subnet").map(({ inputs }) => inputs.availabilityZone)).toEqual(zones);
  expect(records.all("Subnet").map(({ name }) => name)).toEqual(["net-a", "net-b"]);
});

test("three zones of a region with two are refused with their names", async () => {
  await expect(inRegion("us-west-1", { zones: 3 })).rejects.toThrow(
    'PrivateNetwork "net": zones: found 3; allowed: at most 2: us-west-1a, us-west-1c',
  );
});

test.each([
  [["us-east-1a"]],
  [["us-east-1a", "us-east-1a"]],
  [["us-east-1a", "eu-west-1b"]],
])("zones %j are refused", async (zones) => {
  await expect(networkRecords({ zones })).rejects.toThrow(
    "allowed: two or three different zones of one region",
  );
});

test("a service's whole name is taken as it is", async () => {
  const name = "cn.com.amazonaws.cn-north-1.sts";
  const records = await inRegion("cn-north-1", { interfaceEndpoints: [name] });
  expect(records.one("VpcEndpoint", `net-${name}`).inputs.serviceName).toBe(name);
});
