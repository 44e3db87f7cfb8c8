import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { attached } from "../attached.ts";
import { LostRace, untilWon } from "../contention.ts";
import { type DeletedMessage, isDeleted, type Message } from "../message.ts";
import { preview } from "../preview.ts";
import { StoreError } from "../store-error.ts";
import type { ImportedHeader, ImportedMessage } from "../transfer-store.ts";
import { besideHeader, newHeader, putNewHeader } from "./conversations/creation.ts";
import { remind } from "./maintenance/due.ts";
import { isStowed, packContents, stow } from "./messages/content.ts";
import { messageAttributes } from "./messages/message-item.ts";
import { queryMessages } from "./messages/messages.ts";
import { liveCondition } from "./table/guard.ts";
import { bytesWith, type Header } from "./table/header.ts";
import { headerKey, messageKey, recencyKeys } from "./table/keys.ts";
import { orderOf } from "./table/order.ts";
import { getItem, liveHeader, type TableAccess } from "./table/table-access.ts";
import { transact } from "./table/transaction.ts";
import { namesIn, updateExpression } from "./table/update.ts";

type Imported = Message | DeletedMessage;

/**
 * Costs the same as a creation: 3 write units, and more if the conversation has details or is in the trash. The index entry
 * has the present time, so that a sync finds the conversation.
 */
export async function importConversation(
  table: TableAccess,
  user: string,
  header: ImportedHeader,
): Promise<"created" | "exists"> {
  const put = (draft: ImportedHeader) =>
    putNewHeader(
      table,
      {
        ...newHeader(user, draft, draft.createdAt),
        ...recencyKeys(user, table.now().toISOString(), draft.state),
        state: draft.state,
        ...(draft.purgeAt === null ? {} : { purgeAt: draft.purgeAt }),
        ...(draft.lastReadSequence > 0 && { readThrough: draft.lastReadSequence }),
      },
      besideHeader(table, user, draft),
    );
  // It may come due before the maintenance searches the trash again.
  if (header.purgeAt !== null) await remind(table, user, header.id, header.purgeAt);
  try {
    await put(header).catch((error: unknown) => {
      // Better here and not pinned than not here.
      if (error instanceof StoreError && error.kind === "too-many-pins") {
        return put({ ...header, pinned: false });
      }
      throw error;
    });
    return "created";
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === "id-taken")) throw error;
    // A conversation that was just deleted keeps its id: that is no import that was done before.
    liveHeader(await getItem(table, headerKey(user, header.id), "strong"), table.now());
    return "exists";
  }
}

/**
 * One read and one transaction: 1 read unit, 2m write units for each message and 4 for the header.
 * Whoever dies before it has written nothing, whoever dies behind it finds it done.
 */
export function importMessages(
  table: TableAccess,
  user: string,
  id: string,
  messages: readonly Imported[],
): Promise<readonly ImportedMessage[]> {
  return untilWon(async () => {
    const item = await getItem(table, headerKey(user, id), "strong");
    const header = liveHeader(item, table.now());
    const first = messages[0]?.sequence ?? 1;
    if (first > header.sequence + 1) return messages.map(() => "gap");
    const known = messages.filter(({ sequence }) => sequence <= header.sequence);
    const fresh = messages.slice(known.length);
    const outcomes = await compare(table, user, id, known);
    if (fresh.length > 0) await append(table, user, id, header, fresh);
    return [...outcomes, ...fresh.map(() => "created" as const)];
  });
}

async function compare(
  table: TableAccess,
  user: string,
  id: string,
  messages: readonly Imported[],
): Promise<ImportedMessage[]> {
  const [first] = messages;
  if (first === undefined) return [];
  const page = { limit: messages.length, after: String(first.sequence - 1), order: "asc" } as const;
  const bytes = Number.POSITIVE_INFINITY;
  const { items, gone = [] } = await queryMessages(table, user, id, { ...page, bytes }, "strong");
  const stored = new Map(items.map((message) => [message.sequence, attributesOf(message)]));
  const places = new Set(gone.map(({ sequence }) => sequence));
  return messages.map((message) => {
    if (isDeleted(message)) return places.has(message.sequence) ? "exists" : "conflict";
    const isSame = isDeepStrictEqual(stored.get(message.sequence), attributesOf(message));
    return isSame ? "exists" : "conflict";
  });
}

async function append(
  table: TableAccess,
  user: string,
  id: string,
  header: Header,
  messages: readonly Imported[],
): Promise<void> {
  const newest = messages.at(-1);
  if (newest === undefined) return;
  const now = table.now();
  const there = messages.flatMap((message) => (isDeleted(message) ? [] : [message]));
  const removed = (header.removed ?? 0) + messages.length - there.length || undefined;
  const documents = attached(header.documents ?? [], there);
  const { condition, values } = liveCondition(now);
  const stowed = await stow(table, user, id, packContents(there));
  let isWritten = false;
  try {
    const advance = {
      Update: {
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: {
            sequence: newest.sequence,
            isOverflowing: header.isOverflowing || stowed.contents.some(isStowed) || undefined,
            documents: documents.length > 0 ? [...documents] : undefined,
            updatedAt: orderOf(header.state, now.toISOString()),
            lastMessage: lastOf(header, there, removed),
            removed,
            lastRead: Math.max(header.lastRead, Math.min(header.readThrough ?? 0, newest.sequence)),
          },
          add: { version: 1, messageCount: messages.length },
          condition: `${condition} AND #sequence = :known AND #state = :state AND #lastRead = :read`,
          values: {
            ...values,
            ":known": header.sequence,
            ":state": header.state,
            ":read": header.lastRead,
          },
        }),
      },
    };
    const contents = new Map(there.map((message, index) => [message, stowed.contents[index]]));
    const items = messages.map((message) => ({
      Put: {
        TableName: table.tableName,
        Item: {
          ...messageKey(user, id, message.sequence),
          ...(isDeleted(message)
            ? { timestamp: message.timestamp, deletedAt: now.toISOString() }
            : { ...attributesOf(message), ...contents.get(message) }),
        },
        ConditionExpression: "attribute_not_exists(#pk)",
        ExpressionAttributeNames: namesIn("#pk"),
      },
    }));
    isWritten = (await transact(table, [advance, ...items, ...stowed.writes])) === undefined;
  } finally {
    if (!isWritten) await stowed.drop().catch(() => {});
  }
  if (!isWritten) throw new LostRace();
}

/** What the header shows as the newest message, those that were deleted aside. */
function lastOf(header: Header, messages: readonly Message[], removed: number | undefined) {
  const newest = messages.at(-1);
  if (newest === undefined) return header.lastMessage && { ...header.lastMessage, removed };
  const { role, content, timestamp } = newest;
  const bytes = bytesWith(header, messages);
  return { role, preview: preview(content, header), timestamp, removed, bytes };
}

/** Without what is not set: that makes a message no other one. */
function attributesOf(message: Message): Record<string, unknown> {
  const { parts, feedback } = message;
  const attributes = { ...messageAttributes(message), parts, feedback: feedback ?? undefined };
  return z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(attributes)));
}
