import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { isMissing } from "./clients.ts";
import type { Provision } from "./resource.ts";

/** `aws:dynamodb/table:Table` */
export const provisionTable: Provision = async ({ inputs, physicalName, clients, optional }) => {
  const { dynamodb } = clients;
  const args = tableSchema.parse(inputs);
  const wanted = createTableInput(physicalName, args);
  const existing = await describe(dynamodb, physicalName);
  if (existing) requireSameKeys(existing, wanted);
  else await create(dynamodb, wanted);

  const { ttl, pointInTimeRecovery: recovery } = args;
  if (ttl?.enabled) await enableTimeToLive(dynamodb, physicalName, ttl.attributeName);
  if (recovery !== undefined) {
    await optional("UpdateContinuousBackups", () =>
      dynamodb.send(
        new UpdateContinuousBackupsCommand({
          TableName: physicalName,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: recovery.enabled,
            RecoveryPeriodInDays: recovery.recoveryPeriodInDays,
          },
        }),
      ),
    );
  }
  const table = existing ?? (await describe(dynamodb, physicalName));
  return {
    id: physicalName,
    action: existing ? "adopted" : "created",
    outputs: {
      name: physicalName,
      arn: table?.TableArn,
      streamArn: table?.LatestStreamArn ?? "",
      streamLabel: table?.LatestStreamLabel ?? "",
    },
  };
};

async function create(dynamodb: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  await dynamodb.send(new CreateTableCommand(input));
  // The SDK's default delay is 20 s; emulators are done at once.
  const wait = { client: dynamodb, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 };
  await waitUntilTableExists(wait, { TableName: input.TableName });
}

async function describe(
  dynamodb: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Keys are the one thing that no update can change (API reference, UpdateTable). */
function requireSameKeys(existing: TableDescription, wanted: CreateTableCommandInput): void {
  const found = keysOf(existing);
  const asked = keysOf(wanted);
  if (found === asked) return;
  throw new Error(
    `Table "${wanted.TableName}" exists with other keys: found ${found}; the program asks for ` +
      `${asked}. Start with --reset, or with another --data-dir.`,
  );
}

type Keyed = Pick<TableDescription, "KeySchema" | "GlobalSecondaryIndexes">;

function keysOf({ KeySchema, GlobalSecondaryIndexes = [] }: Keyed | CreateTableCommandInput) {
  const describeKeys = (keys: readonly KeySchemaElement[] = []) =>
    keys.map((key) => `${key.AttributeName} ${key.KeyType}`).join(", ");
  const indexes = GlobalSecondaryIndexes.map(
    (index) => `${index.IndexName} (${describeKeys(index.KeySchema)})`,
  );
  return [`(${describeKeys(KeySchema)})`, ...indexes.sort()].join(", ");
}

/** Enabling what is enabled is an error (API reference, UpdateTimeToLive). */
async function enableTimeToLive(
  dynamodb: DynamoDBClient,
  TableName: string,
  AttributeName: string,
): Promise<void> {
  const { TimeToLiveDescription: current } = await dynamodb.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  if (current?.TimeToLiveStatus?.startsWith("ENABL")) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

const throughputSchema = z.object({
  readCapacity: z.number().optional(),
  writeCapacity: z.number().optional(),
  onDemandThroughput: z
    .object({
      maxReadRequestUnits: z.number().optional(),
      maxWriteRequestUnits: z.number().optional(),
    })
    .optional(),
  warmThroughput: z
    .object({
      readUnitsPerSecond: z.number().optional(),
      writeUnitsPerSecond: z.number().optional(),
    })
    .optional(),
});

const projectionSchema = z.object({
  projectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
  nonKeyAttributes: z.array(z.string()).optional(),
});

const keySchemasSchema = z
  .array(z.object({ attributeName: z.string(), keyType: z.enum(["HASH", "RANGE"]) }))
  .default([]);

const tableSchema = throughputSchema.extend({
  hashKey: z.string(),
  rangeKey: z.string().optional(),
  attributes: z.array(z.object({ name: z.string(), type: z.enum(["S", "N", "B"]) })),
  billingMode: z.enum(["PROVISIONED", "PAY_PER_REQUEST"]).default("PROVISIONED"),
  globalSecondaryIndexes: z
    .array(
      throughputSchema.extend({
        ...projectionSchema.shape,
        name: z.string(),
        hashKey: z.string().optional(),
        rangeKey: z.string().optional(),
        keySchemas: keySchemasSchema,
      }),
    )
    .default([]),
  localSecondaryIndexes: z
    .array(z.object({ ...projectionSchema.shape, name: z.string(), rangeKey: z.string() }))
    .default([]),
  streamEnabled: z.boolean().default(false),
  streamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]).optional(),
  serverSideEncryption: z
    .object({ enabled: z.boolean(), kmsKeyArn: z.string().optional() })
    .optional(),
  tableClass: z.enum(["STANDARD", "STANDARD_INFREQUENT_ACCESS"]).optional(),
  deletionProtectionEnabled: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
  ttl: z.object({ enabled: z.boolean().default(false), attributeName: z.string() }).optional(),
  pointInTimeRecovery: z
    .object({ enabled: z.boolean(), recoveryPeriodInDays: z.number().optional() })
    .optional(),
});

type TableArgs = z.output<typeof tableSchema>;

function createTableInput(TableName: string, args: TableArgs): CreateTableCommandInput {
  const { billingMode } = args;
  const indexes = args.globalSecondaryIndexes.map((index) => ({
    IndexName: index.name,
    KeySchema: index.hashKey
      ? keys(index.hashKey, index.rangeKey)
      : index.keySchemas.map(keyElement),
    Projection: projection(index),
    ...throughput(index, billingMode),
  }));
  const localIndexes = args.localSecondaryIndexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keys(args.hashKey, index.rangeKey),
    Projection: projection(index),
  }));
  const { serverSideEncryption: encryption } = args;
  return {
    TableName,
    KeySchema: keys(args.hashKey, args.rangeKey),
    AttributeDefinitions: args.attributes.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    BillingMode: billingMode,
    ...throughput(args, billingMode),
    // Empty lists are refused.
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
    ...(args.streamEnabled && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: args.streamViewType },
    }),
    ...(encryption?.enabled && {
      SSESpecification: {
        Enabled: true,
        SSEType: "KMS",
        KMSMasterKeyId: encryption.kmsKeyArn,
      },
    }),
    TableClass: args.tableClass,
    DeletionProtectionEnabled: args.deletionProtectionEnabled,
    Tags: Object.entries(args.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

const keyElement = (key: { attributeName: string; keyType: "HASH" | "RANGE" }) => ({
  AttributeName: key.attributeName,
  KeyType: key.keyType,
});

const keys = (hashKey: string, rangeKey: string | undefined) => [
  keyElement({ attributeName: hashKey, keyType: "HASH" }),
  ...(rangeKey ? [keyElement({ attributeName: rangeKey, keyType: "RANGE" })] : []),
];

const projection = (args: z.output<typeof projectionSchema>) => ({
  ProjectionType: args.projectionType,
  NonKeyAttributes: args.nonKeyAttributes,
});

function throughput(
  args: z.output<typeof throughputSchema>,
  billingMode: TableArgs["billingMode"],
) {
  const { onDemandThroughput: ceiling, warmThroughput: warm } = args;
  return {
    ...(billingMode === "PROVISIONED" && {
      ProvisionedThroughput: {
        ReadCapacityUnits: args.readCapacity,
        WriteCapacityUnits: args.writeCapacity,
      },
    }),
    ...(ceiling && {
      OnDemandThroughput: {
        MaxReadRequestUnits: ceiling.maxReadRequestUnits,
        MaxWriteRequestUnits: ceiling.maxWriteRequestUnits,
      },
    }),
    ...(warm && {
      WarmThroughput: {
        ReadUnitsPerSecond: warm.readUnitsPerSecond,
        WriteUnitsPerSecond: warm.writeUnitsPerSecond,
      },
    }),
  };
}
