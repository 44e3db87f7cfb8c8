/** What an operator asks first about a tenant, and the CloudWatch widgets that answer it. */
import * as pulumi from "@pulumi/pulumi";
import { complaintLevels, type LogEntry, requestMetrics } from "../../app/lambda/log.ts";
import type { outcomes } from "../../app/logging/outcomes.ts";
import { stageName } from "../chat-api/api-stage.ts";

export interface Watched {
  readonly tenant: string;
  readonly region: pulumi.Input<string>;
  readonly apiName: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  readonly logGroupName: pulumi.Input<string>;
  readonly tableName: pulumi.Input<string>;
  readonly alarmArns: readonly pulumi.Input<string>[];
}

/** Body of the dashboard: rows of questions, each answered by a graph, the log or the alarms. */
export const dashboardBody = (watched: Watched): pulumi.Output<string> =>
  pulumi.jsonStringify({
    periodOverride: "inherit",
    widgets: [
      ...(watched.alarmArns.length > 0 ? [alarms(watched)] : []),
      ...graphs(watched).map(({ title, stat, metrics }, index) => ({
        type: "metric",
        ...place((index % 3) * 8, 2 + Math.floor(index / 3) * 6, 8, 6),
        properties: {
          title,
          region: watched.region,
          stat,
          period: 60,
          view: "timeSeries",
          metrics,
        },
      })),
      ...routeGraphs(watched).map(({ title, stat, expression }, index) => ({
        type: "metric",
        ...place(index * 12, 14, 12, 6),
        properties: {
          title,
          region: watched.region,
          stat,
          period: 60,
          view: "timeSeries",
          metrics: [[{ expression, id: "routes" }]],
        },
      })),
      {
        type: "log",
        ...place(0, 20, 24, 6),
        properties: {
          title: "What does the function complain about?",
          region: watched.region,
          view: "table",
          // The log holds no message of a user, so neither does the dashboard.
          query: pulumi.interpolate`SOURCE '${watched.logGroupName}' | filter ${levelField} in ${JSON.stringify(complaintLevels)} | sort @timestamp desc | limit 50`,
        },
      },
    ],
  });

/** Field of the function's log lines. */
const levelField: keyof LogEntry = "level";

const alarms = ({ alarmArns }: Watched) => ({
  type: "alarm",
  ...place(0, 0, 24, 2),
  properties: { title: "Is anything wrong right now?", alarms: alarmArns },
});

interface Graph {
  readonly title: string;
  readonly stat: string;
  /** Namespace, metric, dimensions and options, as CloudWatch's "Dashboard body structure" has them. */
  readonly metrics: readonly (readonly unknown[])[];
}

function graphs({ apiName, functionName, tableName }: Watched): Graph[] {
  const api = (metric: string, options: object = {}) => [
    "AWS/ApiGateway",
    metric,
    "ApiName",
    apiName,
    "Stage",
    stageName,
    options,
  ];
  const fn = (metric: string, options: object = {}) => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    functionName,
    options,
  ];
  const table = (metric: string, options: object = {}) => [
    "AWS/DynamoDB",
    metric,
    "TableName",
    tableName,
    options,
  ];
  return [
    {
      title: "Is it used, and are requests refused or failing?",
      stat: "Sum",
      metrics: [
        api("Count", { label: "requests" }),
        api("4XXError", { label: "refused (4xx)" }),
        api("5XXError", { label: "failed (5xx)" }),
      ],
    },
    {
      title: "Is it fast? (a streamed answer counts until its last word)",
      stat: "p50",
      metrics: ["p50", "p90", "p99"].map((stat) => api("Latency", { stat, label: stat })),
    },
    {
      title: "Does the function crash, or run out of time?",
      stat: "Sum",
      metrics: [fn("Errors"), fn("Throttles"), fn("Duration", { stat: "p99", yAxis: "right" })],
    },
    {
      title: "How much of its share of concurrency does it use?",
      stat: "Maximum",
      metrics: [fn("ConcurrentExecutions")],
    },
    {
      title: "What does the table cost? (units consumed)",
      stat: "Sum",
      metrics: [table("ConsumedReadCapacityUnits"), table("ConsumedWriteCapacityUnits")],
    },
    {
      title: "Does the table refuse requests?",
      stat: "Sum",
      metrics: [table("ReadThrottleEvents"), table("WriteThrottleEvents")],
    },
  ];
}

/** Metrics of the function's own, which CloudWatch makes of its log lines. */
function routeGraphs({ tenant }: Watched) {
  const { namespace, dimensions } = requestMetrics;
  const search = (metric: Metric, outcome: (typeof outcomes)[number], stat: string) =>
    pulumi.interpolate`SEARCH('{${namespace},${dimensions.join(",")}} MetricName="${metric}" ${tenantField}="${tenant}" ${outcomeField}="${outcome}"', '${stat}', 60)`;
  return [
    {
      title: "Which routes fail?",
      stat: "Sum",
      expression: search("requests", "failed", "Sum"),
    },
    {
      title: "Which routes are slow? (p90 of what was answered, in ms)",
      stat: "p90",
      expression: search("ms", "ok", "p90"),
    },
  ];
}

type Metric = (typeof requestMetrics.metrics)[number]["Name"];
type Dimension = (typeof requestMetrics.dimensions)[number];
const tenantField: Dimension = "tenant";
const outcomeField: Dimension = "outcome";

const place = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
