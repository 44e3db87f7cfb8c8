/**
 * What `awsx.ec2.Vpc` is made of, as the provider of `@pulumi/awsx` 3.9 registers it. Settings whose layout is
 * not known here leave the component opaque; `test/engine/awsx.test.ts` holds the rest against the provider.
 */
import * as pulumi from "@pulumi/pulumi";
import { isObject, listAt, textAt } from "../../policies/reading/read.ts";
import type { ResourceRecord } from "../record.ts";
import { holdsUnknown } from "../sdk/values.ts";
import { type PlacedSubnet, placedSubnets, type SubnetSpec } from "./awsx-subnets.ts";
import { type Construct, Returned, reference } from "./component.ts";

/** Arguments that the VPC itself has. */
const ofVpc = [
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
  "region",
] as const;

/** All that is looked at; with any other argument the component stays opaque. */
const known: ReadonlySet<string> = new Set([
  ...ofVpc,
  ...["availabilityZoneNames", "cidrBlock", "natGateways", "numberOfAvailabilityZones"],
  ...["subnetSpecs", "subnetStrategy", "tags"],
]);

export const awsxVpc: Construct = async (component, { make, ask }) => {
  const { name, inputs } = component;
  const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
  if (given.some(([key, value]) => !known.has(key) || holdsUnknown(value))) return undefined;

  const zones = await zonesOf(inputs, ask);
  const cidrBlock = textAt(inputs, "cidrBlock") ?? "10.0.0.0/16";
  const specs = inputs.subnetSpecs === undefined ? undefined : specsOf(inputs);
  const strategy = textAt(inputs, "subnetStrategy") ?? "Legacy";
  const layout = zones && placedSubnets(cidrBlock, zones.length, strategy, specs);
  const nat = (textAt(inputs, "natGateways.strategy") ?? "OnePerAz").toLowerCase();
  const addresses = listAt(inputs, "natGateways.elasticIpAllocationIds");
  if (!zones || !layout) return undefined;

  const tags = isObject(inputs.tags) ? inputs.tags : {};
  const shared = { Name: name, ...tags };
  const { region } = inputs;
  const own = Object.fromEntries(ofVpc.map((key) => [key, inputs[key]]));
  const vpc = await make({
    type: "aws:ec2/vpc:Vpc",
    name,
    parent: component,
    inputs: { ...own, cidrBlock, tags: shared },
  });
  const internetGateway = await make({
    type: "aws:ec2/internetGateway:InternetGateway",
    name,
    parent: vpc,
    inputs: { region, vpcId: new Returned(vpc), tags: shared },
    dependsOn: [vpc],
  });
  const subnets: (PlacedSubnet & { record: ResourceRecord })[] = [];
  const routeTables: ResourceRecord[] = [];
  const associations: ResourceRecord[] = [];
  const routes: ResourceRecord[] = [];
  const natGateways: ResourceRecord[] = [];
  const eips: ResourceRecord[] = [];

  for (const [index, zone] of zones.entries()) {
    const ofZone = (layout[index] ?? []).filter(({ type }) => type !== "Unused");
    for (const subnet of ofZone.toSorted(publicFirst)) {
      const kind = subnet.type.toLowerCase();
      const child = `${name}-${subnet.name ?? kind}-${index + 1}`;
      const tagged = { ...shared, Name: child, SubnetType: subnet.type };
      const record = await make({
        type: "aws:ec2/subnet:Subnet",
        name: child,
        parent: vpc,
        inputs: {
          region,
          vpcId: new Returned(vpc),
          availabilityZone: zone,
          mapPublicIpOnLaunch: kind === "public",
          cidrBlock: subnet.cidrBlock,
          assignIpv6AddressOnCreation: false,
          tags: { ...shared, ...subnet.tags, Name: child, SubnetType: subnet.type },
        },
        dependsOn: [vpc],
      });
      subnets.push({ ...subnet, record });
      const routeTable = await make({
        type: "aws:ec2/routeTable:RouteTable",
        name: child,
        parent: record,
        inputs: { region, vpcId: new Returned(vpc), tags: tagged },
        dependsOn: [record],
      });
      routeTables.push(routeTable);
      associations.push(
        await make({
          type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
          name: child,
          parent: routeTable,
          inputs: {
            region,
            routeTableId: new Returned(routeTable),
            subnetId: new Returned(record),
          },
          dependsOn: [routeTable],
        }),
      );
      const most = { none: 0, single: 1 }[nat] ?? index + 1;
      if (kind === "public" && natGateways.length < most) {
        const named = `${name}-${index + 1}`;
        const around = { parent: record, dependsOn: [record] };
        const own = { region, tags: { ...tags, Name: named } };
        let allocationId = addresses[index];
        if (addresses.length === 0) {
          const eip = await make({ type: "aws:ec2/eip:Eip", name: named, ...around, inputs: own });
          eips.push(eip);
          allocationId = new Returned(eip, "allocationId");
        }
        natGateways.push(
          await make({
            type: "aws:ec2/natGateway:NatGateway",
            name: named,
            ...around,
            inputs: { ...own, subnetId: new Returned(record), allocationId },
          }),
        );
      }
      const natGateway = nat === "single" ? natGateways[0] : natGateways[index];
      const way =
        kind === "public"
          ? { gatewayId: new Returned(internetGateway) }
          : kind === "private" && natGateway && { natGatewayId: new Returned(natGateway) };
      if (!way) continue;
      routes.push(
        await make({
          type: "aws:ec2/route:Route",
          name: child,
          parent: routeTable,
          inputs: {
            region,
            routeTableId: new Returned(routeTable),
            ...way,
            destinationCidrBlock: "0.0.0.0/0",
          },
          dependsOn: [routeTable],
        }),
      );
    }
  }

  const of = (kind: string) =>
    subnets.flatMap(({ type, record }) => (type.toLowerCase() === kind ? record : []));
  const ids = (kind: string) => of(kind).map(({ id }) => id ?? pulumi.unknown);
  return {
    vpcId: vpc.id ?? pulumi.unknown,
    publicSubnetIds: ids("public"),
    privateSubnetIds: ids("private"),
    isolatedSubnetIds: ids("isolated"),
    vpc: reference(vpc),
    internetGateway: reference(internetGateway),
    subnets: subnets.map(({ record }) => reference(record)),
    publicSubnets: of("public").map(reference),
    privateSubnets: of("private").map(reference),
    isolatedSubnets: of("isolated").map(reference),
    routeTables: routeTables.map(reference),
    routeTableAssociations: associations.map(reference),
    routes: routes.map(reference),
    natGateways: natGateways.map(reference),
    eips: eips.map(reference),
    vpcEndpoints: [],
  };
};

/** Names as given, or as many as are asked for, in AWS's order. */
async function zonesOf(
  inputs: Readonly<Record<string, unknown>>,
  ask: Parameters<Construct>[1]["ask"],
): Promise<readonly string[] | undefined> {
  const names = listAt(inputs, "availabilityZoneNames");
  if (names.length > 0) return names.map(String);
  const region = textAt(inputs, "region");
  const offered = await ask(
    "aws:index/getAvailabilityZones:getAvailabilityZones",
    region === undefined ? {} : { region },
  );
  const count = Number(inputs.numberOfAvailabilityZones ?? 3);
  const found = listAt(offered ?? {}, "names")
    .slice(0, count)
    .map(String);
  return found.length === count ? found : undefined;
}

const specsOf = (inputs: Readonly<Record<string, unknown>>): SubnetSpec[] =>
  listAt(inputs, "subnetSpecs").map((spec) => {
    const mask = isObject(spec) ? Number(spec.cidrMask ?? Number.NaN) : Number.NaN;
    const blocks = listAt(spec, "cidrBlocks").map(String);
    const name = textAt(spec, "name");
    return {
      type: textAt(spec, "type") ?? "",
      ...(name !== undefined && { name }),
      ...(!Number.isNaN(mask) && { cidrMask: mask }),
      ...(blocks.length > 0 && { cidrBlocks: blocks }),
      ...(isObject(spec) && isObject(spec.tags) && { tags: spec.tags }),
    };
  });

const order = ["public", "private", "isolated"];
const publicFirst = (a: SubnetSpec, b: SubnetSpec): number =>
  order.indexOf(a.type.toLowerCase()) - order.indexOf(b.type.toLowerCase());
