/** Which settings of companions AWS refuses, or would make two resources of one name of. */
import type * as pulumi from "@pulumi/pulumi";
import { alarmActions } from "../alarms.ts";
import { type Fault, integerFaults, repeatFaults } from "../fault.ts";
import { regionFaults } from "../region.ts";

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
  yield* regionFaults("topicArn", topicArn, region, alarmActions);
}

interface NetworkChoices {
  readonly interfaceEndpoints?: readonly string[];
}

export function* networkFaults({ interfaceEndpoints = [] }: NetworkChoices): Generator<Fault> {
  yield* repeatFaults("interfaceEndpoints", interfaceEndpoints);
  for (const [index, service] of interfaceEndpoints.entries()) {
    if (service === "dynamodb" || service === "s3")
      yield [
        `interfaceEndpoints[${index}]`,
        service,
        "services beside DynamoDB and S3, which gateway endpoints reach already",
      ];
  }
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
  const { interfaceEndpoints = [] } = network;
  if (interfaceEndpoints.some((service) => /(^|\.)bedrock-runtime$/.test(service))) return;
  const page = 'Amazon Bedrock User Guide, "Use interface VPC endpoints"';
  const allowed = `"bedrock-runtime" among them, for api.models (${page})`;
  yield ["network.interfaceEndpoints", interfaceEndpoints, allowed];
}
