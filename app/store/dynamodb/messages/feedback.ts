import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { FeedbackDraft, Message } from "../../message.ts";
import { StoreError } from "../../store-error.ts";
import { messageKey } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import { updateExpression } from "../table/update.ts";
import { readMessage } from "./messages.ts";

/** Writes the whole message again, as DynamoDB bills any update: m units for m KB. */
export async function rate(
  table: TableAccess,
  user: string,
  id: string,
  sequence: number,
  draft: FeedbackDraft | null,
): Promise<Message> {
  const feedback = draft === null ? null : { ...draft, timestamp: table.now().toISOString() };
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: messageKey(user, id, sequence),
        ...updateExpression({
          set: { feedback },
          // An update would make a message that is gone anew.
          condition: "#role = :assistant",
          values: { ":assistant": "assistant" },
        }),
        ReturnValues: "ALL_NEW",
      }),
    );
    return await readMessage(table, user, id, Attributes);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new StoreError("not-found");
    throw error;
  }
}
