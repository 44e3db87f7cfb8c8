import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { newIdentifier } from "../../../http/identifiers.ts";
import { creationIndex } from "../../../resources/table.ts";
import { type Erasure, type ErasureStore, settlingMinutes } from "../../erasure-store.ts";
import { epochSeconds } from "../../expiry.ts";
import { StoreError } from "../../store-error.ts";
import {
  erasingPartition,
  erasureKey,
  erasureUserOf,
  headerPrefix,
  keyItem,
  userPartition,
} from "../table/keys.ts";
import { query, whole } from "../table/query.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";
import { namesIn, updateExpression } from "../table/update.ts";
import { deleteKeys, keysOf } from "./items.ts";

const keptSeconds = 90 * 24 * 60 * 60;

const receipt = z.object({
  id: z.string(),
  requestedAt: z.string(),
  completedAt: z.string().optional(),
  writableAt: z.string().optional(),
  expiresAt: z.number(),
  [creationIndex.partitionKey]: z.string().optional(),
});

export class DynamoDBErasureStore implements ErasureStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async begin(user: string): Promise<Erasure> {
    const requestedAt = this.#table.now().toISOString();
    const item = {
      ...erasureKey(user),
      id: newIdentifier(),
      requestedAt,
      expiresAt: epochSeconds(this.#table.now()) + keptSeconds,
      // Until it is settled, an index leads to it: nobody's erasure is forgotten.
      [creationIndex.partitionKey]: erasingPartition,
      [creationIndex.sortKey]: requestedAt,
    };
    const ConditionExpression = "attribute_not_exists(#pk) OR attribute_exists(#completedAt)";
    try {
      await this.#table.client.send(
        new PutCommand({
          TableName: this.#table.tableName,
          Item: item,
          ConditionExpression,
          ExpressionAttributeNames: namesIn(ConditionExpression),
        }),
      );
      return toErasure(item);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const current = await this.last(user);
      if (current === undefined) throw new StoreError("busy");
      return current;
    }
  }

  async last(user: string): Promise<Erasure | undefined> {
    const item = await getItem(this.#table, erasureKey(user), "strong");
    if (item === undefined) return undefined;
    const { expiresAt } = receipt.parse(item);
    return expiresAt <= epochSeconds(this.#table.now()) ? undefined : toErasure(item);
  }

  async eraseRest(user: string, until: Date): Promise<boolean> {
    for (;;) {
      const keys = await keysOf(this.#table, userPartition(user), "", 250);
      if (keys.length === 0) return true;
      // A header leads to its messages: only who erases those may delete it.
      const rest = keys.filter(({ sk }) => !sk.startsWith(headerPrefix));
      if (rest.length === 0 || this.#table.now() >= until) return false;
      await deleteKeys(this.#table, rest);
    }
  }

  complete(user: string, id: string): Promise<Erasure> {
    const now = this.#table.now();
    const writable = new Date(now.getTime() + settlingMinutes * 60 * 1000);
    return this.#note(user, id, {
      completedAt: now.toISOString(),
      writableAt: writable.toISOString(),
    });
  }

  settle(user: string, id: string): Promise<Erasure> {
    return this.#note(user, id, { [creationIndex.partitionKey]: null });
  }

  async #note(
    user: string,
    id: string,
    set: Readonly<Record<string, string | null>>,
  ): Promise<Erasure> {
    const { Attributes } = await this.#table.client.send(
      new UpdateCommand({
        TableName: this.#table.tableName,
        Key: erasureKey(user),
        ...updateExpression({
          set,
          condition: "#id = :id",
          values: { ":id": id },
        }),
        ReturnValues: "ALL_NEW",
      }),
    );
    return toErasure(Attributes);
  }

  async pending(limit: number): Promise<readonly string[]> {
    const erasing = { ...whole(erasingPartition, creationIndex), limit };
    const { items } = await query(this.#table, erasing);
    return items.map((item) => erasureUserOf(keyItem.parse(item)));
  }
}

function toErasure(item: unknown): Erasure {
  const { completedAt = null, writableAt = null, ...parsed } = receipt.parse(item);
  const { id, requestedAt, [creationIndex.partitionKey]: indexed } = parsed;
  const isSettled = completedAt !== null && indexed === undefined;
  return { id, requestedAt, completedAt, writableAt, isSettled };
}
