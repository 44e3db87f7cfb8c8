/** Alarms that components make on their own resources, and whom they tell. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "./component.ts";

export interface AlarmSettings {
  /**
   * ARN of the SNS topic that is notified when an alarm starts and ends. Somebody must have subscribed to
   * it. If it has a KMS key, the key must let `cloudwatch.amazonaws.com` use it.
   */
  readonly topicArn: pulumi.Input<string>;
}

/** One sum of CloudWatch metrics, and from which value on it is alarming. */
export interface AlarmDescription {
  /** Ends the alarm's name, e.g. `"throttles"`. */
  readonly suffix: string;
  readonly description: string;
  /** At most 10: more than one are added up. */
  readonly metrics: readonly MetricDescription[];
  readonly statistic: "Sum" | "p90" | "p99";
  /** Goes off above this value, in the metric's own unit. */
  readonly above: number;
  /** Minutes in a row that must be above it. */
  readonly minutes: number;
}

export interface MetricDescription {
  readonly namespace: `AWS/${string}`;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

/** PutMetricAlarm: "Invalid region eu-west-1 specified. Only us-east-1 is supported." */
export const alarmActions = "CloudWatch API reference, PutMetricAlarm, AlarmActions";

interface AlarmContext {
  readonly name: string;
  readonly settings: AlarmSettings;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly transform?: Transform<aws.cloudwatch.MetricAlarmArgs>;
}

/** Costs $0.10 a month for each metric (Amazon CloudWatch pricing, US East). */
export const createAlarms = (
  { name, settings, tags, transform }: AlarmContext,
  alarms: readonly AlarmDescription[],
  resource: DescribeResource,
): aws.cloudwatch.MetricAlarm[] =>
  alarms.map(
    (alarm) =>
      new aws.cloudwatch.MetricAlarm(
        `${name}-${alarm.suffix}`,
        ...resource(
          {
            alarmDescription: alarm.description,
            ...measured(alarm),
            comparisonOperator: "GreaterThanThreshold",
            threshold: alarm.above,
            evaluationPeriods: alarm.minutes,
            datapointsToAlarm: alarm.minutes,
            // Most of these metrics exist only while something goes wrong.
            treatMissingData: "notBreaching",
            alarmActions: [settings.topicArn],
            okActions: [settings.topicArn],
            tags,
          },
          transform,
        ),
      ),
  );

function measured({ metrics, statistic, description }: AlarmDescription) {
  const [only, ...others] = metrics;
  if (only && others.length === 0) {
    return {
      namespace: only.namespace,
      metricName: only.metricName,
      dimensions: { ...only.dimensions },
      period: 60,
      ...(statistic === "Sum" ? { statistic } : { extendedStatistic: statistic }),
    };
  }
  return {
    metricQueries: [
      {
        id: "total",
        // What was not counted in a minute counts as none: without FILL a sum with a gap is a gap.
        expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join(" + "),
        label: description,
        returnData: true,
      },
      ...metrics.map(({ dimensions, ...metric }, index) => ({
        id: `m${index}`,
        metric: { ...metric, dimensions: { ...dimensions }, period: 60, stat: statistic },
      })),
    ],
  };
}
