import { LostRace, untilWon } from "../../contention.ts";
import { allows, type Guard } from "../../guard.ts";
import { type Message, type MessageEdit, saysTheSame } from "../../message.ts";
import { preview } from "../../preview.ts";
import { StoreError } from "../../store-error.ts";
import { clearedThrough, type Header } from "../table/header.ts";
import { headerKey, messageKey, messagePartition, messageSortKey } from "../table/keys.ts";
import { orderOf } from "../table/order.ts";
import { between, queryAll } from "../table/query.ts";
import { activeHeader, getItem, type TableAccess } from "../table/table-access.ts";
import { type TransactItems, transact } from "../table/transaction.ts";
import { updateExpression } from "../table/update.ts";
import { isStowed, packContents, type Stowed, stow, stowedBefore } from "./content.ts";
import { noteEdit } from "./edit-records.ts";
import { readDeletedItem } from "./message-item.ts";
import { readIfReadable, readMessage } from "./messages.ts";

interface Place {
  readonly user: string;
  readonly id: string;
  readonly sequence: number;
}

export interface Edited {
  readonly header: Header;
  /** Absent of one that was deleted. */
  readonly message?: Message;
}

/**
 * Changes or deletes one message in one transaction with the header, which tells that something changed, and a record
 * that tells what: 8 write units for a message of 1 KB, of which an append of it takes 6. The condition is on
 * the header's version, so nothing of the conversation changes between what is read here and what is written.
 */
export async function changeMessage(
  table: TableAccess,
  { user, id, sequence }: Place,
  edit: MessageEdit | undefined,
  guard: Guard | undefined,
): Promise<Edited> {
  const key = messageKey(user, id, sequence);
  return untilWon(async () => {
    const header = activeHeader(await getItem(table, headerKey(user, id), "strong"), table.now());
    if (!allows(guard, header.version)) throw new StoreError("stale");
    const item =
      sequence > clearedThrough(header) ? await getItem(table, key, "strong") : undefined;
    if (item === undefined || readDeletedItem(item) !== undefined)
      throw new StoreError("not-found");
    if (edit !== undefined) {
      const message = await readMessage(table, user, id, item);
      // Whoever repeats a request finds it done.
      if (saysTheSame(message, edit)) return { header, message };
    }
    const version = header.version + 1;
    const now = table.now().toISOString();
    const timestamp = now > header.updatedAt ? now : header.updatedAt;
    const stowed =
      edit === undefined ? undefined : await stow(table, user, id, packContents([edit]));
    const before = header.isOverflowing
      ? await stowedBefore(table, user, id, sequence, sequence)
      : undefined;
    let isWritten = false;
    try {
      const set = {
        ...(await toldAfter(table, { user, id, sequence }, header, edit)),
        isOverflowing: header.isOverflowing || stowed?.contents.some(isStowed) || undefined,
        editedVersion: version,
        version,
      };
      const refusals = await transact(table, [
        {
          Update: {
            TableName: table.tableName,
            Key: headerKey(user, id),
            ...updateExpression({
              set: { ...set, updatedAt: orderOf("active", timestamp) },
              condition: "#state = :active AND #version = :known",
              values: { ":active": "active", ":known": header.version },
            }),
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
        writeOf(table, key, item, stowed, timestamp),
        noteEdit(table, user, id, version, [sequence]),
        ...(stowed?.writes ?? []),
        ...(before === undefined ? [] : [before.write]),
      ]);
      if (refusals !== undefined) throw new LostRace();
      isWritten = true;
      const written = {
        ...header,
        ...set,
        lastMessage:
          set.lastMessage === undefined ? header.lastMessage : (set.lastMessage ?? undefined),
        removed: set.removed === undefined ? header.removed : (set.removed ?? undefined),
        updatedAt: timestamp,
      };
      await before?.drop().catch(() => {});
      if (edit === undefined) return { header: written };
      const changed = await readMessage(table, user, id, await getItem(table, key, "strong"));
      return { header: written, message: changed };
    } finally {
      // What cannot be taken back now has a note, by which the maintenance takes it back.
      if (!isWritten) await stowed?.drop().catch(() => {});
    }
  });
}

type Key = ReturnType<typeof messageKey>;

/** An edit leaves what else there is of the message, also of a later version; a deletion leaves its place alone. */
function writeOf(
  table: TableAccess,
  key: Key,
  item: Readonly<Record<string, unknown>>,
  stowed: Stowed | undefined,
  now: string,
): TransactItems[number] {
  if (stowed === undefined) {
    const { timestamp } = item;
    return { Put: { TableName: table.tableName, Item: { ...key, timestamp, deletedAt: now } } };
  }
  const none = {
    content: null,
    packed: null,
    object: null,
    parts: null,
    packedParts: null,
    partsObject: null,
  };
  const kept = Object.entries(stowed.contents[0] ?? {}).filter(([, value]) => value !== undefined);
  return {
    Update: {
      TableName: table.tableName,
      Key: key,
      ...updateExpression({
        set: { ...none, ...Object.fromEntries(kept), editedAt: now },
        condition: "attribute_exists(#role)",
      }),
    },
  };
}

interface Told {
  readonly lastMessage?: Header["lastMessage"] | null;
  readonly removed?: number | null;
  readonly messageCount?: number;
}

/** What the header tells of its messages from then on: what is not named is as before. */
async function toldAfter(
  table: TableAccess,
  place: Place,
  header: Header,
  edit: MessageEdit | undefined,
): Promise<Told> {
  const { lastMessage, removed = 0 } = header;
  const isNewest =
    removed === 0
      ? place.sequence === header.sequence
      : (await newestIn(table, place, place.sequence + 1, header.sequence)) === undefined;
  if (edit !== undefined) {
    return isNewest && lastMessage !== undefined
      ? { lastMessage: { ...lastMessage, preview: preview(edit.content, { ...header }) } }
      : {};
  }
  const told = { removed: removed + 1 };
  if (!isNewest)
    return { ...told, ...(lastMessage && { lastMessage: { ...lastMessage, ...told } }) };
  const newest = await newestIn(table, place, clearedThrough(header) + 1, place.sequence - 1);
  // Nothing is left: as if it was cleared.
  if (newest === undefined) return { messageCount: 0, removed: null, lastMessage: null };
  const message = await readIfReadable(table, place.user, place.id, newest);
  if (message === undefined) return { ...told, lastMessage: null };
  const { role, content, timestamp } = message;
  return {
    ...told,
    lastMessage: {
      role,
      preview: preview(content, { ...header }),
      timestamp,
      ...told,
      bytes: lastMessage?.bytes,
    },
  };
}

const lookedAtOnce = 10;

/** The newest message within a range that was not deleted. */
async function newestIn(
  table: TableAccess,
  { user, id }: Place,
  first: number,
  last: number,
): Promise<Record<string, unknown> | undefined> {
  if (first > last) return undefined;
  const messages = between(messagePartition(user, id), messageSortKey(first), messageSortKey(last));
  const newestFirst = {
    ...messages,
    order: "desc",
    limit: lookedAtOnce,
    consistency: "strong",
  } as const;
  for await (const item of queryAll(table, newestFirst)) {
    if (readDeletedItem(item) === undefined) return item;
  }
  return undefined;
}
