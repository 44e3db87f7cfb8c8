/** Messages as items: appending, reading and rating them, and where long contents go. */
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { chatTable } from "../../../resources/table.ts";
import type { Order, Page, PageRequest } from "../../conversation-store.ts";
import type { Message } from "../../message.ts";
import { clearedThrough, type Header } from "../table/header.ts";
import { lastSequence, messagePartition, messageSortKey } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import { readContent } from "./content.ts";
import { readMessageItem, toMessage } from "./message-item.ts";

/**
 * One page of messages in the order of their sequence; a position is a sequence. A page may be
 * shorter than asked for, since DynamoDB stops at 1 MB: only an absent `next` is the end.
 */
export async function queryMessages(
  table: TableAccess,
  user: string,
  id: string,
  { limit, after, order }: PageRequest & { readonly order: Order },
  consistency: "eventual" | "strong" = "eventual",
): Promise<Page<Message>> {
  const ascending = order === "asc";
  const from = ascending && after !== undefined ? Number(after) + 1 : 1;
  const to = !ascending && after !== undefined ? Number(after) - 1 : lastSequence;
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: "#pk = :partition AND #sk BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#pk": chatTable.partitionKey, "#sk": chatTable.sortKey },
      ExpressionAttributeValues: {
        ":partition": messagePartition(user, id),
        ":from": messageSortKey(from),
        ":to": messageSortKey(to),
      },
      ScanIndexForward: ascending,
      Limit: limit,
      ConsistentRead: consistency === "strong",
    }),
  );
  const items = await Promise.all(Items.map((item) => readMessage(table, user, id, item)));
  const last = items.at(-1)?.sequence;
  return LastEvaluatedKey === undefined || last === undefined
    ? { items }
    : { items, next: String(last) };
}

export async function readMessage(
  table: TableAccess,
  user: string,
  id: string,
  stored: unknown,
): Promise<Message> {
  const item = readMessageItem(stored);
  return toMessage(item, await readContent(table, user, id, item));
}

/**
 * What a reader sees of a page: not what was cleared and is still being removed. DynamoDB names a next key whenever
 * the limit was reached, even at the very end; sequences are dense, so the header's tells whether anything follows.
 */
export function visiblePage(
  page: Page<Message>,
  order: Order,
  header: Pick<Header, "sequence" | "messageCount">,
): Page<Message> {
  const cleared = clearedThrough(header);
  const items = page.items.filter(({ sequence }) => sequence > cleared);
  const position = Number(page.next);
  const isEnd = order === "asc" ? position >= header.sequence : position <= cleared + 1;
  return page.next === undefined || isEnd ? { items } : { items, next: page.next };
}
