import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { StoreError } from "../store-error.ts";
import { type Header, headerItem } from "./items.ts";
import { headerKey, type Key } from "./keys.ts";

/** What every store operation needs: one tenant's table, and the time. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: () => Date;
}

/** Idempotency records and the tombstones of deleted conversations live this long. */
export const recordLifeSeconds = 24 * 60 * 60;

export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/**
 * Reads a header for half a unit. The cheap read may lag behind a creation that was just answered:
 * only when it finds nothing, a consistent one decides whether there is nothing.
 */
export async function readActiveHeader(
  table: TableAccess,
  user: string,
  id: string,
): Promise<Header> {
  const key = headerKey(user, id);
  const item = (await getItem(table, key, "eventual")) ?? (await getItem(table, key, "strong"));
  return activeHeader(item);
}

/** `not-found` for a missing header, and for one that is being deleted or was. */
export function activeHeader(item: Record<string, unknown> | undefined): Header {
  if (item?.state !== "active") throw new StoreError("not-found");
  return headerItem.parse(item);
}

export async function getItem(
  table: TableAccess,
  key: Key,
  consistency: "eventual" | "strong",
): Promise<Record<string, unknown> | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.tableName,
      Key: key,
      ConsistentRead: consistency === "strong",
    }),
  );
  return Item;
}
