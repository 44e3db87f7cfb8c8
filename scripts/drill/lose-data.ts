import { DeleteItemCommand, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Conversations } from "./user.ts";

export interface Loss {
  /** The conversation that a user deleted: it stays deleted. */
  readonly deleted: string;
  /** Messages that a script deleted: they come back. */
  readonly messages: number;
}

/** One conversation as a user deletes it, and of another what a broken script would. */
export async function loseData(
  client: DynamoDBClient,
  TableName: string,
  written: Conversations,
  deleteOne: (id: string) => Promise<void>,
): Promise<Loss> {
  const [deleted = "", broken = ""] = written.keys();
  await deleteOne(deleted);
  let messages = 0;
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName, ConsistentRead: true },
  )) {
    for (const { pk, sk } of Items) {
      if (!pk?.S?.endsWith(`#CONV#${broken}`) || !sk?.S?.startsWith("MSG#")) continue;
      await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
      messages++;
    }
  }
  return { deleted, messages };
}
