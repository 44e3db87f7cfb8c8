import * as z from "zod";
import type { Appended, MessageDraft, Once } from "../conversation-store.ts";
import { StoreError } from "../store-error.ts";
import { LostRace, type Queue, untilWon } from "./contention.ts";
import type { HeaderMemory } from "./header-memory.ts";
import { firstResult, putRecord } from "./idempotency.ts";
import { type Header, messageAttributes, messageOf } from "./items.ts";
import { headerKey, lastSequence, messageKey, messagePartition } from "./keys.ts";
import { preview } from "./preview.ts";
import { activeHeader, getItem, type TableAccess } from "./table-access.ts";
import { transact } from "./transaction.ts";
import { namesIn, updateExpression } from "./update.ts";

/** What an idempotency record keeps of an append. */
const appendResult = z.object({ sequence: z.number(), timestamp: z.string() });

/**
 * Adds one message in one transaction: the header's sequence advances, the message takes that place,
 * and the idempotency record, if any, is new; or nothing happens at all.
 *
 * The message's key needs the next sequence before the transaction starts. The choices were:
 * - read the header, then write: always right, two round trips;
 * - number afterwards, or `ADD` first and put second: one trip each, but a crash leaves a gap;
 * - guess the sequence and let the condition on the header refuse a wrong guess, which answers
 *   with the header as it is: one trip when right, two when wrong, the refused one being charged.
 *
 * We guess only what this process itself wrote within seconds (see `HeaderMemory`), and read
 * otherwise. So the second message of a turn, and every further one in a row, takes one trip and
 * no read unit; the first takes two and one unit; under contention nothing is guessed.
 */
export async function append(
  table: TableAccess,
  memory: HeaderMemory,
  queue: Queue,
  user: string,
  id: string,
  draft: MessageDraft,
  once: Once | undefined,
): Promise<Appended> {
  const partition = messagePartition(user, id);
  return queue.run(partition, async () => {
    let guess = memory.recall(partition);
    return untilWon(async (round) => {
      const header = guess ?? activeHeader(await getItem(table, headerKey(user, id), "strong"));
      guess = undefined;
      const outcome = await tryAppend(table, user, id, header, draft, once);
      if ("appended" in outcome) {
        if (outcome.header !== undefined) memory.learn(partition, outcome.header);
        return outcome.appended;
      }
      // The refusal brought the header as it is: good for one more try at once. If that fails as
      // well, many are writing, and a header read just before the next try is the better guess.
      memory.doubt(partition);
      if (round === 0) guess = outcome.current;
      throw new LostRace();
    });
  });
}

type Outcome = { appended: Appended; header?: Header } | { current: Header };

async function tryAppend(
  table: TableAccess,
  user: string,
  id: string,
  header: Header,
  draft: MessageDraft,
  once: Once | undefined,
): Promise<Outcome> {
  const sequence = header.sequence + 1;
  if (sequence > lastSequence)
    throw new RangeError(`a conversation holds ${lastSequence} messages`);
  const timestamp = later(table.now().toISOString(), header.updatedAt);
  const message = messageOf(draft, sequence, timestamp);
  const advance = {
    sequence,
    updatedAt: timestamp,
    lastMessage: { role: draft.role, preview: preview(draft.content, header), timestamp },
  };
  const refusals = await transact(table, [
    {
      Update: {
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: advance,
          add: { version: 1, messageCount: 1 },
          condition: "#state = :active AND #sequence = :known",
          values: { ":active": "active", ":known": header.sequence },
        }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    {
      Put: {
        TableName: table.tableName,
        Item: { ...messageKey(user, id, sequence), ...messageAttributes(message) },
        ConditionExpression: "attribute_not_exists(#pk)",
        ExpressionAttributeNames: namesIn("#pk"),
      },
    },
    ...(once === undefined
      ? []
      : [putRecord(table, messagePartition(user, id), once, { sequence, timestamp })]),
  ]);
  if (refusals === undefined) {
    return { appended: { message, replayed: false }, header: { ...header, ...advance } };
  }

  const [headerRefusal, messageRefusal, recordRefusal] = refusals;
  const current = headerRefusal === undefined ? header : activeHeader(headerRefusal.item);
  if (recordRefusal?.item !== undefined && once !== undefined) {
    const first = appendResult.parse(firstResult(recordRefusal.item, once));
    return {
      appended: { message: messageOf(draft, first.sequence, first.timestamp), replayed: true },
    };
  }
  // The header holds the place that the message would take: it is never retried into.
  if (headerRefusal === undefined && messageRefusal !== undefined) {
    throw new Error("a message exists beyond its conversation's sequence");
  }
  if (headerRefusal === undefined) throw new StoreError("busy");
  return { current };
}

/** Clocks of two Lambdas differ: time must not run backwards within a conversation. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}
