import * as z from "zod";
import type { Once } from "../../conversation-store.ts";
import { epochSeconds, recordLifeSeconds } from "../../expiry.ts";
import { StoreError } from "../../store-error.ts";
import { idempotencyKey } from "./keys.ts";
import { getItem, type TableAccess } from "./table-access.ts";
import { namesIn } from "./update.ts";

/**
 * What a repeated request needs to get the first answer again. The answer itself is not kept: with
 * the same body, `result` is enough to make it anew.
 */
const recordItem = z.object({ bodyHash: z.string(), result: z.record(z.string(), z.unknown()) });

/**
 * The write that remembers a request, for the transaction that carries it out. It fails when the
 * key was used; an expired record that the TTL has not removed yet counts as none.
 */
export function putRecord(
  table: TableAccess,
  partition: string,
  once: Once,
  result: Record<string, string | number>,
) {
  const now = epochSeconds(table.now());
  const ConditionExpression = "attribute_not_exists(#pk) OR #expiresAt <= :now";
  return {
    Put: {
      TableName: table.tableName,
      Item: {
        ...idempotencyKey(partition, once.key),
        bodyHash: once.bodyHash,
        result,
        expiresAt: now + recordLifeSeconds,
      },
      ConditionExpression,
      ExpressionAttributeNames: namesIn(ConditionExpression),
      ExpressionAttributeValues: { ":now": now },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    },
  };
}

/** The first result of a request of that key within the last 24 h. */
export async function findResult(
  table: TableAccess,
  partition: string,
  once: Once,
): Promise<Record<string, unknown> | undefined> {
  const record = await getItem(table, idempotencyKey(partition, once.key), "strong");
  if (record === undefined || Number(record.expiresAt) <= epochSeconds(table.now())) {
    return undefined;
  }
  return firstResult(record, once);
}

/** The first result, given the record that stood in the way. `key-reused` for another body. */
export function firstResult(record: Record<string, unknown>, once: Once): Record<string, unknown> {
  const { bodyHash, result } = recordItem.parse(record);
  if (bodyHash !== once.bodyHash) throw new StoreError("key-reused");
  return result;
}
