/**
 * The schedule that has the function do a tenant's maintenance: purge the trash that is due, finish
 * deletions and erasures, remove orphaned objects. It sends an event that no client can send.
 */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { maintenanceEvent } from "../../../app/resources/maintenance.ts";
import type { MetricDescription } from "../../alarms.ts";
import type { Transform } from "../../component.ts";
import { FunctionSchedule, type FunctionScheduleArgs } from "./function-schedule.ts";

/**
 * How often the maintenance runs, and within how many minutes after the time: not every tenant of an account
 * at the same minute.
 */
export const maintenanceRates = {
  "quarter-hourly": { scheduleExpression: "rate(15 minutes)", windowMinutes: 5 },
  hourly: { scheduleExpression: "rate(1 hour)", windowMinutes: 15 },
  daily: { scheduleExpression: "rate(1 day)", windowMinutes: 15 },
} as const;
export type MaintenanceRate = keyof typeof maintenanceRates;

export interface MaintenanceArgs extends FunctionScheduleArgs {
  rate: MaintenanceRate;
  transform?: MaintenanceTransform;
}

export interface MaintenanceTransform {
  maintenanceSchedule?: Transform<aws.scheduler.ScheduleArgs>;
  maintenanceScheduleGroup?: Transform<aws.scheduler.ScheduleGroupArgs>;
  maintenanceRole?: Transform<aws.iam.RoleArgs>;
  maintenancePolicy?: Transform<aws.iam.PolicyArgs>;
}

export class Maintenance extends FunctionSchedule {
  constructor(name: string, args: MaintenanceArgs, options?: pulumi.ComponentResourceOptions) {
    const { rate, transform } = args;
    super(
      "Maintenance",
      name,
      args,
      { ...maintenanceRates[rate], input: JSON.stringify(maintenanceEvent) },
      {
        schedule: transform?.maintenanceSchedule,
        group: transform?.maintenanceScheduleGroup,
        role: transform?.maintenanceRole,
        policy: transform?.maintenancePolicy,
      },
      options,
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
