import * as z from "zod";
import { pageBytes } from "../../../resources/memory.ts";
import { type MessageChanges, tombstoneDays } from "../../conversation-store.ts";
import { epochSeconds } from "../../expiry.ts";
import type { Message } from "../../message.ts";
import { clearedThrough } from "../table/header.ts";
import { editKey, editPrefix, editSortKey, messageKey, messagePartition } from "../table/keys.ts";
import { between, query } from "../table/query.ts";
import { getItem, readLiveHeader, type TableAccess } from "../table/table-access.ts";
import { readDeletedItem } from "./message-item.ts";
import { readIfReadable } from "./messages.ts";

const editItem = z
  .object({ sk: z.string(), sequences: z.array(z.number()), expiresAt: z.number() })
  .transform(({ sk, ...edit }) => ({ ...edit, version: Number(sk.slice(editPrefix.length)) }));

/**
 * What other devices learn it by that a version edited or deleted messages: of no content, for as long as a deletion is
 * told. For the transaction that does it.
 */
export function noteEdit(
  table: TableAccess,
  user: string,
  id: string,
  version: number,
  sequences: readonly number[],
) {
  return {
    Put: {
      TableName: table.tableName,
      Item: {
        ...editKey(user, id, version),
        sequences,
        expiresAt: epochSeconds(table.now()) + tombstoneDays * 24 * 60 * 60,
      },
    },
  };
}

/** Sequences that a record names. */
export function editedIn(item: unknown): readonly number[] {
  return editItem.safeParse(item).data?.sequences ?? [];
}

/** Half a unit for the header, and as much for what was edited; then what each message costs. */
export async function messageChanges(
  table: TableAccess,
  user: string,
  id: string,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<MessageChanges> {
  const header = await readLiveHeader(table, user, id);
  const nothing = { items: [], deleted: [], version: Math.max(since, header.version), more: false };
  if (since >= (header.editedVersion ?? 0)) return nothing;
  const [from, through] = [editSortKey(since + 1), editSortKey(header.version)];
  const { items: found, last } = await query(table, {
    ...between(messagePartition(user, id), from, through),
    limit,
  });
  const now = epochSeconds(table.now());
  const edits = found
    .map((item) => editItem.parse(item))
    .filter(({ expiresAt }) => expiresAt > now);
  const looked = new Set<number>();
  const items: Message[] = [];
  const deleted: string[] = [];
  let bytes = 0;
  let version = since;
  for (const edit of edits) {
    // One after another, as in a page: each may be a megabyte.
    for (const sequence of edit.sequences.filter((one) => !looked.has(one))) {
      const message = await look(table, user, id, sequence, clearedThrough(header));
      bytes += message === undefined ? 0 : Buffer.byteLength(JSON.stringify(message));
      if (bytes > pageBytes && items.length > 0) return { items, deleted, version, more: true };
      looked.add(sequence);
      if (message === "deleted") deleted.push(String(sequence));
      else if (message !== undefined) items.push(message);
    }
    version = edit.version;
  }
  return last === undefined
    ? { items, deleted, version: header.version, more: false }
    : { items, deleted, version, more: true };
}

/** Undefined for one that this version cannot read: that is reported. */
async function look(
  table: TableAccess,
  user: string,
  id: string,
  sequence: number,
  cleared: number,
): Promise<Message | "deleted" | undefined> {
  if (sequence <= cleared) return "deleted";
  const item = await getItem(table, messageKey(user, id, sequence), "strong");
  if (item === undefined || readDeletedItem(item) !== undefined) return "deleted";
  return readIfReadable(table, user, id, item);
}
