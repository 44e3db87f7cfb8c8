/** Items of a table by their keys, read strongly. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import { chatTable } from "../resources/table.ts";
import { jitter } from "../store/contention.ts";
import type { Key } from "../store/dynamodb/table/keys.ts";
import type { TableAccess } from "../store/dynamodb/table/table-access.ts";

export type Item = Readonly<Record<string, unknown>>;

/** DynamoDB's limit for one BatchGetItem. */
const batchSize = 100;
const tries = 8;

export const keyOf = (item: Item): Key => ({
  [chatTable.partitionKey]: String(item[chatTable.partitionKey]),
  [chatTable.sortKey]: String(item[chatTable.sortKey]),
});

export const nameOf = (item: Item): string =>
  `${item[chatTable.partitionKey]} ${item[chatTable.sortKey]}`;

/** The items of these keys, by `nameOf`, read strongly. */
export async function itemsOf(
  { client, tableName }: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  for (let start = 0; start < keys.length; start += batchSize) {
    const Keys = keys.slice(start, start + batchSize).map((key) => ({ ...key }));
    let rest: BatchGetCommandInput["RequestItems"] = {
      [tableName]: { Keys, ConsistentRead: true },
    };
    for (let round = 0; rest?.[tableName]?.Keys?.length; round++) {
      await beforeRound(round, tableName);
      const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await client.send(
        new BatchGetCommand({ RequestItems: rest }),
      );
      for (const item of Responses?.[tableName] ?? []) found.set(nameOf(item), item);
      rest = UnprocessedKeys;
    }
  }
  return found;
}

/** Before another round of what a batch left undone. */
export async function beforeRound(round: number, tableName: string): Promise<void> {
  if (round > tries) throw new Error(`Table ${tableName} does not answer: it is throttled.`);
  if (round > 0) await sleep(jitter(round));
}
