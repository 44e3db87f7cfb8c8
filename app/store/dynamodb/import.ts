import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { attached } from "../attached.ts";
import { LostRace, untilWon } from "../contention.ts";
import type { Message } from "../message.ts";
import { preview } from "../preview.ts";
import { StoreError } from "../store-error.ts";
import type { ImportedHeader, ImportedMessage } from "../transfer-store.ts";
import { newHeader, putNewHeader } from "./conversations/creation.ts";
import { packContents, stow } from "./messages/content.ts";
import { messageAttributes } from "./messages/message-item.ts";
import { queryMessages } from "./messages/messages.ts";
import { liveCondition } from "./table/guard.ts";
import type { Header } from "./table/header.ts";
import { headerKey, messageKey, recencyKeys } from "./table/keys.ts";
import { orderOf } from "./table/order.ts";
import { getItem, liveHeader, type TableAccess } from "./table/table-access.ts";
import { transact } from "./table/transaction.ts";
import { namesIn, updateExpression } from "./table/update.ts";

/** As a creation: 3 write units. Its place in the index is that of a change now: a sync finds it. */
export async function importConversation(
  table: TableAccess,
  user: string,
  header: ImportedHeader,
): Promise<"created" | "exists"> {
  try {
    await putNewHeader(table, {
      ...newHeader(user, header, header.createdAt),
      ...recencyKeys(user, table.now().toISOString(), header.state),
      state: header.state,
      ...(header.purgeAt === null ? {} : { purgeAt: header.purgeAt }),
      lastRead: header.lastReadSequence,
      ...clearedBefore(header.firstSequence),
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
  messages: readonly Message[],
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
  messages: readonly Message[],
): Promise<ImportedMessage[]> {
  const [first] = messages;
  if (first === undefined) return [];
  const page = { limit: messages.length, after: String(first.sequence - 1), order: "asc" } as const;
  const bytes = Number.POSITIVE_INFINITY;
  const { items } = await queryMessages(table, user, id, { ...page, bytes }, "strong");
  const stored = new Map(items.map((message) => [message.sequence, attributesOf(message)]));
  return messages.map((message) =>
    isDeepStrictEqual(stored.get(message.sequence), attributesOf(message)) ? "exists" : "conflict",
  );
}

async function append(
  table: TableAccess,
  user: string,
  id: string,
  header: Header,
  messages: readonly Message[],
): Promise<void> {
  const newest = messages.at(-1);
  if (newest === undefined) return;
  const { role, content, timestamp } = newest;
  const now = table.now();
  const documents = attached(header.documents ?? [], messages);
  const { condition, values } = liveCondition(now);
  const texts = messages.map((message) => message.content);
  const stowed = await stow(table, user, id, packContents(texts));
  let isWritten = false;
  try {
    const advance = {
      Update: {
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: {
            sequence: newest.sequence,
            isOverflowing:
              header.isOverflowing || stowed.contents.some(({ object }) => object) || undefined,
            documents: documents.length > 0 ? [...documents] : undefined,
            updatedAt: orderOf(header.state, now.toISOString()),
            lastMessage: { role, preview: preview(content, header), timestamp },
          },
          add: { version: 1, messageCount: messages.length },
          condition: `${condition} AND #sequence = :known AND #state = :state`,
          values: { ...values, ":known": header.sequence, ":state": header.state },
        }),
      },
    };
    const items = messages.map((message, index) => ({
      Put: {
        TableName: table.tableName,
        Item: {
          ...messageKey(user, id, message.sequence),
          ...attributesOf(message),
          ...stowed.contents[index],
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

/** Without what is not set: that makes a message no other one. */
function attributesOf(message: Message): Record<string, unknown> {
  const attributes = { ...messageAttributes(message), feedback: message.feedback ?? undefined };
  return z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(attributes)));
}

function clearedBefore(firstSequence = 1) {
  const cleared = firstSequence - 1;
  return cleared === 0 ? {} : { sequence: cleared, purgedThrough: cleared };
}
