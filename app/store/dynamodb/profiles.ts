import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { allows, type Guard } from "../guard.ts";
import type { ProfileDraft, ProfileStore, StoredProfile } from "../profile-store.ts";
import { StoreError } from "../store-error.ts";
import { versionCondition } from "./table/guard.ts";
import { profileKey } from "./table/keys.ts";
import { ownWrite } from "./table/own-write.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { namesIn } from "./table/update.ts";

const preferencesRecord = z.record(z.string(), z.unknown());

/**
 * Kept as JSON text, as it was sent: DynamoDB's own maps hold no number of more than 38 digits, no
 * lone surrogate and no more than 32 levels, and would refuse the write. Maps were kept before.
 */
export const storedPreferences = z.union([
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(preferencesRecord),
  preferencesRecord,
]);

const profileItem = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  preferences: storedPreferences,
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
});

export class DynamoDBProfileStore implements ProfileStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async get(user: string): Promise<StoredProfile | undefined> {
    const item = await getItem(this.#table, profileKey(user), "eventual");
    return item === undefined ? undefined : profileItem.parse(item);
  }

  async put(user: string, draft: ProfileDraft, guard?: Guard): Promise<StoredProfile> {
    const UpdateExpression =
      "SET #name = :name, #email = :email, #preferences = :preferences, #updatedAt = :now, " +
      "#createdAt = if_not_exists(#createdAt, :now), " +
      "#version = if_not_exists(#version, :zero) + :one";
    const guarded = guard && profileCondition(guard);
    const { name, email } = draft;
    const preferences = JSON.stringify(draft.preferences);
    const written = { name, email, preferences, updatedAt: this.#table.now().toISOString() };
    try {
      const { Attributes } = await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: profileKey(user),
          UpdateExpression,
          ExpressionAttributeNames: namesIn(UpdateExpression),
          ExpressionAttributeValues: {
            ":name": name,
            ":email": email,
            ":preferences": preferences,
            ":now": written.updatedAt,
            ":zero": 0,
            ":one": 1,
            ...guarded?.values,
          },
          ...(guarded && { ConditionExpression: guarded.condition }),
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return profileItem.parse(Attributes);
    } catch (error) {
      const own = ownWrite(error, written);
      if (own !== undefined) return profileItem.parse(own);
      throw error instanceof ConditionalCheckFailedException ? new StoreError("stale") : error;
    }
  }
}

function profileCondition(guard: Guard) {
  const { condition, values } = versionCondition(guard);
  return {
    condition: allows(guard, 0)
      ? `attribute_not_exists(#version) OR ${condition}`
      : `attribute_exists(#version) AND ${condition}`,
    values,
  };
}
