/** What goes wrong with an API while nobody looks at it. */
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDescription, AlarmSettings } from "../alarms.ts";
import { stageName } from "./api-stage.ts";
import { failedRuns, type Maintenance } from "./function/maintenance.ts";

export interface ApiAlarmSettings extends AlarmSettings {
  /**
   * Alarm if one answer in ten takes longer than this many seconds, 1–900. A streamed chat counts until its
   * last word. Default 30.
   */
  readonly latencySeconds?: number;
}

/**
 * Four metrics, and two of the maintenance's failed runs where there is a schedule.
 * (API Gateway and AWS Lambda Developer Guides, "metrics".)
 */
export function apiAlarms(
  apiName: pulumi.Input<string>,
  functionName: pulumi.Input<string>,
  { latencySeconds = 30 }: ApiAlarmSettings,
  maintenance: Maintenance | undefined,
): AlarmDescription[] {
  const api = (metricName: string) => ({
    namespace: "AWS/ApiGateway" as const,
    metricName,
    dimensions: { ApiName: apiName, Stage: stageName },
  });
  const fn = (metricName: string) => ({
    namespace: "AWS/Lambda" as const,
    metricName,
    dimensions: { FunctionName: functionName },
  });
  return [
    {
      suffix: "server-errors",
      description: "Requests fail through no fault of the client's.",
      metrics: [api("5XXError")],
      statistic: "Sum",
      above: 5,
      minutes: 3,
    },
    {
      suffix: "latency",
      description: "One answer in ten takes too long.",
      metrics: [api("Latency")],
      statistic: "p90",
      above: latencySeconds * 1000,
      minutes: 5,
    },
    {
      suffix: "throttles",
      description: "Lambda turns requests away: reserved or account concurrency is used up.",
      metrics: [fn("Throttles")],
      statistic: "Sum",
      above: 0,
      minutes: 3,
    },
    {
      suffix: "function-errors",
      description: "The function crashes or runs out of time or memory.",
      metrics: [fn("Errors")],
      statistic: "Sum",
      above: 0,
      minutes: 3,
    },
    ...(maintenance === undefined
      ? []
      : [
          {
            suffix: "maintenance",
            description: "Maintenance fails: what is due is not purged, erasures are not finished.",
            metrics: failedRuns(functionName, maintenance),
            statistic: "Sum" as const,
            above: 0,
            minutes: 1,
          },
        ]),
  ];
}
