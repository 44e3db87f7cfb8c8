/** The new table made the same as the old one, but for the ids of users. */
import { isDeepStrictEqual } from "node:util";
import { BatchWriteCommand, type BatchWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { chatTable, partitions } from "../../../app/resources/table.ts";
import { beforeRound, type Item, itemsOf, keyOf, nameOf } from "../../../app/sql/items.ts";
import type { TableAccess } from "../../../app/store/dynamodb/table/table-access.ts";
import type { OnProgress } from "../../aws/tables.ts";
import { eachBatch } from "../../migrate/source.ts";
import { inverse, movedItem, type UserIds } from "./user-ids.ts";

export interface Mirrored {
  /** Items or objects of the old cell that belong into the new one. */
  readonly found: number;
  readonly written: number;
  /** That the old cell has no longer. */
  readonly deleted: number;
}

export interface TablePair {
  readonly from: TableAccess;
  /** Nobody else writes to it. */
  readonly to: TableAccess;
  readonly ids: UserIds;
}

/** DynamoDB's limit for one BatchWriteItem. */
const writesAtOnce = 25;

/**
 * Reads both tables as a whole and changes the new one until it holds what the old one does: items are copied as they are,
 * so that versions, order and idempotency records stay. It may run while users write, be stopped at any time and be
 * repeated: what is the same costs reads alone. Nothing written after the last one began is missing from two that find nothing.
 */
export async function mirrorItems(pair: TablePair, onProgress: OnProgress): Promise<Mirrored> {
  const { from, to, ids } = pair;
  const counts = { found: 0, written: 0, deleted: 0 };
  await eachBatch(from, async (items) => {
    const moved = items
      .filter((item) => isMoved(item, from.now()))
      .map((one) => movedItem(one, ids));
    const there = await itemsOf(to, moved.map(keyOf));
    const changed = moved.filter((item) => !isDeepStrictEqual(item, there.get(nameOf(item))));
    await write(
      to,
      changed.map((Item) => ({ PutRequest: { Item: { ...Item } } })),
    );
    counts.found += moved.length;
    counts.written += changed.length;
    onProgress(`items: ${counts.found.toLocaleString("en")} read, ${counts.written} written`);
  });
  const former = inverse(ids);
  await eachBatch(to, async (items) => {
    const keys = items.map((item) => keyOf(movedItem(keyOf(item), former)));
    const there = await itemsOf(from, keys);
    const gone = items.filter((item, at) => {
      const source = there.get(nameOf(keys[at] ?? item));
      return source === undefined && !isExpired(item, to.now());
    });
    await write(
      to,
      gone.map((item) => ({ DeleteRequest: { Key: { ...keyOf(item) } } })),
    );
    counts.deleted += gone.length;
  });
  return counts;
}

/** How far the maintenance's searches have come says nothing of the new table: they begin anew. */
function isMoved(item: Item, now: Date): boolean {
  const isRound =
    item[chatTable.partitionKey] === partitions.tenant &&
    String(item[chatTable.sortKey]).startsWith("ROUND#");
  return !isRound && !isExpired(item, now);
}

/** DynamoDB deletes it when it pleases, in each table at another time. */
const isExpired = ({ [chatTable.timeToLive]: expiry }: Item, now: Date): boolean =>
  typeof expiry === "number" && expiry * 1000 <= now.getTime();

type Requests = NonNullable<BatchWriteCommandInput["RequestItems"]>[string];

async function write({ client, tableName }: TableAccess, requests: Requests): Promise<void> {
  for (let start = 0; start < requests.length; start += writesAtOnce) {
    let rest: Requests = requests.slice(start, start + writesAtOnce);
    for (let round = 0; rest.length > 0; round++) {
      await beforeRound(round, tableName);
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName]: rest } }),
      );
      rest = UnprocessedItems?.[tableName] ?? [];
    }
  }
}
