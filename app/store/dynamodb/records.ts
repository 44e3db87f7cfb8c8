import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Page, PageRequest } from "../conversation-store.ts";
import { epochSeconds, isoOfSeconds } from "../expiry.ts";
import { allows, type Guard } from "../guard.ts";
import type {
  OneTimeToken,
  RecordDraft,
  RecordKind,
  RecordStore,
  StoredRecord,
} from "../record-store.ts";
import { StoreError } from "../store-error.ts";
import { identifierPosition, readPosition } from "../versions/position.ts";
import { markerOf, readOr } from "../versions/unreadable.ts";
import { versionCondition } from "./table/guard.ts";
import { type Key, keyItem, recordKey, recordPrefix, userPartition } from "./table/keys.ts";
import { ownWrite } from "./table/own-write.ts";
import { beginsWith, query } from "./table/query.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { namesIn } from "./table/update.ts";
import { issueToken, redeemToken } from "./tokens.ts";

/** Values are kept as JSON text: it comes back as it was sent, and nests as deep as JSON does. */
const recordItem = z.object({
  sk: z.string(),
  value: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  expiresAt: z.number().optional(),
  version: z.number(),
});

const isAlive = "(attribute_not_exists(#expiresAt) OR #expiresAt > :now)";

export class DynamoDBRecordStore implements RecordStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async get(user: string, kind: RecordKind, name: string): Promise<StoredRecord | undefined> {
    const item = await getItem(this.#table, recordKey(user, kind, name), "strong");
    if (item === undefined) return undefined;
    const record = recordItem.parse(item);
    return record.expiresAt !== undefined && record.expiresAt <= this.#now()
      ? undefined
      : toRecord(kind, record);
  }

  async list(
    user: string,
    kind: RecordKind,
    { limit, after }: PageRequest,
  ): Promise<Page<StoredRecord>> {
    const ofKind = beginsWith(userPartition(user), recordPrefix(kind));
    const { items: found, last } = await query(this.#table, {
      ...ofKind,
      filter: isAlive,
      values: { ...ofKind.values, ":now": this.#now() },
      limit,
      after:
        after === undefined
          ? undefined
          : recordKey(user, kind, readPosition(identifierPosition, after)),
    });
    const unreadable: string[] = [];
    const items = found.flatMap((item) => {
      const id = nameOf(kind, keyItem.parse(item));
      const read = () => toRecord(kind, recordItem.parse(item));
      const record = readOr(read, { kind, id }, this.#table.report);
      if (record === undefined) unreadable.push(id);
      return record ?? [];
    });
    const next = last && nameOf(kind, keyItem.parse(last));
    return { items, ...markerOf(unreadable), ...(next !== undefined && { next }) };
  }

  async put(
    user: string,
    kind: RecordKind,
    name: string,
    draft: RecordDraft,
    guard?: Guard,
  ): Promise<StoredRecord> {
    return (
      (await this.#update(user, kind, name, draft, guard)) ??
      (await this.#create(user, kind, name, draft, guard))
    );
  }

  async remove(user: string, kind: RecordKind, name: string, guard?: Guard): Promise<void> {
    try {
      await this.#table.client.send(
        new DeleteCommand({
          TableName: this.#table.tableName,
          Key: recordKey(user, kind, name),
          ...this.#whileAlive(guard),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new StoreError(this.#isThere(error) ? "stale" : "not-found");
    }
  }

  issue(user: string, hash: string, token: OneTimeToken, lifeSeconds: number): Promise<string> {
    return issueToken(this.#table, user, hash, token, lifeSeconds);
  }

  redeem(user: string, hash: string, purpose: string): Promise<unknown> {
    return redeemToken(this.#table, user, hash, purpose);
  }

  /** Undefined when there is none that is alive. */
  async #update(
    user: string,
    kind: RecordKind,
    name: string,
    { value, lifeSeconds }: RecordDraft,
    guard: Guard | undefined,
  ): Promise<StoredRecord | undefined> {
    const UpdateExpression =
      "SET #value = :value, #updatedAt = :time, #version = #version + :one" +
      (lifeSeconds === undefined ? " REMOVE #expiresAt" : ", #expiresAt = :expires");
    const alive = this.#whileAlive(guard);
    const written = { value: JSON.stringify(value), updatedAt: this.#table.now().toISOString() };
    try {
      const { Attributes } = await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: recordKey(user, kind, name),
          UpdateExpression,
          ...alive,
          ExpressionAttributeNames: namesIn(`${UpdateExpression} ${alive.ConditionExpression}`),
          ExpressionAttributeValues: {
            ...alive.ExpressionAttributeValues,
            ":value": written.value,
            ":time": written.updatedAt,
            ":one": 1,
            ...(lifeSeconds === undefined ? {} : { ":expires": this.#now() + lifeSeconds }),
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return toRecord(kind, recordItem.parse(Attributes));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const own = ownWrite(error, written);
      if (own !== undefined) return toRecord(kind, recordItem.parse(own));
      if (this.#isThere(error)) throw new StoreError("stale");
      return undefined;
    }
  }

  /** In the place of nothing, or of what has expired. */
  async #create(
    user: string,
    kind: RecordKind,
    name: string,
    { value, lifeSeconds }: RecordDraft,
    guard: Guard | undefined,
  ): Promise<StoredRecord> {
    if (!allows(guard, 0)) throw new StoreError("stale");
    const time = this.#table.now().toISOString();
    const item = {
      ...recordKey(user, kind, name),
      value: JSON.stringify(value),
      createdAt: time,
      updatedAt: time,
      ...(lifeSeconds === undefined ? {} : { expiresAt: this.#now() + lifeSeconds }),
      version: 1,
    };
    const ConditionExpression = "attribute_not_exists(#pk) OR #expiresAt <= :now";
    try {
      await this.#table.client.send(
        new PutCommand({
          TableName: this.#table.tableName,
          Item: item,
          ConditionExpression,
          ExpressionAttributeNames: namesIn(ConditionExpression),
          ExpressionAttributeValues: { ":now": this.#now() },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return toRecord(kind, item);
    } catch (error) {
      if (ownWrite(error, item) !== undefined) return toRecord(kind, item);
      // Another was faster. Without a guard the last one wins, so the client may simply repeat.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new StoreError(guard === undefined ? "busy" : "stale");
    }
  }

  #whileAlive(guard: Guard | undefined) {
    const known = guard && versionCondition(guard);
    const ConditionExpression = [`attribute_exists(#pk) AND ${isAlive}`, known?.condition]
      .filter((condition) => condition !== undefined)
      .join(" AND ");
    return {
      ConditionExpression,
      ExpressionAttributeNames: namesIn(ConditionExpression),
      ExpressionAttributeValues: { ":now": this.#now(), ...known?.values },
    };
  }

  /** Whether what refused a change is alive: then it was its version that refused. */
  #isThere({ Item }: ConditionalCheckFailedException): boolean {
    const expires = Number(Item?.expiresAt?.N ?? Number.POSITIVE_INFINITY);
    return Item !== undefined && expires > this.#now();
  }

  #now(): number {
    return epochSeconds(this.#table.now());
  }
}

const nameOf = (kind: RecordKind, { sk }: Pick<Key, "sk">): string =>
  sk.slice(recordPrefix(kind).length);

function toRecord(kind: RecordKind, item: z.infer<typeof recordItem>): StoredRecord {
  return {
    name: nameOf(kind, item),
    value: JSON.parse(item.value),
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    expiresAt: item.expiresAt === undefined ? null : isoOfSeconds(item.expiresAt),
    version: item.version,
  };
}
