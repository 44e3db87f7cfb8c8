/**
 * A schedule that invokes a tenant's function with an event of its own, which no client can send, by a role that may
 * do nothing else.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../../component.ts";
import { assumableBy, type PolicyStatement, policyDocument } from "../../iam.ts";

export interface FunctionScheduleArgs extends TenantComponentArgs {
  /** `"disabled"` keeps the schedule and runs nothing. Default `"enabled"`. */
  state?: "enabled" | "disabled";
  /** Function, or alias of it, to invoke. */
  target: aws.lambda.Function | aws.lambda.Alias;
  /** Queue for events that EventBridge Scheduler could not deliver. Default: they are dropped. */
  failedEvents?: {
    readonly queueArn: pulumi.Output<string>;
    grantSend(): readonly PolicyStatement[];
  };
}

export interface FunctionScheduleTransform {
  schedule?: Transform<aws.scheduler.ScheduleArgs>;
  group?: Transform<aws.scheduler.ScheduleGroupArgs>;
  role?: Transform<aws.iam.RoleArgs>;
  policy?: Transform<aws.iam.PolicyArgs>;
}

/** What runs when. */
export interface ScheduleSettings {
  readonly scheduleExpression: string;
  /**
   * Runs begin within so many minutes after the scheduled time, 0–1,440, so that not every tenant runs at
   * once. Default 5.
   */
  readonly windowMinutes: number;
  /** IANA name of the zone that a cron expression is in. Default UTC. */
  readonly timeZone?: string;
  /** The event, as JSON. */
  readonly input: string;
}

export abstract class FunctionSchedule extends TenantComponent {
  readonly nodes: {
    readonly schedule: aws.scheduler.Schedule;
    /** The tenant's own: metrics count by group, and the role trusts this one alone. */
    readonly group: aws.scheduler.ScheduleGroup;
    readonly role: aws.iam.Role;
    readonly policy: aws.iam.Policy;
    readonly policyAttachment: aws.iam.RolePolicyAttachment;
  };

  protected constructor(
    typeName: string,
    name: string,
    args: FunctionScheduleArgs,
    settings: ScheduleSettings,
    transform: FunctionScheduleTransform | undefined,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super(typeName, name, args, options);
    const { target, failedEvents } = args;

    const group = new aws.scheduler.ScheduleGroup(
      name,
      ...this.resource({ tags: this.tags }, transform?.group),
    );
    const role = new aws.iam.Role(
      name,
      ...this.resource(
        {
          ...this.roleArgs("scheduler.amazonaws.com"),
          assumeRolePolicy: assumableForGroup(group.arn),
        },
        transform?.role,
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
        transform?.policy,
      ),
    );
    const policyAttachment = new aws.iam.RolePolicyAttachment(
      name,
      ...this.resource({ role: role.name, policyArn: policy.arn }),
    );
    const { scheduleExpression, windowMinutes, timeZone, input } = settings;
    const schedule = new aws.scheduler.Schedule(
      name,
      ...this.resource(
        {
          groupName: group.name,
          scheduleExpression,
          ...(timeZone !== undefined && { scheduleExpressionTimezone: timeZone }),
          state: args.state === "disabled" ? "DISABLED" : "ENABLED",
          flexibleTimeWindow:
            windowMinutes === 0
              ? { mode: "OFF" }
              : { mode: "FLEXIBLE", maximumWindowInMinutes: windowMinutes },
          target: {
            arn: target.arn,
            roleArn: role.arn,
            input,
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
            ...(failedEvents && { deadLetterConfig: { arn: failedEvents.queueArn } }),
          },
        },
        transform?.schedule,
        // EventBridge Scheduler checks that the role may be assumed, and its first run is at once.
        { dependsOn: [policyAttachment] },
      ),
    );

    this.nodes = { schedule, group, role, policy, policyAttachment };
    this.register({});
  }
}

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
