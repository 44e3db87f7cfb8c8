import { beforeAll, describe, expect, test } from "vitest";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { ChatArchive, type ChatArchiveArgs } from "../../../components/companions/chat-archive.ts";
import { type Records, recordsOf, statements } from "../../../testing/stacks/records.ts";

const tenant = { tenant: "acme" };
const archiveRecords = (args: Partial<ChatArchiveArgs> = {}) =>
  recordsOf(
    () =>
      new ChatArchive("archive", {
        ...tenant,
        table: new ChatTable("chat", { ...tenant, encryption: args.encryption }),
        ...args,
      }),
  );

interface Column {
  readonly name: string;
}
const columnsOf = (records: Records) =>
  (records.one("CatalogTable").inputs.storageDescriptor as { columns: Column[] }).columns;
const templateOf = (records: Records) =>
  (records.one("Pipe").inputs.targetParameters as { inputTemplate: string }).inputTemplate;

describe("by default", () => {
  let records: Records;
  beforeAll(async () => {
    records = await archiveRecords();
  });

  test("C: a pipe leads messages, and nothing else, from the table's stream to Firehose", () => {
    const { inputs } = records.one("Pipe");
    expect(inputs.source).toBe(records.one("Table").outputs.streamArn);
    expect(inputs.target).toBe(records.one("FirehoseDeliveryStream").outputs.arn);
    const { filterCriteria } = inputs.sourceParameters as {
      filterCriteria: { filters: { pattern: string }[] };
    };
    expect(filterCriteria.filters.map(({ pattern }) => JSON.parse(pattern))).toEqual([
      { dynamodb: { Keys: { sk: { S: [{ prefix: "MSG#" }] } } } },
    ]);
  });

  test("the pipe's records have exactly the columns of the Glue table, and no words of users", () => {
    const template = templateOf(records);
    // Numbers stand without quotes: any number makes the template JSON.
    const fields = JSON.parse(template.replaceAll(/: <[^>]+>/g, ": 0"));
    expect(Object.keys(fields)).toEqual(columnsOf(records).map(({ name }) => name));
    expect(template).not.toContain("content");
  });

  test("Firehose writes Parquet by day, with the Glue table's columns", () => {
    const { extendedS3Configuration } = records.one("FirehoseDeliveryStream").inputs;
    const table = records.one("CatalogTable");
    expect(extendedS3Configuration).toMatchObject({
      bucketArn: records.one("Bucket").outputs.arn,
      prefix: "messages/day=!{timestamp:yyyy-MM-dd}/",
      bufferingInterval: 900,
      bufferingSize: 128,
      dataFormatConversionConfiguration: {
        outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
        schemaConfiguration: {
          databaseName: records.one("CatalogDatabase").outputs.name,
          tableName: table.outputs.name,
        },
      },
    });
    expect(table.inputs.parameters).toMatchObject({
      "projection.enabled": "true",
      "storage.location.template": `s3://${records.one("Bucket").outputs.bucket}/messages/day=\${day}/`,
    });
  });

  test("what the pipe gives up on is in a queue, and why is in a log without the messages", () => {
    const { sourceParameters, logConfiguration } = records.one("Pipe").inputs;
    expect(sourceParameters).toMatchObject({
      dynamodbStreamParameters: {
        deadLetterConfig: { arn: records.one("Queue").outputs.arn },
        maximumRetryAttempts: 10,
      },
    });
    const logGroup = records.one("LogGroup", "archive-pipe");
    expect(logConfiguration).toEqual({
      level: "ERROR",
      cloudwatchLogsLogDestination: { logGroupArn: logGroup.outputs.arn },
    });
    expect(logGroup.inputs.namePrefix).toBe("/aws/vendedlogs/pipes/archive-");
    const granted = statements(records.one("Policy", "archive-pipe").inputs.policy);
    expect(granted).toContainEqual({
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: [records.one("Queue").outputs.arn],
    });
  });

  test("queries name the table and are limited in what they read", () => {
    const queries = records.all("NamedQuery").map(({ inputs }) => inputs);
    expect(queries).toHaveLength(3);
    for (const { query, database } of queries) {
      expect(query).toMatch(/FROM messages\b[\s\S]*day >=/);
      expect(database).toBe(records.one("CatalogDatabase").outputs.name);
    }
    expect(records.one("Workgroup").inputs.configuration).toMatchObject({
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: 10 * 1024 ** 3,
    });
  });

  test("the workgroup goes with the history of its queries, which Athena counts as content", () => {
    expect(records.one("Workgroup").inputs.forceDestroy).toBe(true);
  });

  test("every role is granted exact actions on the tenant's own ARNs", () => {
    const own = [
      "Table",
      "Bucket",
      "FirehoseDeliveryStream",
      "CatalogTable",
      "CatalogDatabase",
      "Queue",
    ]
      .map((type) => String(records.one(type).outputs.arn))
      .concat(String(records.one("LogGroup", "archive").outputs.arn), ":catalog");
    const granted = records.all("Policy").flatMap(({ inputs }) => statements(inputs.policy));
    expect(granted.length).toBeGreaterThan(4);
    for (const { Action, Resource } of granted) {
      expect(Action.filter((action) => action.includes("*"))).toEqual([]);
      for (const arn of Resource) expect(own.some((prefix) => arn.includes(prefix))).toBe(true);
    }
  });

  test("the bucket outlives the stack, forgets after a year and keeps failures for a month", () => {
    // Retained and not protected, so that the archive can be turned off.
    expect(records.one("Bucket").options).toMatchObject({ protect: false, retainOnDelete: true });
    const { rules } = records.one("BucketLifecycleConfiguration").inputs;
    for (const [prefix, days] of [["messages/", 365] as const, ["failed/", 30] as const]) {
      expect(rules).toContainEqual(
        expect.objectContaining({ filter: { prefix }, expiration: { days } }),
      );
    }
  });
});

test("content, retention, key and access logs follow their arguments", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await archiveRecords({
    content: "include",
    retentionDays: 90,
    encryption: { kmsKeyArn },
    accessLogs: "on",
    logRetentionDays: 30,
  });
  expect(templateOf(records)).toContain('"content": "<$.dynamodb.NewImage.content.S>"');
  expect(columnsOf(records).map(({ name }) => name)).toContain("content");
  expect(records.one("BucketLifecycleConfiguration", "archive").inputs.rules).toContainEqual(
    expect.objectContaining({ filter: { prefix: "messages/" }, expiration: { days: 90 } }),
  );
  for (const { inputs } of records.all("LogGroup")) {
    expect(inputs).toMatchObject({ kmsKeyId: kmsKeyArn, retentionInDays: 30 });
  }
  expect(records.one("Queue").inputs.kmsMasterKeyId).toBe(kmsKeyArn);
  expect(records.all("BucketLogging")).toHaveLength(1);
  const granted = JSON.stringify(records.all("Policy").map(({ inputs }) => inputs.policy));
  for (const service of ["dynamodb", "s3", "sqs"]) {
    expect(granted).toContain(`${service}.us-east-1.amazonaws.com`);
  }
});

test("a retention below one day is refused", async () => {
  await expect(archiveRecords({ retentionDays: 0 })).rejects.toThrow(
    'ChatArchive "archive": retentionDays: found 0; allowed: a whole number from 1',
  );
});

test("transforms reach bucket, pipe and delivery, and leave the expiry in place", async () => {
  const records = await archiveRecords({
    transform: {
      bucket: {
        bucket: (args) => {
          args.bucket = "acme-archive";
        },
      },
      pipe: (args) => {
        args.desiredState = "STOPPED";
      },
      deliveryStream: (args) => {
        args.name = "acme";
      },
    },
  });
  expect(records.one("Bucket").inputs.bucket).toBe("acme-archive");
  expect(records.one("Pipe").inputs.desiredState).toBe("STOPPED");
  expect(records.one("FirehoseDeliveryStream").inputs.name).toBe("acme");
  expect(records.one("BucketLifecycleConfiguration").inputs.rules).toContainEqual(
    expect.objectContaining({ id: "expired-archive" }),
  );
});
