/** Which settings of companions AWS refuses, or would make two resources of one name of. */
import type * as pulumi from "@pulumi/pulumi";
import { alarmActions } from "../alarms.ts";
import { accountFaults, arnFaults, arns } from "../arn.ts";
import { type Fault, integerFaults, repeatFaults } from "../fault.ts";
import { type Home, isRegion } from "../region.ts";
import { areZones, subnetRanges } from "./subnets.ts";

interface MonitoringChoices {
  readonly notify?: readonly string[];
  readonly topicArn?: pulumi.Input<string>;
  readonly monthlyBudget?: number;
  readonly latencySeconds?: number;
}

/** @param home of what is watched. */
export function* monitoringFaults(
  { notify = [], topicArn, monthlyBudget, latencySeconds }: MonitoringChoices,
  { region, accounts }: Home,
): Generator<Fault> {
  yield* integerFaults("latencySeconds", latencySeconds, 1, 900);
  yield* integerFaults("monthlyBudget", monthlyBudget, 1, 10_000_000);
  if (monthlyBudget !== undefined && topicArn === undefined && notify.length === 0)
    yield ["monthlyBudget", monthlyBudget, "one with `notify` or `topicArn`, who is told"];
  yield* repeatFaults("notify", notify);
  yield* arnFaults("topicArn", topicArn, arns.topic, region, alarmActions);
  if (monthlyBudget === undefined) return;
  // Alarms may tell a topic of another account, budgets may not.
  const page =
    'AWS Cost Management User Guide, "Creating an Amazon SNS topic for budget notifications"';
  yield* accountFaults("topicArn", topicArn, accounts, page);
}

interface NetworkChoices {
  readonly egress?: "none" | "nat";
  readonly natGateways?: "single" | "one-per-zone";
  readonly outbound?: readonly { readonly cidr: string; readonly port?: number }[];
  readonly cidrBlock?: string;
  readonly zones?: number | readonly string[];
  readonly interfaceEndpoints?: readonly string[];
}

/** @param region of the network, where it is known. */
export function* networkFaults(
  { egress = "none", natGateways, outbound, cidrBlock, zones, ...more }: NetworkChoices,
  region: string | undefined,
): Generator<Fault> {
  const { interfaceEndpoints = [] } = more;
  if (egress === "none") {
    for (const [name, found] of Object.entries({ natGateways, outbound }))
      if (found !== undefined) yield [name, found, 'with egress: "nat" alone'];
  }
  for (const [index, { cidr, port }] of (outbound ?? []).entries()) {
    if (!isIpv4Network(cidr))
      yield [`outbound[${index}].cidr`, cidr, 'an IPv4 network, e.g. "203.0.113.0/24"'];
    yield* integerFaults(`outbound[${index}].port`, port, 1, 65535);
  }
  if (cidrBlock !== undefined && !subnetRanges(cidrBlock))
    yield [
      "cidrBlock",
      cidrBlock,
      'a private range from /16 to /24, e.g. "10.0.0.0/20" (RFC 1918)',
    ];
  if (typeof zones === "number") yield* integerFaults("zones", zones, 2, 3);
  else if (zones !== undefined && !areZones(zones, region))
    yield ["zones", zones, `two or three different zones of ${region ?? "one region"} (${subnet})`];
  const services = interfaceEndpoints.map(serviceOf);
  for (const [index, service] of services.entries()) {
    const argument = `interfaceEndpoints[${index}]`;
    const found = interfaceEndpoints[index];
    if (service === "dynamodb" || service === "s3") {
      const allowed = "services beside DynamoDB and S3, which gateway endpoints reach already";
      yield [argument, found, allowed];
    }
    // Two would have one private name.
    if (services.indexOf(service) < index) yield [argument, found, "each only once"];
    const named = found?.split(".").find(isRegion);
    if (region !== undefined && named !== undefined && named !== region)
      yield [argument, found, `a service of ${region} (${endpoint})`];
  }
}

/** EC2 refuses bits behind the mask (API reference, IpRange `CidrIp`). */
function isIpv4Network(cidr: string): boolean {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr) ?? [];
  const parts = [a, b, c, d].map(Number);
  if (parts.some((part) => !(part <= 255)) || !(Number(bits) <= 32)) return false;
  return parts.reduce((sum, part) => sum * 256 + part, 0) % 2 ** (32 - Number(bits)) === 0;
}

const subnet = "Amazon EC2 API reference, CreateSubnet, AvailabilityZone";
const endpoint = "Amazon EC2 API reference, CreateVpcEndpoint, ServiceName";

/** `sts`, however much of the name of its endpoint service is written: `com.amazonaws.us-east-1.sts`. */
const serviceOf = (name: string): string =>
  /^(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.(.+)$/.exec(name)?.[1] ?? name;

const isHttpsEverywhere = ({
  cidr,
  port = 443,
}: {
  readonly cidr: string;
  readonly port?: number;
}) => cidr === "0.0.0.0/0" && port === 443;

/** A bus that a function cannot reach from its network: each event would wait for its time-out, and be lost. */
export function* eventAccessFaults(
  events: "off" | "on" | undefined,
  network: NetworkChoices | "off" | undefined,
): Generator<Fault> {
  if (events !== "on" || typeof network !== "object" || reaches(network, "events")) return;
  const page =
    'Amazon EventBridge User Guide, "Using Amazon EventBridge with interface VPC endpoints"';
  const allowed = `"events" among them, for events: "on" (${page})`;
  yield ["network.interfaceEndpoints", network.interfaceEndpoints ?? [], allowed];
}

/** Whether what is in the network reaches a service of AWS: through an endpoint, or the way out. */
function reaches(
  { interfaceEndpoints = [], egress, outbound = [{ cidr: "0.0.0.0/0" }] }: NetworkChoices,
  service: string,
): boolean {
  if (egress === "nat" && outbound.some(isHttpsEverywhere)) return true;
  return interfaceEndpoints.some((name) => serviceOf(name) === service);
}

/**
 * Models that a function cannot reach from its network. Each chat would wait for its time-out.
 *
 * @param models ids of Bedrock's, or `"embedded"`.
 */
export function* modelAccessFaults(
  models: "embedded" | readonly string[] | undefined,
  network: NetworkChoices | "off" | undefined,
): Generator<Fault> {
  if (typeof network !== "object" || models === "embedded" || !models?.length) return;
  if (reaches(network, "bedrock-runtime")) return;
  const { interfaceEndpoints = [] } = network;
  const page = 'Amazon Bedrock User Guide, "Use interface VPC endpoints"';
  const allowed = `"bedrock-runtime" among them, for api.models (${page})`;
  yield ["network.interfaceEndpoints", interfaceEndpoints, allowed];
}
