/** What a month of a stack's tenants took, from a stand-in for CloudWatch and the embedded table. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { DynamoDBUsageStore } from "../../app/store/dynamodb/usage.ts";
import { usageText } from "../../cli/actions/usage.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { readUsageProfile } from "../../offline/cost/files.ts";
import { readState } from "../../offline/plan/against/state.ts";
import { metricsOf } from "../../operations/usage/measure.ts";
import { meteredOf } from "../../operations/usage/metered.ts";
import { type MonthMetric, monthSums } from "../../operations/usage/metric-sums.ts";
import { type CloudWatchStandIn, startCloudWatch } from "../../testing/aws/cloudwatch.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { exportedState } from "../../testing/stacks/exported-state.ts";

const root = mkdtempSync(join(tmpdir(), "chatstack-usage-"));
const state = join(root, "state.json");
const now = new Date("2026-11-03T12:00:00Z");
let cloudwatch: CloudWatchStandIn;
let dynamodb: Engine;
let metered: ReturnType<typeof meteredOf>;

beforeAll(async () => {
  [cloudwatch, dynamodb] = await Promise.all([startCloudWatch(7), startDynamoDB()]);
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", cloudwatch.endpoint);
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  writeFileSync(join(root, "Pulumi.yaml"), "name: chatstack\nruntime: nodejs\n");
  const dev = resolve(import.meta.dirname, "../../Pulumi.dev.yaml");
  writeFileSync(join(root, "Pulumi.dev.yaml"), readFileSync(dev));
  const text = JSON.stringify(await exportedState("dev"));
  writeFileSync(state, text);
  metered = meteredOf(readState(text, "state").records);
});
afterAll(async () => {
  cloudwatch.stop();
  await dynamodb.stop();
  rmSync(root, { recursive: true });
});

it("a tenant's metrics are those of its API, function, table with each index, and documents", () => {
  const [acme] = metered;
  const described = metricsOf(acme!).map(([field, { namespace, name, dimensions }]) =>
    [field, namespace, name, ...Object.keys(dimensions)].join(" "),
  );
  const table = [
    "writeUnits AWS/DynamoDB ConsumedWriteCapacityUnits TableName",
    "readUnits AWS/DynamoDB ConsumedReadCapacityUnits TableName",
  ];
  expect(described).toEqual([
    "requests AWS/ApiGateway Count ApiName Stage",
    "functionSeconds AWS/Lambda Duration FunctionName",
    ...table,
    ...acme!.tables[0]!.indexes.flatMap(() =>
      table.map((one) => `${one} GlobalSecondaryIndexName`),
    ),
    "documentsGB AWS/S3 BucketSizeBytes BucketName StorageType",
  ]);
  expect(acme!.tables[0]!.indexes).toHaveLength(2);
});

it("a month's sums are a usage file that `cost` reads: of the month alone, and of each tenant alone", async () => {
  const [acme, globex] = metered;
  const table = acme!.tables[0]!;
  for (const { tables } of metered) await createChatTable(dynamodb.endpoint, tables[0]!.name);
  const give = (
    namespace: string,
    name: string,
    dimensions: Record<string, string>,
    values: Record<string, number>,
  ) => {
    for (const [at, value] of Object.entries(values))
      cloudwatch.data.push({ namespace, name, dimensions, at: `2026-${at}Z`, value });
  };
  const api = { ApiName: acme!.apis[0]!, Stage: "v1" };
  give("AWS/ApiGateway", "Count", api, {
    "09-30T23:59": 1_000,
    "10-01T00:00": 5,
    "10-01T08:00": 7,
    "10-31T23:59": 30,
    "11-01T00:00": 1_000,
  });
  give("AWS/ApiGateway", "Count", { ApiName: globex!.apis[0]!, Stage: "v1" }, { "10-15T00:00": 9 });
  give(
    "AWS/Lambda",
    "Duration",
    { FunctionName: acme!.functions[0]! },
    { "10-02T00:00": 1_500, "10-03T00:00": 250.5 },
  );
  give(
    "AWS/DynamoDB",
    "ConsumedWriteCapacityUnits",
    { TableName: table.name },
    { "10-02T00:00": 40 },
  );
  give(
    "AWS/DynamoDB",
    "ConsumedWriteCapacityUnits",
    { TableName: table.name, GlobalSecondaryIndexName: table.indexes[0]! },
    { "10-02T00:00": 20 },
  );
  give(
    "AWS/DynamoDB",
    "ConsumedReadCapacityUnits",
    { TableName: table.name },
    { "10-02T00:00": 12.5 },
  );
  give(
    "AWS/S3",
    "BucketSizeBytes",
    { BucketName: acme!.buckets[0]!, StorageType: "StandardStorage" },
    { "10-01T00:00": 2 ** 30, "10-30T00:00": 3 * 2 ** 30 },
  );
  const access = (time: string) => ({
    client: documentClient(engineConfig(dynamodb.endpoint)),
    tableName: table.name,
    now: () => new Date(time),
  });
  for (const [time, user] of [
    ["2026-10-05T08:00:00Z", "ada"],
    ["2026-10-06T08:00:00Z", "ada"],
    ["2026-10-06T08:00:00Z", "ben"],
    ["2026-11-02T08:00:00Z", "eve"],
  ] as const) {
    await new DynamoDBUsageStore(access(time)).add(user, { inputTokens: 100, outputTokens: 30 });
    await new DynamoDBConversationStore(access(time)).create(user, {
      id: `of-${user}-${time.slice(0, 10)}`,
      title: "t",
      modelId: null,
    });
  }

  const text = await usageText({ root, stack: "dev", state }, now);
  const file = join(root, "usage.yaml");
  writeFileSync(file, text);
  const { tenants = {} } = readUsageProfile(file, { tenants: ["acme", "globex"], tiers: [] });
  expect(tenants.acme).toEqual({
    ...{ requests: 42, functionSeconds: 1.7505, writeUnits: 60, readUnits: 12.5 },
    ...{ documentsGB: 3, noncurrentPercent: 0 },
    ...{ users: 2, conversations: 3, chats: 3, inputTokensPerChat: 100, outputTokensPerChat: 30 },
    storedGB: expect.closeTo(0, 5),
  });
  expect(tenants.globex).toMatchObject({ requests: 9, writeUnits: 0, users: 0, chats: 0 });
  expect(text).toMatch(
    /^# 2026-10: what CloudWatch and the tables of stack dev say \(18 metrics\)\./,
  );
});

it("--json has the same as an object; a month that goes on is told as such", async () => {
  const flags = { root, stack: "dev", state, month: "2026-11" } as const;
  const report = JSON.parse(await usageText({ ...flags, json: true }, now));
  expect(report).toMatchObject({
    version: 1,
    stack: "dev",
    month: "2026-11",
    isOver: false,
    metrics: 18,
  });
  expect(report.tenants[0]).toMatchObject({ tenant: "acme", usage: { requests: 1_000, users: 1 } });
  expect(await usageText(flags, now)).toContain(
    "# 2026-11, up to 2026-11-03: the month is not over:",
  );
});

it.each(["2026-12", "2026-13", "October"])("--month %s is refused", async (month) => {
  await expect(usageText({ root, stack: "dev", state, month }, now)).rejects.toThrow(
    `--month: found "${month}"; allowed: a month that has begun`,
  );
});

const metrics = (count: number): MonthMetric[] =>
  Array.from({ length: count }, (_, at) => ({
    namespace: "N",
    name: "Many",
    dimensions: { at: String(at) },
    take: "sum",
  }));
const period = { start: new Date("2026-10-01T00:00:00Z"), end: new Date("2026-11-01T00:00:00Z") };
const client = () => new CloudWatchClient({ region: "us-east-1" });

it("500 metrics are asked for at once, and all pages of an answer are read", async () => {
  for (const day of ["01", "02", "03"])
    for (const at of [0, 499, 500])
      cloudwatch.data.push({
        namespace: "N",
        name: "Many",
        dimensions: { at: String(at) },
        at: `2026-10-${day}T00:00Z`,
        value: at + 1,
      });
  cloudwatch.calls.length = 0;
  const sums = await monthSums(client(), metrics(501), period, () => {});
  expect([sums[0], sums[499], sums[500], sums[1]]).toEqual([3, 1_500, 1_503, undefined]);
  expect(cloudwatch.calls).toEqual([500, 1]);
  // Seven points an answer: four metrics of three days are two pages.
  for (const at of [1, 2])
    for (const day of ["01", "02", "03"])
      cloudwatch.data.push({
        namespace: "N",
        name: "Many",
        dimensions: { at: String(at) },
        at: `2026-10-${day}T00:00Z`,
        value: 1,
      });
  cloudwatch.calls.length = 0;
  expect((await monthSums(client(), metrics(3), period, () => {})).slice(0, 3)).toEqual([3, 3, 3]);
  expect(cloudwatch.calls).toEqual([3, 3]);
});

it.each([
  "Forbidden",
  "InternalError",
] as const)("a metric that is answered with %s is named", async (status) => {
  cloudwatch.states.set("Many", status);
  await expect(monthSums(client(), metrics(1), period, () => {})).rejects.toThrow(
    `CloudWatch: N Many of 0: ${status}`,
  );
  cloudwatch.states.clear();
});
