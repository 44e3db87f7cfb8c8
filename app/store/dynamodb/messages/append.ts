import * as z from "zod";
import { attached } from "../../attached.ts";
import { LostRace, type Queue, untilWon } from "../../contention.ts";
import type { Once } from "../../conversation-store.ts";
import { allows, type Guard } from "../../guard.ts";
import { type Message, type MessageDraft, messageOf } from "../../message.ts";
import { preview } from "../../preview.ts";
import { StoreError } from "../../store-error.ts";
import type { HeaderMemory } from "../conversations/header-memory.ts";
import { guardCondition } from "../table/guard.ts";
import type { Header } from "../table/header.ts";
import { firstResult, putRecord } from "../table/idempotency.ts";
import { headerKey, lastSequence, messageKey, messagePartition } from "../table/keys.ts";
import { activeHeader, getItem, type TableAccess } from "../table/table-access.ts";
import { transact } from "../table/transaction.ts";
import { namesIn, updateExpression } from "../table/update.ts";
import { type StoredContent, storeContents } from "./content.ts";
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
export interface Arrival {
  readonly user: string;
  readonly id: string;
  /** At least one. */
  readonly drafts: readonly MessageDraft[];
  readonly once?: Once | undefined;
  /** The newest messages that give way, and the sequence that must still be the newest. */
  readonly replaces?: { readonly count: number; readonly last: number } | undefined;
  readonly guard?: Guard | undefined;
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
    let guess = memory.recall(partition);
    const texts = arrival.drafts.map(({ content }) => content);
    const contents = await storeContents(table, user, id, texts);
    let isMemory = guess !== undefined;
    let turn: Turn | undefined;
    // Documents are a list that each writer adds to: it must be the list as it is, not as it is expected.
    const isExpectable = !arrival.drafts.some(({ documents = [] }) => documents.length > 0);
    const lineUp = async (isFirst: boolean) => {
      turn = await takePlace(table, user, id, arrival.drafts.length, isFirst);
      return isExpectable ? turn.header : undefined;
    };
    return untilWon(async () => {
      const read = async () =>
        activeHeader(await getItem(table, headerKey(user, id), "strong"), table.now());
      let header = guess ?? (await read());
      guess = undefined;
      // Others stand in line already: one more try out of turn would disturb them.
      if (turn === undefined && (header.lined ?? 0) > 0) {
        header = (await lineUp(false)) ?? (await read());
      }
      const outcome = await tryAppend(table, arrival, header, contents, turn?.places ?? 0);
      if (!("current" in outcome)) {
        if ("header" in outcome) memory.learn(partition, outcome.header);
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
  });
}

type Outcome =
  | { messages: readonly Message[]; header: Header }
  | { earlier: AppendResult }
  | { current: Header };

async function tryAppend(
  table: TableAccess,
  arrival: Arrival,
  header: Header,
  contents: readonly StoredContent[],
  places: number,
): Promise<Outcome> {
  const { user, id, drafts, once, replaces, guard } = arrival;
  const replaced = replaces?.count ?? 0;
  const known = replaces?.last ?? header.sequence;
  const first = known - replaced + 1;
  const sequence = first + drafts.length - 1;
  if (sequence > lastSequence)
    throw new RangeError(`a conversation holds ${lastSequence} messages`);
  const timestamp = latest(
    table.now().toISOString(),
    header.updatedAt,
    header.lastMessage?.timestamp ?? "",
  );
  const messages = drafts.map((draft, index) => messageOf(draft, first + index, timestamp));
  const newest = messages.at(-1);
  if (newest === undefined || sequence < known)
    throw new RangeError("a conversation's sequence never shrinks");
  const isAttaching = drafts.some(({ documents = [] }) => documents.length > 0);
  const advance = {
    sequence,
    isOverflowing: header.isOverflowing || contents.some(({ object }) => object) || undefined,
    documents: isAttaching ? [...attached(header.documents ?? [], drafts)] : undefined,
    updatedAt: timestamp,
    // Who writes has read what stands above, and waits for the answer: it costs nothing to note.
    lastRead: drafts.some(({ role }) => role === "user") ? sequence : undefined,
    lastMessage: { role: newest.role, preview: preview(newest.content, header), timestamp },
  };
  const { condition, values } = guardCondition(guard);
  const refusals = await transact(table, [
    {
      Update: {
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: advance,
          add: {
            version: 1,
            messageCount: drafts.length - replaced,
            ...(places > 0 && { lined: -places }),
          },
          // A header that is foretold may be of before another process's clock, which is ahead.
          condition: `${condition} AND #sequence = :known AND #updatedAt <= :set_updatedAt`,
          values: { ...values, ":known": known },
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
        ...(message.sequence > known && mustBeNew),
      },
    })),
    ...(once === undefined
      ? []
      : [putRecord(table, messagePartition(user, id), once, resultOf(messages))]),
  ]);
  if (refusals === undefined) {
    const { lastRead = header.lastRead } = advance;
    const { documents = header.documents } = advance;
    return { messages, header: { ...header, ...advance, documents, lastRead, lined: undefined } };
  }

  const headerRefusal = refusals[0];
  const current =
    headerRefusal === undefined ? header : activeHeader(headerRefusal.item, table.now());
  const record = once === undefined ? undefined : refusals[messages.length + 1]?.item;
  if (record !== undefined && once !== undefined) {
    return { earlier: appendResult.parse(firstResult(record, once)) };
  }
  // The header holds the places that the messages would take: they are never retried into.
  if (headerRefusal === undefined && refusals.slice(1, messages.length + 1).some(Boolean)) {
    throw new Error("a message exists beyond its conversation's sequence");
  }
  if (headerRefusal === undefined) throw new StoreError("busy");
  if (replaces !== undefined && current.sequence !== known) throw new StoreError("stale");
  if (!allows(guard, current.version)) throw new StoreError("stale");
  return { current };
}

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
