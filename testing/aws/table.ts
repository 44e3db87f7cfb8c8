import { randomUUID } from "node:crypto";
import {
  type AttributeDefinition,
  CreateTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
} from "@aws-sdk/client-dynamodb";
import { chatTable } from "../../app/resources/table.ts";

/** What the SDK wants to know of an embedded engine. */
export function engineConfig(endpoint: string) {
  return {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}

/** Creates an empty table as the app's own description says, and answers its name. */
export async function createChatTable(
  endpoint: string,
  name = `chat-${randomUUID()}`,
): Promise<string> {
  const client = new DynamoDBClient(engineConfig(endpoint));
  const keys = [chatTable, ...chatTable.indexes].flatMap((index) => [
    index.partitionKey,
    index.sortKey,
  ]);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map(
        (key): AttributeDefinition => ({ AttributeName: key, AttributeType: "S" }),
      ),
      KeySchema: keySchema(chatTable),
      GlobalSecondaryIndexes: chatTable.indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index),
        Projection:
          index.projection === "keys-only"
            ? { ProjectionType: "KEYS_ONLY" }
            : { ProjectionType: "INCLUDE", NonKeyAttributes: [...index.projection] },
      })),
    }),
  );
  client.destroy();
  return name;
}

function keySchema(index: { partitionKey: string; sortKey: string }): KeySchemaElement[] {
  return [
    { AttributeName: index.partitionKey, KeyType: "HASH" },
    { AttributeName: index.sortKey, KeyType: "RANGE" },
  ];
}
