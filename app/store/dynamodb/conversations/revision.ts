import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import {
  type Conversation,
  type ConversationChanges,
  type Guard,
  trashDays,
} from "../../conversation-store.ts";
import { liveCondition, refusedBy } from "../table/guard.ts";
import { toConversation } from "../table/header.ts";
import { headerKey } from "../table/keys.ts";
import { ownWrite } from "../table/own-write.ts";
import { liveHeader, type TableAccess } from "../table/table-access.ts";
import { updateExpression } from "../table/update.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Changes fields of the header, the state among them. The entry of the index moves to its end, for
 * one unit more than a change in place: there a sync finds it.
 */
export async function revise(
  table: TableAccess,
  user: string,
  id: string,
  changes: ConversationChanges,
  guard: Guard | undefined,
): Promise<Conversation> {
  const now = table.now();
  const set = { ...changes, ...purgeOf(changes, now), updatedAt: now.toISOString() };
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({ set, add: { version: 1 }, ...liveCondition(now, guard) }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return toConversation(Attributes);
  } catch (error) {
    const written = ownWrite(error, set);
    if (written !== undefined) return toConversation(written);
    throw refusedBy(error, now);
  }
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
