import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { z } from "zod";

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

/** Inputs of `aws.dynamodb.Table` that a new table can be given. */
export const tableSchema = throughputSchema.extend({
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

/** The same in the words of DynamoDB's API. */
export function createTableInput(TableName: string, args: TableArgs): CreateTableCommandInput {
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
        MaxReadRequestUnits: limit(ceiling.maxReadRequestUnits),
        MaxWriteRequestUnits: limit(ceiling.maxWriteRequestUnits),
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

/** -1 takes a limit away; a new table has none, and emulators refuse the number. */
const limit = (units: number | undefined) => (units === -1 ? undefined : units);
