import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { untilWon } from "../../contention.ts";
import {
  type Conversation,
  type ConversationDetails,
  type ConversationDraft,
  type Created,
  noDetails,
  type Once,
} from "../../conversation-store.ts";
import { epochSeconds } from "../../expiry.ts";
import { StoreError } from "../../store-error.ts";
import { toConversation } from "../table/header.ts";
import { firstResult, putRecord } from "../table/idempotency.ts";
import { creationKeys, headerKey, recencyKeys, userPartition } from "../table/keys.ts";
import { ownWrite } from "../table/own-write.ts";
import type { TableAccess } from "../table/table-access.ts";
import { type TransactItems, transact } from "../table/transaction.ts";
import { namesIn } from "../table/update.ts";
import { type DetailChanges, detailAttributes, updateDetails } from "./details.ts";
import { updatePins } from "./pins.ts";

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
  const created = { conversation: asCreated(header, draft), replayed: false };
  const beside = besideHeader(table, user, draft);
  if (once === undefined) {
    await putNewHeader(table, header, beside);
    return created;
  }
  return untilWon(async () => {
    const refusals = await transact(table, [
      { Put: newHeaderPut(table, header) },
      putRecord(table, userPartition(user), once, { id: draft.id, createdAt }),
      ...beside,
    ]);
    if (refusals === undefined) return created;
    const record = refusals[1]?.item;
    if (record === undefined) {
      throw new StoreError(refusals[0] === undefined ? "too-many-pins" : "id-taken");
    }
    const first = creationResult.parse(firstResult(record, once));
    return { conversation: firstAnswer(user, draft, first), replayed: true };
  });
}

/** `id-taken` when there is one of that id, or was until a day ago. */
export async function putNewHeader(
  table: TableAccess,
  header: Readonly<Record<string, unknown>>,
  beside: TransactItems = [],
): Promise<void> {
  if (beside.length > 0) {
    return untilWon(async () => {
      const refusals = await transact(table, [{ Put: newHeaderPut(table, header) }, ...beside]);
      if (refusals === undefined) return;
      throw new StoreError(refusals[0] === undefined ? "too-many-pins" : "id-taken");
    });
  }
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
    ...(draft.pinned === true && { pinned: true }),
    ...(hasDetails(draft) && { detailsAt: createdAt }),
    ...(draft.isUntitled === true && { autoTitle: "wanted" }),
    messageCount: 0,
    sequence: 0,
    lastRead: 0,
    version: 1,
    ...clearedBefore(draft.firstSequence),
  };
}

/** Of a conversation whose first messages were cleared where it comes from. */
function clearedBefore(firstSequence = 1) {
  const sequence = firstSequence - 1;
  return sequence === 0 ? {} : { sequence, purgedThrough: sequence, lastRead: sequence };
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
  return asCreated(newHeader(user, { ...draft, id }, createdAt), draft);
}

/** What is written with the header of a conversation that has more than one. */
export function besideHeader(
  table: TableAccess,
  user: string,
  draft: Pick<ConversationDraft, "id" | "pinned" | keyof ConversationDetails>,
): TransactItems {
  return [
    ...(hasDetails(draft) ? [updateDetails(table, user, draft.id, draft)] : []),
    ...(draft.pinned === true ? [updatePins(table, user, draft.id, true)] : []),
  ];
}

export function hasDetails(draft: DetailChanges): boolean {
  return Object.values(detailAttributes(draft)).some((value) => (value ?? null) !== null);
}

function asCreated(
  header: Readonly<Record<string, unknown>>,
  { settings, metadata = {}, tags = [] }: ConversationDraft,
): Conversation {
  return {
    ...toConversation(header),
    settings: { ...noDetails.settings, ...settings },
    metadata,
    tags,
  };
}
