import { createHash } from "node:crypto";
import * as z from "zod";
import { recencyIndex } from "../../../resources/table.ts";
import {
  type Changes,
  type Conversation,
  type PageRequest,
  syncWindowMinutes,
} from "../../conversation-store.ts";
import { StoreError } from "../../store-error.ts";
import { identifierPosition, jsonOf, readPosition } from "../../versions/position.ts";
import { faultOf, markerOf } from "../../versions/unreadable.ts";
import { conversationOf, headerKey, recencyKeys, userPartition } from "../table/keys.ts";
import { orderOf, timeOf } from "../table/order.ts";
import { query } from "../table/query.ts";
import { getItem, liveHeader, type TableAccess } from "../table/table-access.ts";
import { inFull } from "./details.ts";

const windowMs = syncWindowMinutes * 60 * 1000;
/** What a cursor carries must fit into a URL. Beyond these, changes are told more than once. */
const mostSeen = 100;
const mostWatched = 32;

/** Where a sync goes on. */
const positionSchema = z.object({
  /** Read entries changed since this time; in the midst of a walk of several pages: those behind this order, */
  at: z.string(),
  /** and behind this conversation. */
  id: identifierPosition.optional(),
  /** Since when this walk reads changes. */
  since: z.string().optional(),
  /** Where the next walk begins, settled when this one began. */
  horizon: z.string().optional(),
  /** Marks of entries within the window that the caller knows. */
  seen: z.array(z.string()),
  /** What the caller knows as unread, and read how far. */
  unread: z.array(z.tuple([identifierPosition, z.number()])),
});
type Position = z.infer<typeof positionSchema>;

const entrySchema = z
  .object({ pk: z.string(), sk: z.string(), updatedAt: z.string(), version: z.number() })
  .transform((item) => ({ ...item, order: item.updatedAt, updatedAt: timeOf(item.updatedAt) }));
type Entry = z.infer<typeof entrySchema>;

/**
 * What changed, in one walk along the index: up in time through what is active, then back through what is
 * not, see `orderOf`. Its entries come late and its times are
 * of many clocks, so a walk begins `syncWindowMinutes` before the last one did; what the caller knows
 * from then is marked in the cursor and left out. So nothing is lost to skew or lag within the
 * window, an entry that moves during a walk is met further on or by the next one, and "nothing new" is
 * one query.
 *
 * A mark of reading moves no entry. It says something new only to a caller who holds the
 * conversation as unread: the cursor names those, and their headers are read beside the query.
 */
export async function changes(
  table: TableAccess,
  user: string,
  { limit, after }: PageRequest,
): Promise<Changes> {
  const since: Position =
    after === undefined
      ? { at: "0", seen: [], unread: [] }
      : readPosition(jsonOf(positionSchema), after);
  const horizon = since.horizon ?? new Date(table.now().getTime() - windowMs).toISOString();
  const watched = since.horizon === undefined ? since.unread : [];
  // A cursor of an earlier version, in the midst of a walk, does not say.
  const from = since.since ?? (since.id === undefined ? since.at : "0");
  const [{ entries, more }, marked] = await Promise.all([
    readEntries(table, user, since, from, limit + since.seen.length),
    Promise.all(watched.map(([id, lastRead]) => readIfReadOn(table, user, id, lastRead))),
  ]);
  const known = new Set(since.seen);
  const fresh = entries.filter((entry) => !known.has(markOf(entry)));
  const looked = await Promise.all(fresh.map((entry) => look(table, user, entry)));
  const changed = looked.flatMap(({ conversation }) => conversation ?? []);
  const changedIds = new Set(fresh.map(conversationOf));
  const items = [
    ...changed,
    ...marked.flatMap((one) => (one === undefined || changedIds.has(one.id) ? [] : one)),
  ];
  const unreadable = looked.flatMap(({ entry, isUnreadable }) =>
    isUnreadable === true ? conversationOf(entry) : [],
  );
  const deleted = looked.flatMap(({ entry, conversation, isUnreadable }) =>
    conversation === undefined && isUnreadable !== true ? conversationOf(entry) : [],
  );

  const isOneWalk = since.id === undefined && !more;
  const met = new Set(entries.map(markOf));
  const seen = [
    ...since.seen.filter((mark) => !isOneWalk || met.has(mark)),
    ...looked.filter(({ entry }) => entry.updatedAt >= horizon).map(({ entry }) => markOf(entry)),
  ];
  const last = entries.at(-1);
  const next: Position = {
    ...(more && last !== undefined
      ? { at: last.order, id: conversationOf(last), since: from, horizon }
      : { at: horizon }),
    seen: seen.slice(-mostSeen),
    unread: stillUnread(since.unread, items, deleted),
  };
  return { items, deleted, ...markerOf(unreadable), next: JSON.stringify(next), more };
}

async function readEntries(
  table: TableAccess,
  user: string,
  { at, id }: Position,
  from: string,
  limit: number,
) {
  const { items, last } = await query(table, {
    index: recencyIndex.name,
    condition: "#recencyKey = :partition AND #updatedAt BETWEEN :from AND :through",
    values: {
      ":partition": userPartition(user),
      ":from": from,
      ":through": orderOf("deleted", from),
    },
    limit,
    after: id === undefined ? undefined : { ...headerKey(user, id), ...recencyKeys(user, at) },
  });
  return { entries: items.map((item) => entrySchema.parse(item)), more: last !== undefined };
}

/** The index tells which conversation changed; how it is now, the table knows. */
async function look(
  table: TableAccess,
  user: string,
  entry: Entry,
): Promise<{ entry: Entry; conversation?: Conversation; isUnreadable?: boolean }> {
  const conversation = await readConversation(table, user, conversationOf(entry), "strong");
  if (conversation === "unreadable") return { entry, isUnreadable: true };
  if (conversation === undefined) return { entry };
  const { updatedAt, version } = conversation;
  return { entry: { ...entry, updatedAt, version }, conversation };
}

async function readIfReadOn(table: TableAccess, user: string, id: string, lastRead: number) {
  const conversation = await readConversation(table, user, id, "eventual");
  if (conversation === "unreadable") return undefined;
  const isNews = (conversation?.lastReadSequence ?? 0) > lastRead;
  return isNews ? conversation : undefined;
}

async function readConversation(
  table: TableAccess,
  user: string,
  id: string,
  consistency: "eventual" | "strong",
): Promise<Conversation | "unreadable" | undefined> {
  const item = await getItem(table, headerKey(user, id), consistency);
  try {
    return await inFull(table, user, liveHeader(item, table.now()), consistency);
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return undefined;
    table.report?.({ kind: "conversation", id, fault: faultOf(error) });
    return "unreadable";
  }
}

function stillUnread(
  before: Position["unread"],
  items: readonly Conversation[],
  deleted: readonly string[],
): Position["unread"] {
  const unread = new Map(before);
  for (const { id, unreadCount, lastReadSequence } of items) {
    unread.delete(id);
    if ((unreadCount ?? 0) > 0) unread.set(id, lastReadSequence ?? 0);
  }
  for (const id of deleted) unread.delete(id);
  return [...unread].slice(-mostWatched);
}

/**
 * The version alone would confuse a conversation with one made anew under its id. Ten characters
 * hold 60 bits: among a hundred marks, two never meet.
 */
function markOf(entry: Entry): string {
  const text = `${conversationOf(entry)}:${entry.version}:${entry.updatedAt}`;
  return createHash("sha256").update(text).digest("base64url").slice(0, 10);
}
