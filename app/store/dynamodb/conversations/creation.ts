import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { untilWon } from "../../contention.ts";
import type { Conversation, ConversationDraft, Created, Once } from "../../conversation-store.ts";
import { epochSeconds } from "../../expiry.ts";
import { StoreError } from "../../store-error.ts";
import { toConversation } from "../table/header.ts";
import { firstResult, putRecord } from "../table/idempotency.ts";
import { creationKeys, headerKey, recencyKeys, userPartition } from "../table/keys.ts";
import { ownWrite } from "../table/own-write.ts";
import type { TableAccess } from "../table/table-access.ts";
import { transact } from "../table/transaction.ts";
import { namesIn } from "../table/update.ts";

/** What an idempotency record keeps of a creation. */
const creationResult = z.object({ id: z.string(), createdAt: z.string() });

export async function create(
  table: TableAccess,
  user: string,
  draft: ConversationDraft,
  once: Once | undefined,
): Promise<Created> {
  const createdAt = table.now().toISOString();
  const header = newHeader(user, draft, createdAt);
  const created = { conversation: toConversation(header), replayed: false };
  if (once === undefined) {
    await putNewHeader(table, header);
    return created;
  }
  return untilWon(async () => {
    const refusals = await transact(table, [
      { Put: newHeaderPut(table, header) },
      putRecord(table, userPartition(user), once, { id: draft.id, createdAt }),
    ]);
    if (refusals === undefined) return created;
    const record = refusals[1]?.item;
    if (record === undefined) throw new StoreError("id-taken");
    const first = creationResult.parse(firstResult(record, once));
    return { conversation: firstAnswer(user, draft, first), replayed: true };
  });
}

/** `id-taken` when there is one of that id, or was until a day ago. */
export async function putNewHeader(
  table: TableAccess,
  header: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    await table.client.send(
      new PutCommand({
        ...newHeaderPut(table, header),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
  } catch (error) {
    if (ownWrite(error, header) !== undefined) return;
    throw error instanceof ConditionalCheckFailedException ? new StoreError("id-taken") : error;
  }
}

export function newHeader(user: string, draft: ConversationDraft, createdAt: string) {
  return {
    ...headerKey(user, draft.id),
    ...recencyKeys(user, createdAt),
    ...creationKeys(draft.id, createdAt),
    title: draft.title,
    modelId: draft.modelId ?? undefined,
    state: "active",
    messageCount: 0,
    sequence: 0,
    lastRead: 0,
    version: 1,
  };
}

function newHeaderPut(table: TableAccess, header: Readonly<Record<string, unknown>>) {
  const ConditionExpression =
    "attribute_not_exists(#pk) OR (#state = :deleted AND #takenUntil <= :now)";
  return {
    TableName: table.tableName,
    Item: { ...header },
    ConditionExpression,
    ExpressionAttributeNames: namesIn(ConditionExpression),
    ExpressionAttributeValues: { ":deleted": "deleted", ":now": epochSeconds(table.now()) },
  };
}

function firstAnswer(
  user: string,
  draft: ConversationDraft,
  { id, createdAt }: z.infer<typeof creationResult>,
): Conversation {
  return toConversation(newHeader(user, { ...draft, id }, createdAt));
}
