import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { ChatTable, type ChatTableArgs } from "../../../components/chat-table/chat-table.ts";
import { recordsOf, type statements } from "../../../testing/stacks/records.ts";

const tableRecord = async (args: Partial<ChatTableArgs> = {}) =>
  (await recordsOf(() => new ChatTable("chat", { tenant: "acme", ...args }))).one("Table");

test("D: the table has the keys, indexes and expiry that the app's table description names", async () => {
  const { inputs } = await tableRecord();
  expect(inputs).toMatchObject({
    hashKey: "pk",
    rangeKey: "sk",
    ttl: { enabled: true, attributeName: "expiresAt" },
    globalSecondaryIndexes: [
      {
        name: "by-recency",
        keySchemas: [
          { attributeName: "recencyKey", keyType: "HASH" },
          { attributeName: "updatedAt", keyType: "RANGE" },
        ],
        projectionType: "INCLUDE",
        nonKeyAttributes: expect.arrayContaining(["title", "lastMessage"]),
      },
      {
        name: "by-creation",
        keySchemas: [
          { attributeName: "creationKey", keyType: "HASH" },
          { attributeName: "createdAt", keyType: "RANGE" },
        ],
        projectionType: "KEYS_ONLY",
      },
    ],
  });
  const defined = inputs.attributes as { name: string; type: string }[];
  expect(defined.map(({ name }) => name).sort()).toEqual([
    "createdAt",
    "creationKey",
    "pk",
    "recencyKey",
    "sk",
    "updatedAt",
  ]);
});

test("D: an index copies keys, named attributes, or, where a team's program says so, everything", async () => {
  const projections = ({ inputs }: Awaited<ReturnType<typeof tableRecord>>) =>
    (inputs.globalSecondaryIndexes as { projectionType: string }[]).map(
      ({ projectionType }) => projectionType,
    );
  expect(projections(await tableRecord())).toEqual(["INCLUDE", "KEYS_ONLY"]);
  const everything = await tableRecord({
    transform: {
      table: (args) => {
        args.globalSecondaryIndexes = pulumi
          .output(args.globalSecondaryIndexes)
          .apply((indexes = []) =>
            indexes.map(({ nonKeyAttributes: _, ...index }) => ({
              ...index,
              projectionType: "ALL",
            })),
          );
      },
    },
  });
  expect(projections(everything)).toEqual(["ALL", "ALL"]);
});

test("D: by default a table is recoverable for 35 days", async () => {
  const { inputs } = await tableRecord();
  expect(inputs.pointInTimeRecovery).toEqual({ enabled: true, recoveryPeriodInDays: 35 });
});

test("recoveryDays sets the recovery period, and only the word off turns it off", async () => {
  expect((await tableRecord({ recoveryDays: 7 })).inputs.pointInTimeRecovery).toEqual({
    enabled: true,
    recoveryPeriodInDays: 7,
  });
  expect((await tableRecord({ recoveryDays: "off" })).inputs.pointInTimeRecovery).toEqual({
    enabled: false,
  });
});

test.each([0, 36, 1.5])("recoveryDays %s is refused with what is allowed", async (recoveryDays) => {
  await expect(tableRecord({ recoveryDays })).rejects.toThrow(
    `ChatTable "chat": recoveryDays: found ${recoveryDays}; allowed: a whole number from 1 to 35`,
  );
});

test("by default DynamoDB's own key encrypts: a key of one's own is disabled", async () => {
  expect((await tableRecord()).inputs.serverSideEncryption).toEqual({ enabled: false });
});

test("D: a customer-managed key encrypts the table", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const { inputs } = await tableRecord({ encryption: { kmsKeyArn } });
  expect(inputs.serverSideEncryption).toEqual({ enabled: true, kmsKeyArn });
});

test("by default the table is paid per request, up to what AWS gives a table by default", async () => {
  const { inputs } = await tableRecord();
  expect(inputs.billingMode).toBe("PAY_PER_REQUEST");
  const ceiling = { maxReadRequestUnits: 40_000, maxWriteRequestUnits: 40_000 };
  expect(inputs.onDemandThroughput).toEqual(ceiling);
});

test("an on-demand ceiling applies to the table and to each index", async () => {
  const { inputs } = await tableRecord({
    capacity: { mode: "on-demand", maxReadUnits: 100, maxWriteUnits: 50 },
  });
  const ceiling = { maxReadRequestUnits: 100, maxWriteRequestUnits: 50 };
  expect(inputs.onDemandThroughput).toEqual(ceiling);
  expect(inputs.globalSecondaryIndexes).toMatchObject([
    { onDemandThroughput: ceiling },
    { onDemandThroughput: ceiling },
  ]);
});

test("D: provisioned capacity is scaled on the table and on both indexes, and Pulumi leaves it alone", async () => {
  const records = await recordsOf(
    () =>
      new ChatTable("chat", {
        tenant: "acme",
        capacity: {
          mode: "provisioned",
          read: { min: 5, max: 100, targetUtilization: 60 },
          write: { min: 2, max: 50 },
        },
      }),
  );
  const table = records.one("Table");
  expect(table.inputs).toMatchObject({
    billingMode: "PROVISIONED",
    readCapacity: 5,
    writeCapacity: 2,
    globalSecondaryIndexes: [
      { readCapacity: 5, writeCapacity: 2 },
      { readCapacity: 5, writeCapacity: 2 },
    ],
  });
  expect(table.options.ignoreChanges).toEqual([
    "readCapacity",
    "writeCapacity",
    "globalSecondaryIndexes[0].readCapacity",
    "globalSecondaryIndexes[0].writeCapacity",
    "globalSecondaryIndexes[1].readCapacity",
    "globalSecondaryIndexes[1].writeCapacity",
  ]);
  const targets = records.all("Target").map(({ inputs }) => inputs);
  const name = table.outputs.name;
  expect(targets.map(({ resourceId }) => resourceId).sort()).toEqual([
    `table/${name}`,
    `table/${name}`,
    `table/${name}/index/by-creation`,
    `table/${name}/index/by-creation`,
    `table/${name}/index/by-recency`,
    `table/${name}/index/by-recency`,
  ]);
  expect(targets).toContainEqual(
    expect.objectContaining({
      scalableDimension: "dynamodb:index:WriteCapacityUnits",
      minCapacity: 2,
      maxCapacity: 50,
    }),
  );
  expect(records.one("Policy", "chat-read").inputs).toMatchObject({
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 60,
      predefinedMetricSpecification: {
        predefinedMetricType: "DynamoDBReadCapacityUtilization",
      },
    },
  });
  expect(records.all("Policy")).toHaveLength(6);
});

test("D: the stream carries both images by default, what was asked for, or is off", async () => {
  expect((await tableRecord()).inputs).toMatchObject({
    streamEnabled: true,
    streamViewType: "NEW_AND_OLD_IMAGES",
  });
  expect((await tableRecord({ stream: "keys-only" })).inputs.streamViewType).toBe("KEYS_ONLY");
  expect((await tableRecord({ stream: "off" })).inputs).not.toHaveProperty("streamEnabled");
});

test("a transform edits arguments and options without losing what it does not name", async () => {
  const record = await tableRecord({
    transform: {
      table: (args, options) => {
        args.tableClass = "STANDARD_INFREQUENT_ACCESS";
        options.ignoreChanges = ["tags"];
      },
    },
  });
  expect(record.inputs.tableClass).toBe("STANDARD_INFREQUENT_ACCESS");
  expect(record.inputs.pointInTimeRecovery).toMatchObject({ enabled: true });
  expect(record.options).toMatchObject({ ignoreChanges: ["tags"], protect: true });
});

test("grants name exact actions on the table and its indexes, and never a scan", async () => {
  let grants: unknown;
  const records = await recordsOf(() => {
    const table = new ChatTable("chat", { tenant: "acme" });
    grants = table.grantReadWrite();
    return { document: table.grantReadWrite() };
  });
  const arn = records.one("Table").outputs.arn;
  const granted = records.one("Stack").outputs.document as ReturnType<typeof statements>;
  expect(grants).toHaveLength(2);
  expect(granted[0]!.Resource).toEqual([arn]);
  expect(granted[1]).toMatchObject({
    Action: ["dynamodb:Query"],
    Resource: [`${arn}/index/by-recency`, `${arn}/index/by-creation`],
  });
  const actions = granted.flatMap(({ Action }) => Action);
  expect(actions.every((action) => /^dynamodb:[A-Z][A-Za-z]+$/.test(action))).toBe(true);
  expect(actions).not.toContain("dynamodb:Scan");
});

test("with a customer-managed key the grant names the key, through DynamoDB only", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await recordsOf(() => ({
    document: new ChatTable("chat", { tenant: "acme", encryption: { kmsKeyArn } }).grantRead(),
  }));
  expect(records.one("Stack").outputs.document).toContainEqual({
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:DescribeKey"],
    Resource: [kmsKeyArn],
    Condition: { StringEquals: { "kms:ViaService": "dynamodb.us-east-1.amazonaws.com" } },
  });
});
