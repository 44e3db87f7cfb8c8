import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { tombstoneDays } from "../../conversation-store.ts";
import { epochSeconds, recordLifeSeconds } from "../../expiry.ts";
import type { Guard } from "../../guard.ts";
import { noted } from "../maintenance/due.ts";
import { deleteOverflow } from "../messages/content.ts";
import { refusedBy, standingCondition } from "../table/guard.ts";
import { headerItem, isPastTrash } from "../table/header.ts";
import {
  detailsKey,
  editPrefix,
  headerKey,
  type Key,
  messageKey,
  messagePartition,
  recencyKeys,
} from "../table/keys.ts";
import { orderOf } from "../table/order.ts";
import { isCarriedOut } from "../table/own-write.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";
import { namesIn, updateExpression } from "../table/update.ts";
import { batchSize, deleteKeys, eraseItems } from "./items.ts";

/** Messages between two checkpoints; deleting again what is gone costs as much as the first time. */
export const strideSize = 10 * batchSize;

/**
 * Deletes a conversation in steps, each of which may be the last before a crash:
 * 1. note the deletion for the maintenance;
 * 2. mark the header: readers and writers miss the conversation from here on, a sync is told;
 * 3. delete the messages by computed keys, noting on the header how far we came, then the contents
 *    that lie in the bucket;
 * 4. put a tombstone in the header's place.
 * Whoever deletes again goes on where the checkpoint says, and so does the maintenance. Until the
 * tombstone stands, the header stays in the index by creation, where an administrator's sweep finds it.
 *
 * The tombstone keeps the id taken for 24 h. Without it, a second deletion still under way could
 * remove the messages of a new conversation of that id, and an idempotency record of the old one
 * could answer for the new one. The records hold no content; they expire before that. It stays for
 * `tombstoneDays`, to be told by syncs; then the TTL removes it, which orphans nothing.
 */
export async function purge(
  table: TableAccess,
  user: string,
  id: string,
  guard: Guard | undefined,
  until?: Date,
): Promise<boolean> {
  const { header } = await noted(table, { user, id }, () => markDeleting(table, user, id, guard));
  return finish(table, user, id, header, until);
}

const stateItem = z.object({ state: z.string(), purgeAt: z.string().optional() });

/**
 * The same for a header that a sweep has found: one past its time in the trash, or a deletion that
 * was begun. Anything else stays; false says so. Looks for half a unit before it writes: a write that is
 * refused costs a whole one, 10 times it.
 */
export async function purgeIfDue(table: TableAccess, user: string, id: string): Promise<boolean> {
  const item = await getItem(table, headerKey(user, id), "eventual");
  if (item === undefined) return false;
  const { state, purgeAt } = stateItem.parse(item);
  const isTrashed = state === "trashed" && isPastTrash({ purgeAt }, table.now());
  if (state !== "deleting" && !isTrashed) return false;
  const now = table.now().toISOString();
  const due = {
    condition: "#state = :trashed AND #purgeAt <= :now",
    values: { ":trashed": "trashed", ":now": now },
  };
  try {
    const header = await mark(table, user, id, due);
    await finish(table, user, id, header);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** False when `until` came first: the checkpoint says where to go on. */
async function finish(
  table: TableAccess,
  user: string,
  id: string,
  header: Purged,
  until?: Date,
): Promise<boolean> {
  const from = header.purgedThrough ?? 0;
  for (let done = from; done < header.sequence; ) {
    const through = Math.min(done + strideSize, header.sequence);
    await deleteMessages(table, user, id, done + 1, through);
    done = through;
    if (done < header.sequence) {
      await notePurged(table, { user, id, purgedThrough: done }, whileDeleting);
      if (until !== undefined && table.now() >= until) return false;
    }
  }
  if (header.isOverflowing) await deleteOverflow(table, user, id);
  if (header.editedVersion !== undefined) {
    await eraseItems(table, messagePartition(user, id), editPrefix);
  }
  if (header.detailsAt !== undefined) await deleteKeys(table, [detailsKey(user, id)]);
  await bury(table, user, id, header);
  return true;
}

async function markDeleting(
  table: TableAccess,
  user: string,
  id: string,
  guard: Guard | undefined,
): Promise<Purged> {
  const now = table.now();
  try {
    return await mark(table, user, id, standingCondition(now, guard));
  } catch (error) {
    throw refusedBy(error, now);
  }
}

async function mark(
  table: TableAccess,
  user: string,
  id: string,
  { condition, values }: { condition: string; values: Readonly<Record<string, unknown>> },
): Promise<Purged> {
  const { Attributes } = await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: headerKey(user, id),
      ...updateExpression({
        set: {
          state: "deleting",
          purgeAt: null,
          updatedAt: orderOf("deleting", table.now().toISOString()),
        },
        add: { version: 1 },
        // A deletion that was begun is finished, whatever version it was begun at.
        condition: `#state = :deleting OR (${condition})`,
        values: { ...values, ":deleting": "deleting" },
      }),
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    }),
  );
  return purgedItem.parse(Attributes);
}

/** What a deletion needs to know of a header, whatever else a later version may have made of it. */
const purgedItem = headerItem.pick({
  sequence: true,
  version: true,
  updatedAt: true,
  isOverflowing: true,
  detailsAt: true,
  editedVersion: true,
  purgedThrough: true,
});
type Purged = z.infer<typeof purgedItem>;

/**
 * Marks whatever stands there, before it is erased. A tombstone is none of ours to keep either: it
 * still refuses to be written over, and what it leads to goes with it.
 */
export async function markErasing(table: TableAccess, Key: Key): Promise<void> {
  await isCarriedOut(
    table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key,
        ...updateExpression({
          set: { state: "deleting" },
          condition: "attribute_exists(#pk) AND #state <> :deleting AND #state <> :deleted",
          values: { ":deleting": "deleting", ":deleted": "deleted" },
        }),
      }),
    ),
  );
}

export async function deleteMessages(
  table: TableAccess,
  user: string,
  id: string,
  first: number,
  last: number,
): Promise<void> {
  const length = last - first + 1;
  const keys = Array.from({ length }, (_, index) => messageKey(user, id, first + index));
  await deleteKeys(table, keys);
}

const whileDeleting = {
  condition: "#state = :deleting",
  values: { ":deleting": "deleting" },
};

/** Notes how far messages are removed, as long as the condition holds and there is a header. */
export async function notePurged(
  table: TableAccess,
  { user, id, purgedThrough }: { user: string; id: string; purgedThrough: number },
  { condition, values }: { condition: string; values: Readonly<Record<string, unknown>> },
): Promise<void> {
  await isCarriedOut(
    table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({ set: { purgedThrough }, condition, values }),
      }),
    ),
  );
}

/** Another deletion of the same conversation may have come further meanwhile: then so have we. */
async function bury(
  table: TableAccess,
  user: string,
  id: string,
  { updatedAt, version }: Purged,
): Promise<void> {
  const now = epochSeconds(table.now());
  await isCarriedOut(
    table.client.send(
      new PutCommand({
        TableName: table.tableName,
        Item: {
          ...headerKey(user, id),
          ...recencyKeys(user, updatedAt, "deleted"),
          state: "deleted",
          version,
          takenUntil: now + recordLifeSeconds,
          expiresAt: now + tombstoneDays * 24 * 60 * 60,
        },
        ConditionExpression: "#state = :deleting",
        ExpressionAttributeNames: namesIn("#state"),
        ExpressionAttributeValues: { ":deleting": "deleting" },
      }),
    ),
  );
}
