/** Carries a user's conversation from one table of a tenant to another: what an earlier table lacks. */
import { isDeepStrictEqual } from "node:util";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { DeletedMessage, Message } from "../message.ts";
import { StoreError } from "../store-error.ts";
import { messageBytesAtOnce, messagesAtOnce } from "../transfer-store.ts";
import { updatePins } from "./conversations/pins.ts";
import { removeCleared } from "./erasing/clear.ts";
import { keysOf } from "./erasing/items.ts";
import { purge, purgeIfDue } from "./erasing/purge.ts";
import { importConversation, importMessages } from "./import.ts";
import { editedIn } from "./messages/edit-records.ts";
import { queryMessages } from "./messages/messages.ts";
import { clearedThrough, type Header, headerItem, isPastTrash } from "./table/header.ts";
import {
  detailsKey,
  editPrefix,
  headerKey,
  type Key,
  messageKey,
  messagePartition,
} from "./table/keys.ts";
import { orderOf } from "./table/order.ts";
import { isCarriedOut } from "./table/own-write.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { updateExpression } from "./table/update.ts";

export interface Carrying {
  /** Table that users write to. */
  readonly from: TableAccess;
  /** Table that nobody else writes to. */
  readonly to: TableAccess;
  /** What `from` changed before this time stays as `to` has it. */
  readonly since: Date;
}

/** What of a conversation is in `from` and not in `to`. */
export interface ConversationChange {
  /** `same`: nothing. `new`: all of it. `grown`: messages. `changed`: only its header, e.g. the title. */
  readonly change: "same" | "new" | "grown" | "changed" | "deleted";
  readonly messages: number;
  /** Why not all of it could be carried over. */
  readonly left?: "a message before it is missing" | "another conversation has its id";
}

type Item = Readonly<Record<string, unknown>> | undefined;

const same: ConversationChange = { change: "same", messages: 0 };

/** Compares the two headers and changes nothing. */
export function conversationChange(
  source: Item,
  target: Item,
  { since, now }: { readonly since: Date; readonly now: Date },
): ConversationChange {
  if (source === undefined) return same;
  const isThere = target !== undefined && !isGone(target);
  if (isGone(source)) return isThere ? deleted : same;
  const from = headerItem.parse(source);
  // Nobody sees it any more; the next sweep deletes it.
  if (isPastTrash(from, now)) return isThere ? deleted : same;
  if (!isThere) return { change: "new", messages: from.sequence };
  const to = headerItem.parse(target);
  if (from.sequence > to.sequence) {
    return { change: "grown", messages: from.sequence - to.sequence };
  }
  return isAligned(from, to, since) ? same : { change: "changed", messages: 0 };
}

const deleted: ConversationChange = { change: "deleted", messages: 0 };

/** Carries it over, in steps that each may be the last: repeated, it goes on where it stopped. */
export async function carryConversation(
  carrying: Carrying,
  user: string,
  id: string,
): Promise<ConversationChange> {
  const { from, to, since } = carrying;
  const key = headerKey(user, id);
  const [source, target] = await Promise.all([
    getItem(from, key, "strong"),
    getItem(to, key, "strong"),
  ]);
  const plan = conversationChange(source, target, { since, now: to.now() });
  if (plan.change === "same") return plan;
  if (plan.change === "deleted") {
    await remove(to, user, id);
    return plan;
  }
  const header = headerItem.parse(source);
  if (plan.change === "new" && !(await makeHeader(to, user, id, header))) {
    return { ...plan, messages: 0, left: "another conversation has its id" };
  }
  await carryClearing(to, user, id, clearedThrough(header));
  await carryBeside(carrying, user, id, header);
  // First, so that a conversation that came back from the trash takes messages.
  const known = await align(carrying, user, id, header);
  const copied = await carryMessages(carrying, user, id, known);
  await align(carrying, user, id, header);
  return {
    change: plan.change,
    messages: copied.messages,
    ...(copied.isBroken && { left: "a message before it is missing" }),
  };
}

/** Messages that were cleared since are cleared in the other table too. */
async function carryClearing(to: TableAccess, user: string, id: string, through: number) {
  const found = headerItem.parse(await getItem(to, headerKey(user, id), "strong"));
  if (clearedThrough(found) >= through) return;
  const sequence = Math.max(found.sequence, through);
  const { Attributes } = await to.client.send(
    new UpdateCommand({
      TableName: to.tableName,
      Key: headerKey(user, id),
      ...updateExpression({
        set: {
          sequence,
          messageCount: sequence - through,
          ...(sequence === through && { lastMessage: null, documents: null }),
        },
        condition: "#sequence = :known",
        values: { ":known": found.sequence },
      }),
      ReturnValues: "ALL_NEW",
    }),
  );
  await removeCleared({ ...to, objects: undefined }, user, id, headerItem.parse(Attributes));
}

/** What the bucket holds is one for both tables, and went with the conversation. */
async function remove(to: TableAccess, user: string, id: string): Promise<void> {
  const table = { ...to, objects: undefined };
  try {
    await purge(table, user, id, undefined);
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === "not-found")) throw error;
    await purgeIfDue(table, user, id);
  }
}

async function makeHeader(to: TableAccess, user: string, id: string, header: Header) {
  const { title, createdAt, state, lastRead } = header;
  const [modelId, purgeAt] = [header.modelId ?? null, header.purgeAt ?? null];
  if (state === "deleting") return false;
  const draft = { id, title, modelId, createdAt, state, purgeAt, lastReadSequence: lastRead };
  try {
    await importConversation(to, user, draft);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return false;
    throw error;
  }
}

/** What follows the sequence that is known, as long as nothing is missing between. */
async function carryMessages({ from, to }: Carrying, user: string, id: string, known: number) {
  let [last, messages] = [known, 0];
  for (;;) {
    const page = { limit: messagesAtOnce, after: String(last), order: "asc" } as const;
    const { items: there, gone = [] } = await queryMessages(from, user, id, page, "strong");
    const items = [...there, ...gone].toSorted((one, other) => one.sequence - other.sequence);
    if (items.length === 0) return { messages, isBroken: false };
    const batch = firstBatch(items, last);
    if (batch.length === 0) return { messages, isBroken: true };
    const outcomes = await importMessages(to, user, id, batch);
    if (outcomes.includes("gap")) return { messages, isBroken: true };
    messages += outcomes.filter((outcome) => outcome === "created").length;
    last += batch.length;
  }
}

/** Without a hole, and small enough for one transaction. */
function firstBatch(
  items: readonly (Message | DeletedMessage)[],
  last: number,
): (Message | DeletedMessage)[] {
  const batch: (Message | DeletedMessage)[] = [];
  let bytes = 0;
  for (const message of items) {
    bytes += Buffer.byteLength(JSON.stringify(message));
    const isNext = message.sequence === last + batch.length + 1;
    if (!isNext || (batch.length > 0 && bytes > messageBytesAtOnce)) break;
    batch.push(message);
  }
  return batch;
}

/**
 * Before the header is aligned, by which a repeated call knows it as done: what stands beside header and messages, as it is: settings, metadata and tags, the pin, and of the messages that were
 * there already those that were edited or deleted. Their contents in the bucket are one for both tables.
 */
async function carryBeside(
  { from, to }: Carrying,
  user: string,
  id: string,
  header: Header,
): Promise<void> {
  const target = headerItem.parse(await getItem(to, headerKey(user, id), "strong"));
  if (header.detailsAt !== undefined) await copyItem(from, to, detailsKey(user, id));
  const pins = updatePins(to, user, id, header.pinned === true).Update;
  if (header.pinned === true || target.pinned === true) {
    // A pin beyond the most there may be is left out of the list.
    await isCarriedOut(to.client.send(new UpdateCommand(pins)));
  }
  if (header.editedVersion === undefined) return;
  for (const key of await keysOf(from, messagePartition(user, id), editPrefix, mostEdits)) {
    const edit = await getItem(from, key, "strong");
    for (const sequence of editedIn(edit).filter((one) => one <= target.sequence)) {
      await copyItem(from, to, messageKey(user, id, sequence));
    }
    await copyItem(from, to, key);
  }
}

/** Edits of one conversation that are carried: those of a month. */
const mostEdits = 1_000;

async function copyItem(from: TableAccess, to: TableAccess, key: Key): Promise<void> {
  const Item = await getItem(from, key, "strong");
  if (Item === undefined) return;
  await to.client.send(new PutCommand({ TableName: to.tableName, Item }));
}

/**
 * Gives the header what users changed since. Its version is one that no client has seen.
 * Answers the sequence of its newest message.
 */
async function align(
  { to, since }: Carrying,
  user: string,
  id: string,
  from: Header,
): Promise<number> {
  const found = headerItem.parse(await getItem(to, headerKey(user, id), "strong"));
  if (isAligned(from, found, since)) return found.sequence;
  const { title, modelId = null, state, purgeAt = null, lastMessage, documents } = from;
  const { pinned = null, detailsAt = null, autoTitle = null } = from;
  const { editedVersion = null, removed = null } = from;
  await to.client.send(
    new UpdateCommand({
      TableName: to.tableName,
      Key: headerKey(user, id),
      ...updateExpression({
        set: {
          title,
          modelId,
          state,
          purgeAt,
          pinned,
          detailsAt,
          autoTitle,
          lastRead: from.lastRead,
          updatedAt: orderOf(state, to.now().toISOString()),
          version: Math.max(from.version, found.version) + 1,
          ...(from.sequence === found.sequence && {
            lastMessage,
            documents,
            removed,
            editedVersion,
            isOverflowing: from.isOverflowing || found.isOverflowing,
          }),
        },
        condition: "#state <> :deleting AND #state <> :deleted",
        values: { ":deleting": "deleting", ":deleted": "deleted" },
      }),
    }),
  );
  return found.sequence;
}

/** A header that only a script can have changed, since the app notes the time, is left alone. */
function isAligned(from: Header, to: Header, since: Date): boolean {
  if (from.lastRead > to.lastRead) return false;
  if (new Date(from.updatedAt) < since) return true;
  const told = ({ title, modelId, state, purgeAt, lastRead, pinned, detailsAt }: Header) => ({
    ...{ title, modelId, state, purgeAt, lastRead, pinned, detailsAt },
  });
  const newest = ({ lastMessage, documents = [], editedVersion }: Header) => ({
    ...{ lastMessage, documents, editedVersion },
  });
  return (
    isDeepStrictEqual(told(from), told(to)) &&
    (from.sequence !== to.sequence || isDeepStrictEqual(newest(from), newest(to)))
  );
}

const isGone = ({ state }: NonNullable<Item>): boolean =>
  state === "deleting" || state === "deleted";
