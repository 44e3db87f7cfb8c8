import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { LostRace, untilWon } from "../../contention.ts";
import {
  type Conversation,
  type ConversationChanges,
  type ConversationState,
  conversationStates,
  trashDays,
} from "../../conversation-store.ts";
import type { Guard } from "../../guard.ts";
import { liveCondition, refusedBy } from "../table/guard.ts";
import { toConversation } from "../table/header.ts";
import { headerKey } from "../table/keys.ts";
import { orderOf } from "../table/order.ts";
import { ownWrite } from "../table/own-write.ts";
import { liveHeader, type TableAccess } from "../table/table-access.ts";
import { updateExpression } from "../table/update.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Changes fields of the header, the state among them. The entry of the index moves to where what changed last
 * stands in its state, for one unit more than a change in place: there a sync finds it. A change
 * that names no state is taken to be of an active conversation; the refusal tells which state it is.
 */
export async function revise(
  table: TableAccess,
  user: string,
  id: string,
  changes: ConversationChanges,
  guard: Guard | undefined,
): Promise<Conversation> {
  let state: ConversationState = changes.state ?? "active";
  return untilWon(async () => {
    const now = table.now();
    const updatedAt = orderOf(state, now.toISOString());
    const set = { ...changes, ...purgeOf(changes, now), updatedAt };
    const { condition, values } = liveCondition(now, guard);
    const asKnown = {
      condition: `${condition} AND #state = :known`,
      values: { ...values, ":known": state },
    };
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.tableName,
          Key: headerKey(user, id),
          ...updateExpression({
            set,
            add: { version: 1 },
            ...(changes.state === undefined ? asKnown : { condition, values }),
          }),
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return toConversation(Attributes);
    } catch (error) {
      const written = ownWrite(error, set);
      if (written !== undefined) return toConversation(written);
      const found = stateOf(error);
      if (changes.state !== undefined || found === undefined || found === state) {
        throw refusedBy(error, now);
      }
      state = found;
      throw new LostRace();
    }
  });
}

/** The state that a refused write found. */
function stateOf(error: unknown): ConversationState | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) return undefined;
  return conversationStates.find((state) => state === error.Item?.state?.S);
}

function purgeOf({ state }: ConversationChanges, now: Date): { purgeAt?: string | null } {
  if (state === undefined) return {};
  const purgeAt = new Date(now.getTime() + trashDays * dayMs).toISOString();
  return { purgeAt: state === "trashed" ? purgeAt : null };
}

/** One write unit, since no index holds the mark. A mark that says nothing new writes nothing. */
export async function markRead(
  table: TableAccess,
  user: string,
  id: string,
  sequence: number,
): Promise<Conversation> {
  const now = table.now();
  const live = liveCondition(now);
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: { lastRead: sequence },
          condition: `${live.condition} AND #lastRead < :through AND #sequence >= :through`,
          values: { ...live.values, ":through": sequence },
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return toConversation(Attributes);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const item = error.Item === undefined ? undefined : unmarshall(error.Item);
    const header = liveHeader(item, now);
    if (header.lastRead >= Math.min(sequence, header.sequence)) return toConversation(header);
    // Beyond the end: the end is meant, which the refusal has told.
    return markRead(table, user, id, header.sequence);
  }
}
