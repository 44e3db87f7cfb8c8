/**
 * `app/store/dynamodb/erasing/`: how conversations are cleared and purged, and users erased, in steps that a
 * crash may end.
 */
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Cleared } from "../../conversation-store.ts";
import { allows, type Guard } from "../../guard.ts";
import { StoreError } from "../../store-error.ts";
import { inFull } from "../conversations/details.ts";
import { forget, noted } from "../maintenance/due.ts";
import { overflowPrefix } from "../messages/content.ts";
import { guardCondition } from "../table/guard.ts";
import { clearedThrough, type Header, headerItem } from "../table/header.ts";
import { headerKey } from "../table/keys.ts";
import { refusedItem } from "../table/own-write.ts";
import { activeHeader, getItem, type TableAccess } from "../table/table-access.ts";
import { namesIn } from "../table/update.ts";
import { contentsOf } from "./orphans.ts";
import { deleteMessages, notePurged, purgeIfDue, strideSize } from "./purge.ts";

/**
 * Empties a conversation that goes on: one write takes its messages from every reader, then they are removed in
 * steps, each of which may be the last before a crash. The sequence goes on, so that a device that
 * holds messages of before still asks for the right ones. The maintenance removes what stays.
 */
export async function clear(
  table: TableAccess,
  user: string,
  id: string,
  guard: Guard | undefined,
  until?: Date,
): Promise<Cleared> {
  const { header, due } = await noted(table, { user, id }, () =>
    markCleared(table, user, id, guard),
  );
  // Nothing to remove, so nothing of the request stays.
  if (isRemoved(header)) await forget(table, due);
  return {
    conversation: await inFull(table, user, header),
    isDone: await removeCleared(table, user, id, header, until),
  };
}

async function markCleared(
  table: TableAccess,
  user: string,
  id: string,
  guard: Guard | undefined,
): Promise<Header> {
  const now = table.now();
  const { condition, values } = guardCondition(guard);
  // What is empty stays as it is: whoever repeats a request finds it done.
  const ConditionExpression = `${condition} AND #messageCount > :zero`;
  const UpdateExpression =
    "SET #messageCount = :zero, #lastRead = #sequence, #updatedAt = :now, #version = #version + :one " +
    "REMOVE #lastMessage, #documents, #removed";
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeNames: namesIn(`${UpdateExpression} ${ConditionExpression}`),
        ExpressionAttributeValues: { ...values, ":zero": 0, ":one": 1, ":now": now.toISOString() },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return headerItem.parse(Attributes);
  } catch (error) {
    const refused = refusedItem(error);
    if (refused === undefined) throw error;
    const header = activeHeader(refused.item, now);
    if (!allows(guard, header.version)) throw new StoreError("stale");
    if (header.messageCount > 0) throw new StoreError("busy", { cause: error });
    return header;
  }
}

/** False when `until` came first: the checkpoint says where to go on. */
export async function removeCleared(
  table: TableAccess,
  user: string,
  id: string,
  header: Header,
  until?: Date,
): Promise<boolean> {
  if (isRemoved(header)) return true;
  const through = clearedThrough(header);
  let done = header.purgedThrough ?? 0;
  if (header.isOverflowing && table.objects !== undefined) {
    const names = await contentsOf(table, user, id, { first: 0, last: through });
    const prefix = overflowPrefix(user, id);
    await table.objects.delete([...names].map((name) => `${prefix}${name}`));
  }
  while (done < through) {
    const next = Math.min(done + strideSize, through);
    await deleteMessages(table, user, id, done + 1, next);
    done = next;
    await notePurged(
      table,
      { user, id, purgedThrough: done },
      {
        condition:
          "#sequence >= :through AND (attribute_not_exists(#purgedThrough) OR #purgedThrough < :through)",
        values: { ":through": done },
      },
    );
    if (done < through && until !== undefined && table.now() >= until) return false;
  }
  return true;
}

const isRemoved = (header: Header): boolean =>
  (header.purgedThrough ?? 0) >= clearedThrough(header);

/**
 * Finishes an interrupted deletion, as `purgeIfDue` does, or an interrupted clearing. Returns whether the
 * conversation was deleted. Reading costs half a unit.
 */
export async function endBegun(table: TableAccess, user: string, id: string): Promise<boolean> {
  const item = await getItem(table, headerKey(user, id), "eventual");
  if (item?.state === "active" || item?.state === "archived") {
    const header = headerItem.safeParse(item);
    if (header.success) await removeCleared(table, user, id, header.data);
    return false;
  }
  return item !== undefined && purgeIfDue(table, user, id);
}
