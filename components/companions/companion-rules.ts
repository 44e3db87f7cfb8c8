/** Which settings of companions AWS refuses, or would make two resources of one name of. */
import type * as pulumi from "@pulumi/pulumi";
import { alarmActions } from "../alarms.ts";
import { arnFaults, arns } from "../arn.ts";
import { type Fault, integerFaults, repeatFaults } from "../fault.ts";
import { isRegion } from "../region.ts";
import { areZones, subnetRanges } from "./subnets.ts";

interface MonitoringChoices {
  readonly notify?: readonly string[];
  readonly topicArn?: pulumi.Input<string>;
  readonly monthlyBudget?: number;
  readonly latencySeconds?: number;
}

/** @param region of what is watched, where it is known. */
export function* monitoringFaults(
  { notify = [], topicArn, monthlyBudget, latencySeconds }: MonitoringChoices,
  region: string | undefined,
): Generator<Fault> {
  yield* integerFaults("latencySeconds", latencySeconds, 1, 900);
  yield* integerFaults("monthlyBudget", monthlyBudget, 1, 10_000_000);
  if (monthlyBudget !== undefined && topicArn === undefined && notify.length === 0)
    yield ["monthlyBudget", monthlyBudget, "one with `notify` or `topicArn`, who is told"];
  yield* repeatFaults("notify", notify);
  yield* arnFaults("topicArn", topicArn, arns.topic, region, alarmActions);
}

interface NetworkChoices {
  readonly cidrBlock?: string;
  readonly zones?: number | readonly string[];
  readonly interfaceEndpoints?: readonly string[];
}

/** @param region of the network, where it is known. */
export function* networkFaults(
  { cidrBlock, zones, interfaceEndpoints = [] }: NetworkChoices,
  region: string | undefined,
): Generator<Fault> {
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

const subnet = "Amazon EC2 API reference, CreateSubnet, AvailabilityZone";
const endpoint = "Amazon EC2 API reference, CreateVpcEndpoint, ServiceName";

/** `sts`, however much of the name of its endpoint service is written: `com.amazonaws.us-east-1.sts`. */
const serviceOf = (name: string): string =>
  /^(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.(.+)$/.exec(name)?.[1] ?? name;

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
  const { interfaceEndpoints = [] } = network;
  if (interfaceEndpoints.some((service) => /(^|\.)bedrock-runtime$/.test(service))) return;
  const page = 'Amazon Bedrock User Guide, "Use interface VPC endpoints"';
  const allowed = `"bedrock-runtime" among them, for api.models (${page})`;
  yield ["network.interfaceEndpoints", interfaceEndpoints, allowed];
}
