/**
 * `operations/move/data/`: users, items and objects of a tenant, copied from one cell to another.
 *
 * Erasures that users asked for at the old address after the last reading: a right that no move may lose.
 */
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { chatTable, partitions } from "../../../app/resources/table.ts";
import { type Item, itemsOf, keyOf, nameOf } from "../../../app/sql/items.ts";
import { putItem } from "../../restore/since/items.ts";
import { eraseAgain } from "../../restore/since/removals.ts";
import type { TablePair } from "./items.ts";
import { movedItem } from "./user-ids.ts";

/**
 * Repeats in the new table what its receipts do not know. What the user has written there since goes too: whoever asked
 * for everything to be erased is asked for nothing else. Receipts alone are read from the old table, by a Scan.
 *
 * @returns how many.
 */
export async function repeatErasures({ from, to, ids }: TablePair): Promise<number> {
  const found: Item[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: from.client },
    {
      TableName: from.tableName,
      ConsistentRead: true,
      FilterExpression: "begins_with(#pk, :erasure)",
      ExpressionAttributeNames: { "#pk": chatTable.partitionKey },
      ExpressionAttributeValues: { ":erasure": partitions.erasure },
    },
  )) {
    found.push(...Items);
  }
  const receipts = found.map((item) => movedItem(item, ids));
  const known = await itemsOf(to, receipts.map(keyOf));
  const due = receipts.filter((receipt) => known.get(nameOf(receipt))?.id !== receipt.id);
  for (const receipt of due) {
    await eraseAgain(to, keyOf(receipt).pk.slice(partitions.erasure.length));
    await putItem(to, receipt);
  }
  return due.length;
}
