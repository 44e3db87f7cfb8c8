/**
 * Takes point-in-time recovery's place on an engine that has none: a copy of the table, read while
 * nobody writes, and written into a table that begins as a restored one does, without protection.
 */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  paginateScan,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { describeTable } from "../../operations/aws/tables.ts";

export type Copy = readonly Record<string, AttributeValue>[];

export async function copyTable(client: DynamoDBClient, TableName: string): Promise<Copy> {
  const items: Record<string, AttributeValue>[] = [];
  const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
}

export async function writeCopy(
  client: DynamoDBClient,
  source: string,
  target: string,
  copy: Copy,
): Promise<void> {
  const table = await describeTable(client, source);
  await client.send(
    new CreateTableCommand({
      TableName: target,
      KeySchema: table?.KeySchema,
      AttributeDefinitions: table?.AttributeDefinitions,
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexes: table?.GlobalSecondaryIndexes?.map(
        ({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }),
      ),
    }),
  );
  const wait = { client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 };
  await waitUntilTableExists(wait, { TableName: target });
  for (let start = 0; start < copy.length; start += 25) {
    let unwritten = copy.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    while (unwritten.length > 0) {
      const write = new BatchWriteItemCommand({ RequestItems: { [target]: unwritten } });
      const { UnprocessedItems = {} } = await client.send(write);
      unwritten = (UnprocessedItems[target] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
      );
    }
  }
}
