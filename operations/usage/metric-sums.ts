/** Sums of CloudWatch's metrics over a month, in as few calls as AWS allows. */
import {
  type CloudWatchClient,
  type MetricDataResult,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import { UsageError } from "../../offline/usage-error.ts";
import type { OnProgress } from "../aws/tables.ts";

export interface MonthMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `sum`: of the month. `last`: the last day's average, for what is in store. */
  readonly take: "sum" | "last";
}

/** From the first day to before the last, in UTC. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** Metrics in one call (CloudWatch API Reference, "GetMetricData"). */
export const metricsAtOnce = 500;

/** Seconds of a day. Hourly sums are kept for 455 days, finer ones are not. */
const day = 86_400;

/**
 * In the order of the metrics; undefined where there is no data.
 *
 * @throws UsageError where CloudWatch refuses a metric, or does not answer all of it.
 */
export async function monthSums(
  client: CloudWatchClient,
  metrics: readonly MonthMetric[],
  { start, end }: Period,
  onProgress: OnProgress,
): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = metrics.map(() => undefined);
  for (let from = 0; from < metrics.length; from += metricsAtOnce) {
    const some = metrics.slice(from, from + metricsAtOnce);
    onProgress(`metrics ${from + 1} to ${from + some.length} of ${metrics.length}`);
    const pages = paginateGetMetricData(
      { client, stopOnSameToken: true },
      {
        StartTime: start,
        EndTime: end,
        ScanBy: "TimestampAscending",
        MetricDataQueries: some.map((metric, at) => ({
          Id: `m${at}`,
          MetricStat: {
            Metric: {
              Namespace: metric.namespace,
              MetricName: metric.name,
              Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({
                Name,
                Value,
              })),
            },
            Period: day,
            Stat: metric.take === "sum" ? "Sum" : "Average",
          },
        })),
      },
    );
    const states = new Map<number, MetricDataResult["StatusCode"]>();
    for await (const { MetricDataResults = [] } of pages) {
      for (const { Id = "", Values = [], StatusCode } of MetricDataResults) {
        const at = Number(Id.slice(1));
        states.set(at, StatusCode);
        for (const value of Values) {
          const before = found[from + at] ?? 0;
          found[from + at] = some[at]?.take === "sum" ? before + value : value;
        }
      }
    }
    for (const [at, { namespace, name, dimensions }] of some.entries()) {
      const state = states.get(at);
      if (state === "Complete") continue;
      const of = Object.values(dimensions).join(" ");
      throw new UsageError(`CloudWatch: ${namespace} ${name} of ${of}: ${state ?? "no answer"}`);
    }
  }
  return found;
}
