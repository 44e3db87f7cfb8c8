/**
 * The schedule that has the function do a tenant's maintenance: purge the trash that is due, finish
 * deletions and erasures, remove orphaned objects. It sends an event that no client can send.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { maintenanceEvent } from "../../../app/resources/maintenance.ts";
import type { MetricDescription } from "../../alarms.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../../component.ts";
import { assumableBy, type PolicyStatement, policyDocument } from "../../iam.ts";

/** How often the maintenance runs. */
export const maintenanceRates = {
  hourly: "rate(1 hour)",
  daily: "rate(1 day)",
} as const;
export type MaintenanceRate = keyof typeof maintenanceRates;

export interface MaintenanceArgs extends TenantComponentArgs {
  rate: MaintenanceRate;
  /** `"disabled"` keeps the schedule and runs nothing. Default `"enabled"`. */
  state?: "enabled" | "disabled";
  /** Function, or alias of it, to invoke. */
  target: aws.lambda.Function | aws.lambda.Alias;
  /** Queue for events that EventBridge Scheduler could not deliver. Default: they are dropped. */
  failedEvents?: {
    readonly queueArn: pulumi.Output<string>;
    grantSend(): readonly PolicyStatement[];
  };
  transform?: MaintenanceTransform;
}

export interface MaintenanceTransform {
  maintenanceSchedule?: Transform<aws.scheduler.ScheduleArgs>;
  maintenanceScheduleGroup?: Transform<aws.scheduler.ScheduleGroupArgs>;
  maintenanceRole?: Transform<aws.iam.RoleArgs>;
  maintenancePolicy?: Transform<aws.iam.PolicyArgs>;
}

export class Maintenance extends TenantComponent {
  readonly nodes: {
    readonly schedule: aws.scheduler.Schedule;
    /** The tenant's own: metrics count by group, and the role trusts this one alone. */
    readonly group: aws.scheduler.ScheduleGroup;
    readonly role: aws.iam.Role;
    readonly policy: aws.iam.Policy;
    readonly policyAttachment: aws.iam.RolePolicyAttachment;
  };

  constructor(name: string, args: MaintenanceArgs, options?: pulumi.ComponentResourceOptions) {
    super("Maintenance", name, args, options);
    const { target, failedEvents, transform } = args;

    const group = new aws.scheduler.ScheduleGroup(
      name,
      ...this.resource({ tags: this.tags }, transform?.maintenanceScheduleGroup),
    );
    const role = new aws.iam.Role(
      name,
      ...this.resource(
        {
          ...this.roleArgs("scheduler.amazonaws.com"),
          assumeRolePolicy: assumableForGroup(group.arn),
        },
        transform?.maintenanceRole,
      ),
    );
    const policy = new aws.iam.Policy(
      name,
      ...this.resource(
        {
          policy: policyDocument([
            { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [target.arn] },
            ...(failedEvents?.grantSend() ?? []),
          ]),
          tags: this.tags,
        },
        transform?.maintenancePolicy,
      ),
    );
    const policyAttachment = new aws.iam.RolePolicyAttachment(
      name,
      ...this.resource({ role: role.name, policyArn: policy.arn }),
    );
    const schedule = this.#createSchedule(name, args, group, role, policyAttachment);

    this.nodes = { schedule, group, role, policy, policyAttachment };
    this.register({});
  }

  #createSchedule(
    name: string,
    { rate, state = "enabled", target, failedEvents, transform }: MaintenanceArgs,
    group: aws.scheduler.ScheduleGroup,
    role: aws.iam.Role,
    policyAttachment: aws.iam.RolePolicyAttachment,
  ): aws.scheduler.Schedule {
    return new aws.scheduler.Schedule(
      name,
      ...this.resource(
        {
          groupName: group.name,
          scheduleExpression: maintenanceRates[rate],
          state: state === "enabled" ? "ENABLED" : "DISABLED",
          // Not every tenant of an account at the same minute.
          flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
          target: {
            arn: target.arn,
            roleArn: role.arn,
            input: JSON.stringify(maintenanceEvent),
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
            ...(failedEvents && { deadLetterConfig: { arn: failedEvents.queueArn } }),
          },
        },
        transform?.maintenanceSchedule,
        // EventBridge Scheduler checks that the role may be assumed, and its first run is at once.
        { dependsOn: [policyAttachment] },
      ),
    );
  }
}

/**
 * Runs that failed for good: those that Lambda gave up, since nothing else invokes the function
 * asynchronously, and those that never reached it.
 * (AWS Lambda and EventBridge Scheduler User Guides, "metrics".)
 */
export const failedRuns = (
  functionName: pulumi.Input<string>,
  { nodes }: Maintenance,
): MetricDescription[] => [
  {
    namespace: "AWS/Lambda",
    metricName: "AsyncEventsDropped",
    dimensions: { FunctionName: functionName },
  },
  {
    namespace: "AWS/Scheduler",
    metricName: "InvocationDroppedCount",
    dimensions: { ScheduleGroup: nodes.group.name },
  },
];

/**
 * Trusts EventBridge Scheduler on behalf of one group of one account. (EventBridge Scheduler User Guide,
 * "Confused deputy prevention": the ARN must be the group's, a schedule's is refused.)
 */
const assumableForGroup = (groupArn: pulumi.Output<string>): pulumi.Output<string> =>
  assumableBy("scheduler.amazonaws.com", {
    StringEquals: {
      "aws:SourceAccount": groupArn.apply((arn) => arn.split(":")[4] ?? ""),
      "aws:SourceArn": groupArn,
    },
  });
