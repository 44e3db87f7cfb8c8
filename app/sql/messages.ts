import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import { chatTable } from "../resources/table.ts";
import { lastSequence, messagePartition, messageSortKey } from "../store/dynamodb/table/keys.ts";
import { type Change, changeOfItem, type Source } from "./changes.ts";
import { keyOf } from "./items.ts";

/** The messages of a conversation in the table, read strongly. */
export async function* messagesOf(
  source: Source,
  user: string,
  conversation: string,
): AsyncGenerator<readonly Change[]> {
  const pages = paginateQuery(
    { client: source.client },
    {
      TableName: source.tableName,
      KeyConditionExpression: "#pk = :partition AND #sk BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#pk": chatTable.partitionKey, "#sk": chatTable.sortKey },
      ExpressionAttributeValues: {
        ":partition": messagePartition(user, conversation),
        ":from": messageSortKey(1),
        ":to": messageSortKey(lastSequence),
      },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) {
    const changes: Change[] = [];
    for (const item of Items) changes.push(await changeOfItem(source, keyOf(item), item));
    yield changes;
  }
}
