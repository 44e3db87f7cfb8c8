import { setTimeout as sleep } from "node:timers/promises";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { creationIndex, recencyIndex } from "../../table.ts";
import type { Guard } from "../conversation-store.ts";
import { StoreError } from "../store-error.ts";
import { jitter, untilWon } from "./contention.ts";
import { guardCondition, refusedBy } from "./guard.ts";
import { type Header, headerItem } from "./items.ts";
import { headerKey, messageKey } from "./keys.ts";
import { epochSeconds, recordLifeSeconds, type TableAccess } from "./table-access.ts";
import { namesIn, updateExpression } from "./update.ts";

/** DynamoDB's limit for one BatchWriteItem. */
const batchSize = 25;
/** Messages between two checkpoints; deleting again what is gone costs as much as the first time. */
const strideSize = 10 * batchSize;
const batchTries = 8;

/**
 * Deletes a conversation in steps, each of which may be the last before a crash:
 * 1. mark the header: readers, writers and both indexes miss the conversation from here on;
 * 2. delete the messages by computed keys, noting on the header how far we came;
 * 3. put a tombstone in the header's place.
 * Whoever deletes again goes on where the checkpoint says.
 *
 * The tombstone keeps the id taken for 24 h. Without it, a second deletion still under way could
 * remove the messages of a new conversation of that id, and an idempotency record of the old one
 * could answer for the new one. The records hold no content; they expire before the tombstone.
 */
export async function purge(
  table: TableAccess,
  user: string,
  id: string,
  guard: Guard | undefined,
): Promise<void> {
  const header = await untilWon(() => markDeleting(table, user, id, guard));
  for (let done = header.purgedThrough ?? 0; done < header.sequence; ) {
    const through = Math.min(done + strideSize, header.sequence);
    await deleteMessages(table, user, id, done + 1, through);
    done = through;
    if (done < header.sequence) await checkpoint(table, user, id, done);
  }
  await bury(table, user, id);
}

async function markDeleting(
  table: TableAccess,
  user: string,
  id: string,
  guard: Guard | undefined,
): Promise<Header> {
  const guarded = guardCondition(guard);
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: {
            state: "deleting",
            [recencyIndex.partitionKey]: null,
            [creationIndex.partitionKey]: null,
          },
          // A deletion that was begun is finished, whatever version it was begun at.
          condition: `#state = :deleting OR (${guarded.condition})`,
          values: { ...guarded.values, ":deleting": "deleting" },
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return headerItem.parse(Attributes);
  } catch (error) {
    throw refusedBy(error);
  }
}

async function deleteMessages(
  table: TableAccess,
  user: string,
  id: string,
  first: number,
  last: number,
): Promise<void> {
  const batches: Promise<void>[] = [];
  for (let from = first; from <= last; from += batchSize) {
    const length = Math.min(batchSize, last - from + 1);
    const keys = Array.from({ length }, (_, index) => messageKey(user, id, from + index));
    batches.push(
      deleteBatch(
        table,
        keys.map((Key) => ({ DeleteRequest: { Key } })),
      ),
    );
  }
  await Promise.all(batches);
}

type Requests = NonNullable<BatchWriteCommandInput["RequestItems"]>[string];

/** A batch is no transaction: what the service did not get to comes back and is sent again. */
async function deleteBatch(table: TableAccess, requests: Requests): Promise<void> {
  let rest = requests;
  for (let round = 0; round < batchTries; round++) {
    if (round > 0) await sleep(jitter(round));
    const { UnprocessedItems } = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.tableName]: rest } }),
    );
    rest = UnprocessedItems?.[table.tableName] ?? [];
    if (rest.length === 0) return;
  }
  throw new StoreError("busy");
}

async function checkpoint(
  table: TableAccess,
  user: string,
  id: string,
  purgedThrough: number,
): Promise<void> {
  await ifStillDeleting(
    table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: { purgedThrough },
          condition: "#state = :deleting",
          values: { ":deleting": "deleting" },
        }),
      }),
    ),
  );
}

async function bury(table: TableAccess, user: string, id: string): Promise<void> {
  await ifStillDeleting(
    table.client.send(
      new PutCommand({
        TableName: table.tableName,
        Item: {
          ...headerKey(user, id),
          state: "deleted",
          expiresAt: epochSeconds(table.now()) + recordLifeSeconds,
        },
        ConditionExpression: "#state = :deleting",
        ExpressionAttributeNames: namesIn("#state"),
        ExpressionAttributeValues: { ":deleting": "deleting" },
      }),
    ),
  );
}

/** Another deletion of the same conversation may have finished meanwhile: then so have we. */
async function ifStillDeleting(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
