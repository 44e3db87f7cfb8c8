import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { ObjectStore } from "../../../objects/object-store.ts";
import { StoreError } from "../../store-error.ts";
import type { Report } from "../../versions/unreadable.ts";
import { type Header, headerItem, isKnownState, isPastTrash } from "./header.ts";
import { headerKey, type Key } from "./keys.ts";

/** What every store operation needs: one tenant's table, and the time. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: () => Date;
  /** For what no item can hold; without it, such messages are refused as `full`. */
  readonly objects?: ObjectStore | undefined;
  /** Hears of items that a list leaves out. */
  readonly report?: Report | undefined;
}

/**
 * Reads a header for half a unit. The eventually consistent read may miss a conversation that was just
 * created, so if it finds nothing, a consistent read decides.
 */
export async function readLiveHeader(
  table: TableAccess,
  user: string,
  id: string,
): Promise<Header> {
  const key = headerKey(user, id);
  const item = (await getItem(table, key, "eventual")) ?? (await getItem(table, key, "strong"));
  return liveHeader(item, table.now());
}

/**
 * `not-found` for a missing header, one that is being deleted or was, and one past its trash. `not-active`
 * for a state of a later version: all that is known of it is that it is none of ours.
 */
export function liveHeader(item: Record<string, unknown> | undefined, now: Date): Header {
  if (item === undefined || item.state === "deleting" || item.state === "deleted") {
    throw new StoreError("not-found");
  }
  if (!isKnownState(item.state)) throw new StoreError("not-active");
  const header = headerItem.parse(item);
  if (isPastTrash(header, now)) throw new StoreError("not-found");
  return header;
}

/** As `liveHeader`, and `not-active` for a conversation that is archived or in the trash. */
export function activeHeader(item: Record<string, unknown> | undefined, now: Date): Header {
  const header = liveHeader(item, now);
  if (header.state !== "active") throw new StoreError("not-active");
  return header;
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
