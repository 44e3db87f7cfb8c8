/** `components/chat-api/events/`: the queues and schedules that invoke a team's own app, besides requests. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { queuesVariable } from "../../../app/resources/events.ts";
import type { DescribeResource, TenantComponentArgs } from "../../component.ts";
import type { Encryption } from "../../encryption.ts";
import type { PolicyStatement } from "../../iam.ts";
import type { ChatFunction } from "../function/chat-function.ts";
import type { FunctionScheduleTransform } from "../function/function-schedule.ts";
import { EventQueue, type EventQueueTransform } from "./event-queue.ts";
import { EventSchedule } from "./event-schedule.ts";
import type { EventSources } from "./event-sources.ts";

export interface EventsTransform {
  /** Transforms of each queue of the app. */
  eventQueue?: EventQueueTransform;
  /** Transforms of each schedule of the app. */
  eventSchedule?: FunctionScheduleTransform;
}

/** The resources of a team's queues and schedules, by the name of the queue or schedule. */
export interface EventNodes {
  readonly queues: EventQueues;
  readonly mappings: Readonly<Record<string, aws.lambda.EventSourceMapping>>;
  readonly schedules: Readonly<Record<string, EventSchedule>>;
}

export type EventQueues = Readonly<Record<string, EventQueue>>;

export interface EventsContext {
  /** Name of the API. A queue's or schedule's own name is appended to it. */
  readonly name: string;
  readonly sources: EventSources | undefined;
  readonly inherited: TenantComponentArgs;
  readonly parent: pulumi.Resource;
  readonly transform: EventsTransform | undefined;
}

/** Makes the queues. They are made before the function, because the function's role and variables name them. */
export function createEventQueues(
  { name, sources, inherited, parent, transform }: EventsContext,
  settings: { readonly timeoutSeconds: number; readonly encryption: Encryption | undefined },
): EventQueues {
  return mapped(
    sources?.queues ?? {},
    (source, queue) =>
      new EventQueue(
        `${name}-${queue}`,
        { ...inherited, ...settings, source, transform: transform?.eventQueue },
        { parent },
      ),
  );
}

/** The environment variable that tells the app the URLs of its queues. */
export function queueEnvironment(queues: EventQueues): Record<string, pulumi.Output<string>> {
  const named = Object.entries(queues);
  if (named.length === 0) return {};
  const pairs = named.map(([queue, { queueUrl }]) => pulumi.interpolate`${queue}=${queueUrl}`);
  return { [queuesVariable]: pulumi.all(pairs).apply((texts) => texts.join(",")) };
}

export const grantReceive = (queues: EventQueues): PolicyStatement[] =>
  Object.values(queues).flatMap((queue) => queue.grantReceive());

/** Makes queues and schedules invoke the function. With `disabled`, as for a suspended tenant, they do not invoke it. */
export function connectEvents(
  { name, sources, inherited, parent, transform }: EventsContext,
  queues: EventQueues,
  fn: ChatFunction,
  state: "enabled" | "disabled",
  resource: DescribeResource,
): EventNodes {
  const target = fn.nodes.release?.alias ?? fn.nodes.function;
  const mappings = mapped(queues, ({ queueArn }, queue) => {
    const {
      batchSize = 10,
      batchWindowSeconds = 0,
      maximumConcurrency,
    } = sources?.queues[queue] ?? {};
    return new aws.lambda.EventSourceMapping(
      `${name}-${queue}`,
      ...resource<aws.lambda.EventSourceMappingArgs>(
        {
          eventSourceArn: queueArn,
          functionName: target.arn,
          enabled: state === "enabled",
          batchSize,
          ...(batchWindowSeconds > 0 && { maximumBatchingWindowInSeconds: batchWindowSeconds }),
          functionResponseTypes: ["ReportBatchItemFailures"],
          ...(maximumConcurrency !== undefined && { scalingConfig: { maximumConcurrency } }),
          tags: inherited.tags,
        },
        transform?.eventQueue?.eventSourceMapping,
        // Lambda refuses the mapping while the role may not read the queue.
        { dependsOn: [fn.nodes.policyAttachment] },
      ),
    );
  });
  const schedules = mapped(
    sources?.schedules ?? {},
    (source, handler) =>
      new EventSchedule(
        `${name}-${handler}`,
        {
          ...inherited,
          ...source,
          handler,
          state,
          target,
          failedEvents: fn.nodes.failedEvents,
          transform: transform?.eventSchedule,
        },
        { parent },
      ),
  );
  return { queues, mappings, schedules };
}

const mapped = <From, To>(
  from: Readonly<Record<string, From>>,
  to: (one: From, name: string) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(from).map(([name, one]) => [name, to(one, name)]));
