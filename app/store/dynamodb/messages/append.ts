import * as z from "zod";
import { attached } from "../../attached.ts";
import { LostRace, type Queue, untilWon } from "../../contention.ts";
import type { Once, TurnReplacement } from "../../conversation-store.ts";
import { allows } from "../../guard.ts";
import { type Message, type MessageDraft, messageOf } from "../../message.ts";
import { preview, titleOf } from "../../preview.ts";
import { StoreError } from "../../store-error.ts";
import type { HeaderMemory } from "../conversations/header-memory.ts";
import { type Writing, writable, writableCondition } from "../table/guard.ts";
import { bytesWith, type Header } from "../table/header.ts";
import { findResult, firstResult, putRecord } from "../table/idempotency.ts";
import { headerKey, lastSequence, messageKey, messagePartition } from "../table/keys.ts";
import { orderOf } from "../table/order.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";
import { transact } from "../table/transaction.ts";
import { namesIn, updateExpression } from "../table/update.ts";
import { isOutside, isStowed, packContents, type Stowed, stow, stowedBefore } from "./content.ts";
import { noteEdit } from "./edit-records.ts";
import { nextTurn, type Turn, takePlace } from "./line.ts";
import { messageAttributes } from "./message-item.ts";

/** What an idempotency record keeps of an append. */
export const appendResult = z.object({
  /** Of the first message. */
  sequence: z.number(),
  timestamp: z.string(),
  /** Records of single messages leave it out. */
  count: z.number().default(1),
});
export type AppendResult = z.infer<typeof appendResult>;

/** Messages on their way to the end of a conversation, or to the place of its newest ones. */
export interface Arrival extends Writing {
  readonly user: string;
  readonly id: string;
  /** At least one. */
  readonly drafts: readonly MessageDraft[];
  readonly once?: Once | undefined;
  /** The newest messages that give way, and the sequence that must still be the newest. */
  readonly replaces?: Pick<TurnReplacement, "count" | "last" | "gone"> | undefined;
}

export type Written =
  | { readonly messages: readonly Message[] }
  /** An earlier request of the same key was there first. */
  | { readonly earlier: AppendResult };

/**
 * Writes messages in one transaction: the header's sequence advances, the messages take their
 * places, and the idempotency record, if any, is new; or nothing happens at all.
 *
 * A message's key needs the next sequence before the transaction starts. The choices were:
 * - read the header, then write: always right, two round trips;
 * - number afterwards, or `ADD` first and put second: one trip each, but a crash leaves a gap;
 * - guess the sequence and let the condition on the header refuse a wrong guess, which answers
 *   with the header as it is: one trip when right, two when wrong, the refused one being charged.
 *
 * We guess only what this process itself saw within seconds (see `HeaderMemory`), and read
 * otherwise. So the second message of a turn, and every further one in a row, takes one trip and
 * no read unit; the first takes two and one unit. Who loses a race lines up: see `takePlace`.
 */
export async function append(
  table: TableAccess,
  memory: HeaderMemory,
  queue: Queue,
  arrival: Arrival,
): Promise<Written> {
  const { user, id } = arrival;
  const partition = messagePartition(user, id);
  return queue.run(partition, async () => {
    const packed = packContents(arrival.drafts);
    // Large contents are stored before the transaction decides: then it must not be a mere guess.
    const isLarge = packed.some(isOutside);
    let guess = isLarge ? undefined : memory.recall(partition);
    let isMemory = guess !== undefined;
    let stowed: Stowed | undefined;
    let isWritten = false;
    let turn: Turn | undefined;
    // Documents are a list that each writer adds to: it must be the list as it is, not as it is expected.
    const isExpectable = !arrival.drafts.some(({ documents = [] }) => documents.length > 0);
    const lineUp = async (isFirst: boolean) => {
      turn = await takePlace(table, arrival, arrival.drafts.length, isFirst);
      return isExpectable ? turn.header : undefined;
    };
    const read = async () =>
      writable(await getItem(table, headerKey(user, id), "strong"), table.now(), arrival);
    try {
      return await untilWon(async () => {
        let header = guess ?? (await read());
        guess = undefined;
        if (stowed === undefined) {
          const earlier = isLarge ? await earlierResult(table, arrival) : undefined;
          if (earlier !== undefined) return { earlier };
          stowed = await stow(table, user, id, packed);
        }
        // Others stand in line already: one more try out of turn would disturb them.
        if (turn === undefined && (header.lined ?? 0) > 0) {
          header = (await lineUp(false)) ?? (await read());
        }
        const outcome = await tryAppend(table, arrival, header, stowed, turn?.places ?? 0);
        if (!("current" in outcome)) {
          isWritten = "header" in outcome;
          // Only of an active conversation is it a guess for the next append.
          if ("header" in outcome && outcome.header.state === "active") {
            memory.learn(partition, outcome.header);
          }
          return outcome;
        }
        memory.doubt(partition);
        if (isMemory) {
          // Another process wrote a while ago: the refusal brought the header as it is.
          isMemory = false;
          guess = outcome.current;
        } else if (turn === undefined) {
          guess = await lineUp(true);
        } else {
          turn = await nextTurn(turn, outcome.current);
          guess = isExpectable ? turn.header : undefined;
        }
        throw new LostRace({ isPaced: true });
      });
    } catch (error) {
      const isClosed = error instanceof StoreError && error.kind === "not-active";
      const earlier = isClosed ? await earlierResult(table, arrival) : undefined;
      if (earlier === undefined) throw error;
      return { earlier };
    } finally {
      // What cannot be taken back now has a note, by which the maintenance takes it back.
      if (!isWritten) await stowed?.drop().catch(() => {});
    }
  });
}

/** What an earlier request of the same key wrote, whatever became of the conversation since. */
async function earlierResult(
  table: TableAccess,
  { user, id, once }: Arrival,
): Promise<AppendResult | undefined> {
  if (once === undefined) return undefined;
  const found = await findResult(table, messagePartition(user, id), once);
  return found && appendResult.parse(found);
}

type Outcome =
  | { messages: readonly Message[]; header: Header }
  | { earlier: AppendResult }
  | { current: Header };

async function tryAppend(
  table: TableAccess,
  arrival: Arrival,
  header: Header,
  { contents, writes }: Stowed,
  places: number,
): Promise<Outcome> {
  const { user, id, drafts, once, replaces, guard } = arrival;
  const replaced = replaces?.count ?? 0;
  const known = replaces?.last ?? header.sequence;
  const first = known - replaced + 1;
  const sequence = first + drafts.length - 1;
  if (sequence > lastSequence) throw new StoreError("full");
  const timestamp = latest(
    table.now().toISOString(),
    header.updatedAt,
    header.lastMessage?.timestamp ?? "",
  );
  const messages = drafts.map((draft, index) => messageOf(draft, first + index, timestamp));
  const newest = messages.at(-1);
  if (newest === undefined || sequence < known)
    throw new RangeError("a conversation's sequence never shrinks");
  const named = header.autoTitle === "wanted" ? titleOf(drafts) : undefined;
  const title = named ?? header.title;
  const gone = replaces?.gone ?? [];
  const removed = (header.removed ?? 0) + gone.length || undefined;
  const isAttaching = drafts.some(({ documents = [] }) => documents.length > 0);
  const advance = {
    sequence,
    isOverflowing: header.isOverflowing || contents.some(isStowed) || undefined,
    documents: isAttaching ? [...attached(header.documents ?? [], drafts)] : undefined,
    ...(named !== undefined && { title, autoTitle: "text" as const }),
    updatedAt: timestamp,
    // Who writes has read what stands above, and waits for the answer: it costs nothing to note.
    lastRead: drafts.some(({ role }) => role === "user") ? sequence : undefined,
    lastMessage: {
      role: newest.role,
      preview: preview(newest.content, { ...header, title }),
      timestamp,
      removed,
      bytes: bytesWith(header, drafts),
    },
    ...(gone.length > 0 && { removed, editedVersion: header.version + 1 }),
  };
  const { condition, values } = writableCondition(table.now(), arrival);
  const { state } = header;
  const [from, to] = gone.length > 0 ? [Math.min(...gone), Math.max(...gone)] : [first, known];
  const before =
    replaced + gone.length > 0 && header.isOverflowing
      ? await stowedBefore(table, user, id, from, to)
      : undefined;
  const refusals = await transact(table, [
    {
      Update: {
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: { ...advance, updatedAt: orderOf(state, timestamp) },
          add: {
            version: 1,
            messageCount: drafts.length - replaced,
            ...(places > 0 && { lined: -places }),
          },
          condition: [
            `${condition} AND #state = :state AND #sequence = :known AND #messageCount >= :replaced`,
            // A header that is foretold may be of before another process's clock, which is ahead.
            ...(state === "active" ? ["#updatedAt <= :set_updatedAt"] : []),
            // A person may have named it since.
            ...(named === undefined ? [] : ["#autoTitle = :wanted"]),
            header.removed === undefined ? "attribute_not_exists(#removed)" : "#removed = :removed",
            ...(gone.length > 0 ? ["#version = :version"] : []),
          ].join(" AND "),
          values: {
            ...values,
            ":state": state,
            ":known": known,
            ":replaced": replaced,
            ...(named !== undefined && { ":wanted": "wanted" }),
            ...(header.removed !== undefined && { ":removed": header.removed }),
            ...(gone.length > 0 && { ":version": header.version }),
          },
        }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    ...messages.map((message, index) => ({
      Put: {
        TableName: table.tableName,
        Item: {
          ...messageKey(user, id, message.sequence),
          ...messageAttributes(message),
          ...contents[index],
        },
        ...(message.sequence > known ? mustBeNew : mustBeThere),
      },
    })),
    ...(once === undefined
      ? []
      : [putRecord(table, messagePartition(user, id), once, resultOf(messages))]),
    ...writes,
    ...gone.map((sequence) => ({
      Put: {
        TableName: table.tableName,
        Item: { ...messageKey(user, id, sequence), timestamp, deletedAt: timestamp },
        ...mustBeThere,
      },
    })),
    ...(gone.length > 0 ? [noteEdit(table, user, id, header.version + 1, gone)] : []),
    ...(before === undefined ? [] : [before.write]),
  ]);
  if (refusals === undefined) {
    await before?.drop().catch(() => {});
    const { lastRead = header.lastRead } = advance;
    const { documents = header.documents } = advance;
    return { messages, header: { ...header, ...advance, documents, lastRead, lined: undefined } };
  }

  const headerRefusal = refusals[0];
  const current =
    headerRefusal === undefined ? header : writable(headerRefusal.item, table.now(), arrival);
  const record = once === undefined ? undefined : refusals[messages.length + 1]?.item;
  if (record !== undefined && once !== undefined) {
    return { earlier: appendResult.parse(firstResult(record, once)) };
  }
  // What gives way was deleted meanwhile.
  if (headerRefusal === undefined && replaces !== undefined) throw new StoreError("stale");
  // The header holds the places that the messages would take: they are never retried into.
  if (headerRefusal === undefined && refusals.slice(1, messages.length + 1).some(Boolean)) {
    throw new Error("a message exists beyond its conversation's sequence");
  }
  if (headerRefusal === undefined) throw new StoreError("busy");
  // Others wrote since, or it was cleared.
  const isAsKnown = current.sequence === known && current.messageCount >= replaced;
  if (replaces !== undefined && !isAsKnown) throw new StoreError("stale");
  if (!allows(guard, current.version)) throw new StoreError("stale");
  return { current };
}

/** Not deleted meanwhile. */
const mustBeThere = {
  ConditionExpression: "attribute_exists(#role)",
  ExpressionAttributeNames: namesIn("#role"),
};

const mustBeNew = {
  ConditionExpression: "attribute_not_exists(#pk)",
  ExpressionAttributeNames: namesIn("#pk"),
};

function resultOf(messages: readonly Message[]): Record<string, string | number> {
  const [first] = messages;
  if (first === undefined) throw new RangeError("nothing to append");
  const { sequence, timestamp } = first;
  return messages.length === 1
    ? { sequence, timestamp }
    : { sequence, timestamp, count: messages.length };
}

/** Clocks of two Lambdas differ: time must not run backwards within a conversation. */
function latest(...times: string[]): string {
  return times.reduce((one, other) => (one > other ? one : other));
}
