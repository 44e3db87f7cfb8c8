/** The app's table description and the capacity, in the words of `aws.dynamodb.Table`. */
import type * as aws from "@pulumi/aws";
import { chatTable, type IndexDescription } from "../../app/resources/table.ts";
import {
  type Capacity,
  type OnDemandCapacity,
  type ProvisionedCapacity,
  tableUnits,
} from "./capacity.ts";

/** Reads and writes that a table and each index take at once, without growing first. */
export interface WarmThroughput {
  /** Read units a second, at least 12,000. */
  readonly readUnits: number;
  /** Write units a second, at least 4,000. */
  readonly writeUnits: number;
}

/** API reference, CreateTable, `TableName`. */
export const tableNamePattern = /^[\w.-]{3,255}$/;

export type Stream = "off" | "keys-only" | "new-image" | "old-image" | "new-and-old-images";

/** Keys, indexes and throughput. */
export const tableArgs = (
  capacity: Capacity,
  warm?: WarmThroughput,
): Partial<aws.dynamodb.TableArgs> => ({
  hashKey: chatTable.partitionKey,
  rangeKey: chatTable.sortKey,
  attributes: keyAttributes(),
  billingMode: capacity.mode === "provisioned" ? "PROVISIONED" : "PAY_PER_REQUEST",
  ...throughput(capacity, warm),
  globalSecondaryIndexes: chatTable.indexes.map((index) => indexArgs(index, capacity, warm)),
});

export const streamArgs = (stream: Stream) =>
  stream === "off"
    ? {}
    : { streamEnabled: true, streamViewType: stream.toUpperCase().replaceAll("-", "_") };

/** Paths of what auto scaling moves. */
export const scaledPaths = [
  "readCapacity",
  "writeCapacity",
  ...chatTable.indexes.flatMap((_, i) => [
    `globalSecondaryIndexes[${i}].readCapacity`,
    `globalSecondaryIndexes[${i}].writeCapacity`,
  ]),
];

/**
 * Properties that the provider uses only to create a table, and for which it replaces the table later. A
 * stack with such a property in its state can still adopt a restored table.
 */
export const restoredPaths = [
  "restoreDateTime",
  "restoreSourceName",
  "restoreSourceTableArn",
  "restoreToLatestTime",
];

/** Key attributes of table and indexes, each once: DynamoDB refuses definitions that nothing uses. */
function keyAttributes(): aws.types.input.dynamodb.TableAttribute[] {
  const names = new Set<string>([chatTable.partitionKey, chatTable.sortKey]);
  for (const index of chatTable.indexes) names.add(index.partitionKey).add(index.sortKey);
  return [...names].map((name) => ({ name, type: "S" }));
}

const indexArgs = (
  index: IndexDescription,
  capacity: Capacity,
  warm?: WarmThroughput,
): aws.types.input.dynamodb.TableGlobalSecondaryIndex => ({
  name: index.name,
  keySchemas: [
    { attributeName: index.partitionKey, keyType: "HASH" },
    { attributeName: index.sortKey, keyType: "RANGE" },
  ],
  ...(index.projection === "keys-only"
    ? { projectionType: "KEYS_ONLY" }
    : { projectionType: "INCLUDE", nonKeyAttributes: [...index.projection] }),
  ...throughput(capacity, warm),
});

const throughput = (capacity: Capacity, warm: WarmThroughput | undefined) => ({
  ...(capacity.mode === "provisioned" ? provisioned(capacity) : ceiling(capacity)),
  ...(warm && {
    warmThroughput: {
      readUnitsPerSecond: warm.readUnits,
      writeUnitsPerSecond: warm.writeUnits,
    },
  }),
});

const provisioned = ({ read, write }: ProvisionedCapacity) => ({
  readCapacity: read.min,
  writeCapacity: write.min,
});

/**
 * Always said: a ceiling that only left the program would stay on the table, as the provider then sends an
 * update that names nothing, which DynamoDB refuses. -1 lifts a ceiling, but no new table may have it.
 */
const ceiling = ({ maxReadUnits, maxWriteUnits }: OnDemandCapacity) => ({
  onDemandThroughput: {
    maxReadRequestUnits: maxReadUnits ?? tableUnits,
    maxWriteRequestUnits: maxWriteUnits ?? tableUnits,
  },
});
