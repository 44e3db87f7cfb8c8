/**
 * `history/`: conversations in DynamoDB or S3 for any program: a Lambda function, a container or a script. This file
 * is `chatstack/store`; its neighbours put LangChain and the AI SDK on it.
 */
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { lazyObjectStore } from "../app/objects/lazy.ts";
import type { ObjectStore } from "../app/objects/object-store.ts";
import { chatTable, type IndexDescription } from "../app/resources/table.ts";
import type { ConversationStore } from "../app/store/conversation-store.ts";
import { DynamoDBConversationStore } from "../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../app/store/dynamodb/table/client.ts";
import { S3ConversationStore } from "../app/store/s3/conversations.ts";
import type { Unreadable } from "../app/store/versions/unreadable.ts";

export { newIdentifier } from "../app/http/identifiers.ts";
export { chatTable as tableDescription, type TableDescription } from "../app/resources/table.ts";
export type * from "../app/store/conversation-store.ts";
export type { Guard } from "../app/store/guard.ts";
export type * from "../app/store/message.ts";
export { StoreError, type StoreErrorKind } from "../app/store/store-error.ts";
export type { Unreadable };

export interface AwsOptions {
  /** Default: what the environment or the profile says. */
  readonly region?: string;
  /** Of an emulator, e.g. `http://127.0.0.1:8000`. Default: AWS's. */
  readonly endpoint?: string;
  /** Default: as the AWS SDK finds them: environment, profile, container, instance. */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface StoreOptions extends AwsOptions {
  /** Told of each item that a list leaves out, since a later version wrote it. Default: nobody. */
  readonly onUnreadable?: (item: Unreadable) => void;
}

export interface DynamoDBStoreOptions extends StoreOptions {
  /** A table with the keys and indexes of `tableDescription`, e.g. a `ChatTable`'s. */
  readonly tableName: string;
  /** Bucket for messages of more than 400 KB, which no item can hold. Default: such messages are refused as `full`. */
  readonly bucketName?: string;
  /** As `endpoint`, of S3. */
  readonly s3Endpoint?: string;
}

/** A tenant's conversations in DynamoDB. Each call names the user; take the id from a token that you have verified. */
export function dynamoDBStore(options: DynamoDBStoreOptions): ConversationStore {
  const { tableName, bucketName, s3Endpoint, onUnreadable } = options;
  return new DynamoDBConversationStore({
    client: documentClient(configOf(options)),
    tableName,
    now,
    ...(bucketName !== undefined && {
      objects: objectsOf(bucketName, { ...options, endpoint: s3Endpoint }),
    }),
    ...(onUnreadable && { report: onUnreadable }),
  });
}

export interface S3StoreOptions extends StoreOptions {
  readonly bucketName: string;
}

/** A tenant's conversations as JSON objects in S3: for one or a few users. */
export function s3Store(options: S3StoreOptions): ConversationStore {
  return new S3ConversationStore(objectsOf(options.bucketName, options), now, options.onUnreadable);
}

/** A table of the description, as DynamoDB's `CreateTable` takes it: for tests and emulators. */
export function createTableInput(TableName: string) {
  const keys = [chatTable, ...chatTable.indexes].flatMap((one) => [one.partitionKey, one.sortKey]);
  const schemaOf = ({
    partitionKey,
    sortKey,
  }: Pick<IndexDescription, "partitionKey" | "sortKey">) => [
    { AttributeName: partitionKey, KeyType: "HASH" as const },
    { AttributeName: sortKey, KeyType: "RANGE" as const },
  ];
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST" as const,
    AttributeDefinitions: keys.map((AttributeName) => ({
      AttributeName,
      AttributeType: "S" as const,
    })),
    KeySchema: schemaOf(chatTable),
    GlobalSecondaryIndexes: chatTable.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: schemaOf(index),
      Projection:
        index.projection === "keys-only"
          ? { ProjectionType: "KEYS_ONLY" as const }
          : { ProjectionType: "INCLUDE" as const, NonKeyAttributes: [...index.projection] },
    })),
  };
}

const now = () => new Date();

type Config = Pick<DynamoDBClientConfig, "region" | "endpoint" | "credentials">;

function configOf({ region, endpoint, credentials }: AwsOptions): Config {
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  };
}

function objectsOf(bucketName: string, options: AwsOptions): ObjectStore {
  return lazyObjectStore(async () => {
    const { S3ObjectStore, s3Client } = await import("../app/objects/s3.ts");
    const { endpoint } = options;
    const { needsPathStyle } = await import("../app/objects/path-style.ts");
    const client = s3Client({
      ...configOf(options),
      ...(endpoint !== undefined && { forcePathStyle: needsPathStyle(endpoint) }),
    });
    return new S3ObjectStore({ client, bucketName, now });
  });
}
