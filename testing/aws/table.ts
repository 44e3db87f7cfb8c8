import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createTableInput } from "../../history/index.ts";

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
  await client.send(new CreateTableCommand(createTableInput(name)));
  client.destroy();
  return name;
}
