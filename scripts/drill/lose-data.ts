import { DeleteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { copyTable } from "./stand-in.ts";
import type { Conversations } from "./user.ts";

/** One conversation as a user deletes it, and of another what a broken script would. */
export async function loseData(
  client: DynamoDBClient,
  TableName: string,
  written: Conversations,
  deleteOne: (id: string) => Promise<void>,
): Promise<string> {
  const [deleted = "", broken = ""] = written.keys();
  await deleteOne(deleted);
  const messages = (await copyTable(client, TableName)).filter(
    ({ pk, sk }) => pk?.S?.endsWith(`#CONV#${broken}`) && sk?.S?.startsWith("MSG#"),
  );
  for (const { pk, sk } of messages) {
    if (pk && sk) await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
  }
  return `a conversation deleted, ${messages.length} messages of another gone, a new one written`;
}
