import { setTimeout as sleep } from "node:timers/promises";
import { BatchWriteCommand, type BatchWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { jitter } from "../../contention.ts";
import { StoreError } from "../../store-error.ts";
import { type Key, keyItem } from "../table/keys.ts";
import { beginsWith, query, whole } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";

/** DynamoDB's limit for one BatchWriteItem. */
export const batchSize = 25;
const batchTries = 8;

/** Deletes what a partition holds, by the beginning of the sort keys. */
export async function eraseItems(
  table: TableAccess,
  partition: string,
  prefix: string,
): Promise<void> {
  for (;;) {
    const keys = await keysOf(table, partition, prefix, 250);
    if (keys.length === 0) return;
    await deleteKeys(table, keys);
  }
}

/** Read consistently: what was written before must not be overlooked. */
export async function keysOf(
  table: TableAccess,
  partition: string,
  prefix: string,
  limit: number,
): Promise<readonly Key[]> {
  const { items } = await query(table, {
    ...(prefix === "" ? whole(partition) : beginsWith(partition, prefix)),
    projection: "#pk, #sk",
    limit,
    consistency: "strong",
  });
  return items.map((item) => keyItem.parse(item));
}

export async function deleteKeys(table: TableAccess, keys: readonly Key[]): Promise<void> {
  const batches: Promise<void>[] = [];
  for (let from = 0; from < keys.length; from += batchSize) {
    const batch = keys.slice(from, from + batchSize).map((Key) => ({ DeleteRequest: { Key } }));
    batches.push(deleteBatch(table, batch));
  }
  await Promise.all(batches);
}

type Requests = NonNullable<BatchWriteCommandInput["RequestItems"]>[string];

/** A batch is no transaction: what the service did not get to comes back and is sent again. */
async function deleteBatch(table: TableAccess, requests: Requests): Promise<void> {
  let rest = requests;
  for (let round = 0; round < batchTries; round++) {
    if (round > 0) await sleep(jitter(round));
    const { UnprocessedItems } = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.tableName]: rest } }),
    );
    rest = UnprocessedItems?.[table.tableName] ?? [];
    if (rest.length === 0) return;
  }
  throw new StoreError("busy");
}
