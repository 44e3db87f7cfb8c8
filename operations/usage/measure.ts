/**
 * `operations/usage/`: what a month of each tenant took, as AWS and the tenant's table counted it.
 *
 * Sums of CloudWatch, and what the tenant's own table counts exactly.
 */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { totalsOf } from "../../app/store/dynamodb/totals.ts";
import { stageName } from "../../components/chat-api/api-stage.ts";
import type { UsageSettings } from "../../offline/cost/usage.ts";
import { describeTable, type OnProgress } from "../aws/tables.ts";
import type { Metered } from "./metered.ts";
import { type MonthMetric, monthSums, type Period } from "./metric-sums.ts";

export interface TenantMonth {
  readonly tenant: string;
  /** As `chatstack cost --usage` reads it. */
  readonly usage: UsageSettings;
}

export interface Measured {
  /** `2026-10`, in UTC. */
  readonly month: string;
  /** False while the month goes on. */
  readonly isOver: boolean;
  readonly tenants: readonly TenantMonth[];
  /** Metrics that CloudWatch was asked for; it bills each. */
  readonly metrics: number;
}

export interface Clients {
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
}

const gigabyte = 2 ** 30;

/** @throws UsageError where CloudWatch refuses a metric. */
export async function measure(
  tenants: readonly Metered[],
  month: string,
  now: Date,
  { cloudwatch, dynamodb }: Clients,
  onProgress: OnProgress,
): Promise<Measured> {
  const asked = tenants.flatMap((metered) =>
    metricsOf(metered).map(([field, metric]) => ({ tenant: metered.tenant, field, metric })),
  );
  const metrics = asked.map(({ metric }) => metric);
  const sums = await monthSums(cloudwatch, metrics, periodOf(month), onProgress);
  const measured: TenantMonth[] = [];
  for (const metered of tenants) {
    const { tenant } = metered;
    onProgress(`table of ${tenant}`);
    const usage: Partial<Record<Field, number>> = {};
    for (const [at, one] of asked.entries()) {
      if (one.tenant === tenant) usage[one.field] = (usage[one.field] ?? 0) + (sums[at] ?? 0);
    }
    measured.push({
      tenant,
      usage: { ...rounded(usage), ...(await counted(dynamodb, metered, month, now)) },
    });
  }
  return {
    ...{ month, tenants: measured, metrics: metrics.length },
    isOver: periodOf(month).end <= now,
  };
}

type Field = "requests" | "functionSeconds" | "writeUnits" | "readUnits" | "documentsGB";

/** AWS's own metrics of a tenant, each with the field of the usage that it is a part of. */
export function metricsOf({ apis, functions, tables, buckets }: Metered): [Field, MonthMetric][] {
  const metric =
    (namespace: string, take: MonthMetric["take"] = "sum") =>
    (field: Field, name: string, dimensions: MonthMetric["dimensions"]): [Field, MonthMetric] => [
      field,
      { namespace, name, dimensions, take },
    ];
  const api = metric("AWS/ApiGateway");
  const lambda = metric("AWS/Lambda");
  const table = metric("AWS/DynamoDB");
  const bucket = metric("AWS/S3", "last");
  return [
    ...apis.map((ApiName) => api("requests", "Count", { ApiName, Stage: stageName })),
    ...functions.map((FunctionName) => lambda("functionSeconds", "Duration", { FunctionName })),
    ...tables.flatMap(({ name, indexes }) =>
      // By the table's name alone they are without its indexes (DynamoDB Developer Guide, "DynamoDB metrics and dimensions").
      [
        { TableName: name },
        ...indexes.map((index) => ({ TableName: name, GlobalSecondaryIndexName: index })),
      ].flatMap((dimensions) => [
        table("writeUnits", "ConsumedWriteCapacityUnits", dimensions),
        table("readUnits", "ConsumedReadCapacityUnits", dimensions),
      ]),
    ),
    ...buckets.map((BucketName) =>
      bucket("documentsGB", "BucketSizeBytes", { BucketName, StorageType: "StandardStorage" }),
    ),
  ];
}

/** Milliseconds as seconds, bytes as GB; CloudWatch has them in binary fractions. */
function rounded({
  functionSeconds,
  documentsGB,
  ...units
}: Partial<Record<Field, number>>): UsageSettings {
  const precise = (value: number) => Number(value.toFixed(6));
  return {
    ...Object.fromEntries(Object.entries(units).map(([field, value]) => [field, precise(value)])),
    ...(functionSeconds !== undefined && { functionSeconds: precise(functionSeconds / 1_000) }),
    // AWS counts earlier versions too.
    ...(documentsGB !== undefined && {
      documentsGB: precise(documentsGB / gigabyte),
      noncurrentPercent: 0,
    }),
  };
}

/** Users, answers, tokens and conversations by the app's own counters, and the table's size as DynamoDB says it now. */
async function counted(
  client: DynamoDBClient,
  { tables }: Metered,
  month: string,
  now: Date,
): Promise<UsageSettings> {
  const [table] = tables;
  const described = table && (await describeTable(client, table.name));
  if (table === undefined || described === undefined) return {};
  const sums = { users: 0, conversations: 0, chats: 0, inputTokens: 0, outputTokens: 0 };
  const access = {
    client: DynamoDBDocumentClient.from(client),
    tableName: table.name,
    now: () => now,
  };
  for (
    let after: string | undefined, isFirst = true;
    isFirst || after !== undefined;
    isFirst = false
  ) {
    const page = await totalsOf(access, month, {
      ...{ limit: 100, order: "asc" },
      ...(after !== undefined && { after }),
    });
    sums.users += page.users;
    for (const day of page.days) {
      sums.conversations += day.conversations;
      sums.chats += day.answers;
      sums.inputTokens += day.inputTokens;
      sums.outputTokens += day.outputTokens;
    }
    after = page.next;
  }
  const { users, conversations, chats } = sums;
  const each = (tokens: number) => Math.round(tokens / Math.max(1, chats));
  const { TableSizeBytes = 0, GlobalSecondaryIndexes = [] } = described;
  const bytes = GlobalSecondaryIndexes.reduce(
    (sum, { IndexSizeBytes = 0 }) => sum + IndexSizeBytes,
    TableSizeBytes,
  );
  return {
    ...{ users, conversations, chats },
    inputTokensPerChat: each(sums.inputTokens),
    outputTokensPerChat: each(sums.outputTokens),
    storedGB: Number((bytes / gigabyte).toFixed(6)),
  };
}

export function periodOf(month: string): Period {
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + 1);
  return { start, end };
}
