import * as awsx from "@pulumi/awsx";

/** As the documentation begins: three zones, a NAT gateway in each. */
const plain = new awsx.ec2.Vpc("plain");

const single = new awsx.ec2.Vpc("single", {
  cidrBlock: "10.1.0.0/20",
  numberOfAvailabilityZones: 2,
  natGateways: { strategy: "Single" },
  subnetStrategy: "Auto",
  subnetSpecs: [
    { type: "Private", cidrMask: 22, tags: { tier: "app" } },
    { type: "Public", cidrMask: 24 },
    { type: "Isolated", name: "db", cidrMask: 24 },
  ],
  enableDnsHostnames: true,
  tags: { team: "red" },
});

new awsx.ec2.Vpc("closed", {
  cidrBlock: "10.2.0.0/16",
  availabilityZoneNames: ["us-east-1a", "us-east-1c"],
  natGateways: { strategy: "None" },
  subnetStrategy: "Auto",
});

new awsx.ec2.Vpc("exact", {
  cidrBlock: "10.3.0.0/24",
  availabilityZoneNames: ["us-east-1a", "us-east-1b"],
  natGateways: { strategy: "OnePerAz", elasticIpAllocationIds: ["eipalloc-1", "eipalloc-2"] },
  subnetStrategy: "Exact",
  subnetSpecs: [
    { type: "Private", cidrBlocks: ["10.3.0.0/26", "10.3.0.128/26"] },
    { type: "Public", cidrBlocks: ["10.3.0.64/26", "10.3.0.192/26"] },
  ],
});

export const vpcId = plain.vpcId;
export const routeTableIds = single.routeTables.apply((tables) => tables.map(({ id }) => id));
