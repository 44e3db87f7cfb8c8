import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { longestRequestMs } from "../../../http/deadline.ts";
import { partitions } from "../../../resources/table.ts";
import { StoreError } from "../../store-error.ts";
import { dueKey, dueRange, type Key, keyItem } from "../table/keys.ts";
import { between, queryAll } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";

const dueAtOnce = 100;

/**
 * Notes that a conversation comes due, for one write unit.
 *
 * @param at a time as in `purgeAt`. Default: when a request that removes messages now has surely ended.
 */
export async function remind(
  table: TableAccess,
  user: string,
  id: string,
  at = new Date(table.now().getTime() + longestRequestMs).toISOString(),
): Promise<Key> {
  const due = dueKey(at, user, id);
  await table.client.send(new PutCommand({ TableName: table.tableName, Item: due }));
  return due;
}

/**
 * Notes a removal before `mark` begins it, so that the maintenance ends what a dying process leaves. A
 * refusal takes the note back.
 */
export async function noted<Header>(
  table: TableAccess,
  { user, id }: { readonly user: string; readonly id: string },
  mark: () => Promise<Header>,
): Promise<{ header: Header; due: Key }> {
  const due = await remind(table, user, id);
  try {
    return { header: await mark(), due };
  } catch (error) {
    // "busy" may have been carried out.
    if (error instanceof StoreError && error.kind !== "busy") await forget(table, due);
    throw error;
  }
}

/** Takes back a note, once what it was about is done. */
export async function forget(table: TableAccess, due: Key): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: due }));
}

/** Notes of what is due by now, the oldest first: half a read unit when there is none. */
export async function* dueNow(table: TableAccess): AsyncIterable<Key> {
  const [first, last] = dueRange(table.now().toISOString());
  const due = { ...between(partitions.tenant, first, last), limit: dueAtOnce };
  for await (const item of queryAll(table, due)) yield keyItem.parse(item);
}
