/** What goes wrong with a table while nobody looks at it. */
import type * as pulumi from "@pulumi/pulumi";
import type { IndexDescription } from "../../app/resources/table.ts";
import type { AlarmDescription, MetricDescription } from "../alarms.ts";

/** Operations of the app; DynamoDB counts its own failures by operation. */
const operations = [
  "BatchWriteItem",
  "DeleteItem",
  "GetItem",
  "PutItem",
  "Query",
  "TransactWriteItems",
  "UpdateItem",
] as const;

/**
 * Thirteen metrics for a table with two indexes (DynamoDB Developer Guide, "DynamoDB metrics and
 * dimensions").
 */
export function tableAlarms(
  tableName: pulumi.Input<string>,
  indexes: readonly IndexDescription[],
): AlarmDescription[] {
  const metric = (metricName: string, dimensions: MetricDescription["dimensions"] = {}) => ({
    namespace: "AWS/DynamoDB" as const,
    metricName,
    dimensions: { TableName: tableName, ...dimensions },
  });
  // An index has throttles of its own, and a throttled index throttles the table's writes.
  const throttled = [
    {},
    ...indexes.map((index): MetricDescription["dimensions"] => ({
      GlobalSecondaryIndexName: index.name,
    })),
  ];
  return [
    {
      suffix: "throttles",
      description: "Reads or writes are refused: above the ceiling, the capacity or a key's share.",
      metrics: throttled.flatMap((dimensions) => [
        metric("ReadThrottleEvents", dimensions),
        metric("WriteThrottleEvents", dimensions),
      ]),
      statistic: "Sum",
      // The SDK's retries hide a few.
      above: 10,
      minutes: 3,
    },
    {
      suffix: "system-errors",
      description: "DynamoDB itself fails.",
      metrics: operations.map((operation) => metric("SystemErrors", { Operation: operation })),
      statistic: "Sum",
      above: 0,
      minutes: 3,
    },
  ];
}
