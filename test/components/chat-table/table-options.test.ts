import { expect, test } from "vitest";
import { ChatTable, type ChatTableArgs } from "../../../components/chat-table/chat-table.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/home";
const topicArn = "arn:aws:sns:us-east-1:123456789012:operators";

const tableRecords = (args: Partial<ChatTableArgs> = {}) =>
  recordsOf(() => new ChatTable("chat", { tenant: "acme", ...args }));
const tableInputs = async (args: Partial<ChatTableArgs> = {}) =>
  (await tableRecords(args)).one("Table").inputs;

test("by default there is no warm throughput, class, replica, source or alarm", async () => {
  const records = await tableRecords();
  const { inputs } = records.one("Table");
  for (const property of ["warmThroughput", "tableClass", "replicas", "restoreSourceTableArn"]) {
    expect(inputs).not.toHaveProperty(property);
  }
  expect(records.all("MetricAlarm")).toEqual([]);
});

test("warm throughput is asked for on the table and on each index", async () => {
  const inputs = await tableInputs({ warmThroughput: { readUnits: 24_000, writeUnits: 8_000 } });
  const warmThroughput = { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 };
  expect(inputs).toMatchObject({
    warmThroughput,
    globalSecondaryIndexes: [{ warmThroughput }, { warmThroughput }],
  });
});

test.each([
  ["standard", "STANDARD"],
  ["standard-infrequent-access", "STANDARD_INFREQUENT_ACCESS"],
] as const)("the table class %s is %s", async (tableClass, expected) => {
  expect((await tableInputs({ tableClass })).tableClass).toBe(expected);
});

test("a replica is as recoverable and as protected as the table", async () => {
  const replicas = [{ region: "eu-west-1" }];
  const replica = { regionName: "eu-west-1", consistencyMode: "EVENTUAL", propagateTags: true };
  expect((await tableInputs({ replicas })).replicas).toEqual([
    { ...replica, pointInTimeRecovery: true, deletionProtectionEnabled: true },
  ]);
  expect(
    (await tableInputs({ replicas, recoveryDays: "off", retain: "destroy" })).replicas,
  ).toEqual([{ ...replica, pointInTimeRecovery: false, deletionProtectionEnabled: false }]);
});

test("a replica of a table with a key has a key of its own region", async () => {
  const own = "arn:aws:kms:eu-west-1:123456789012:key/away";
  const inputs = await tableInputs({
    encryption: { kmsKeyArn },
    replicas: [{ region: "eu-west-1", kmsKeyArn: own }],
  });
  expect(inputs.replicas).toMatchObject([{ kmsKeyArn: own }]);
});

test("an existing table is adopted under its own name, and keeps what protects a table", async () => {
  const { inputs, options } = (await tableRecords({ adopt: "restored" })).one("Table");
  expect(inputs.name).toBe("restored");
  expect(options).toMatchObject({ import: "restored", protect: true, retainOnDelete: true });
  const scaled = { min: 1, max: 10 };
  const provisioned = await tableRecords({
    adopt: "restored",
    capacity: { mode: "provisioned", read: scaled, write: scaled },
  });
  expect(provisioned.one("Table").options).toMatchObject({
    import: "restored",
    ignoreChanges: expect.arrayContaining(["readCapacity"]),
  });
});

test("alarms add up throttles of table and indexes, and DynamoDB's failures of each operation", async () => {
  const records = await tableRecords({ alarms: { topicArn } });
  const { name } = records.one("Table").outputs;
  const alarm = (suffix: string) => records.one("MetricAlarm", `chat-${suffix}`).inputs;
  const throttles = alarm("throttles").metricQueries as { metric?: object; expression?: string }[];
  expect(throttles[0]?.expression).toBe(
    "FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0) + FILL(m4, 0) + FILL(m5, 0)",
  );
  expect(throttles.slice(1).map(({ metric }) => metric)).toContainEqual({
    namespace: "AWS/DynamoDB",
    metricName: "WriteThrottleEvents",
    dimensions: { TableName: name, GlobalSecondaryIndexName: "by-recency" },
    period: 60,
    stat: "Sum",
  });
  expect(alarm("system-errors").metricQueries).toContainEqual(
    expect.objectContaining({
      metric: expect.objectContaining({
        metricName: "SystemErrors",
        dimensions: { TableName: name, Operation: "TransactWriteItems" },
      }),
    }),
  );
  for (const { inputs } of records.all("MetricAlarm")) {
    expect(inputs).toMatchObject({
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: { "chatstack:tenant": "acme" },
    });
    // CloudWatch's limit on what an alarm computes with.
    expect((inputs.metricQueries as unknown[]).length).toBeLessThanOrEqual(11);
  }
});

test("a transform reaches each alarm", async () => {
  const records = await tableRecords({
    alarms: { topicArn },
    transform: {
      alarm: (args) => {
        args.threshold = 100;
      },
    },
  });
  expect(records.all("MetricAlarm").map(({ inputs }) => inputs.threshold)).toEqual([100, 100]);
});

test.each<[Partial<ChatTableArgs>, string]>([
  [
    { warmThroughput: { readUnits: 100, writeUnits: 4_000 } },
    "warmThroughput.readUnits: found 100; allowed: a whole number from 12000 to",
  ],
  [
    { warmThroughput: { readUnits: 12_000, writeUnits: 1.5 } },
    "warmThroughput.writeUnits: found 1.5; allowed: a whole number from 4000 to",
  ],
  [
    { replicas: [{ region: "Ireland" }] },
    'replicas[0].region: found "Ireland"; allowed: an AWS region, e.g. "eu-west-1"',
  ],
  [
    { replicas: [{ region: "eu-west-1" }], encryption: { kmsKeyArn } },
    'replicas[0].kmsKeyArn: found "none"; allowed: a key in its region, as the table has one',
  ],
  [
    { replicas: [{ region: "eu-west-1", kmsKeyArn }] },
    'replicas[0].kmsKeyArn: found "a key"; allowed: none',
  ],
  [
    { replicas: [{ region: "eu-west-1" }], stream: "off" },
    'stream: found "off"; allowed: "new-and-old-images", which replication reads',
  ],
  [{ adopt: "a b" }, 'adopt: found "a b"; allowed: a table\'s name'],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(tableRecords(args)).rejects.toThrow(`ChatTable "chat": ${message}`);
});
