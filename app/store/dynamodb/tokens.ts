import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { epochSeconds, isoOfSeconds } from "../expiry.ts";
import type { OneTimeToken } from "../record-store.ts";
import { StoreError } from "../store-error.ts";
import { tokenKey } from "./table/keys.ts";
import type { TableAccess } from "./table/table-access.ts";
import { namesIn } from "./table/update.ts";

const tokenItem = z.object({ data: z.string() });

export async function issueToken(
  table: TableAccess,
  user: string,
  hash: string,
  { purpose, data }: OneTimeToken,
  lifeSeconds: number,
): Promise<string> {
  const expiresAt = epochSeconds(table.now()) + lifeSeconds;
  await table.client.send(
    new PutCommand({
      TableName: table.tableName,
      Item: { ...tokenKey(user, hash), purpose, data: JSON.stringify(data), expiresAt },
    }),
  );
  return isoOfSeconds(expiresAt);
}

/** A deletion is done by exactly one of those who ask at once: it is the redemption. */
export async function redeemToken(
  table: TableAccess,
  user: string,
  hash: string,
  purpose: string,
): Promise<unknown> {
  const ConditionExpression = "#purpose = :purpose AND #expiresAt > :now";
  try {
    const { Attributes } = await table.client.send(
      new DeleteCommand({
        TableName: table.tableName,
        Key: tokenKey(user, hash),
        ConditionExpression,
        ExpressionAttributeNames: namesIn(ConditionExpression),
        ExpressionAttributeValues: { ":purpose": purpose, ":now": epochSeconds(table.now()) },
        ReturnValues: "ALL_OLD",
      }),
    );
    return JSON.parse(tokenItem.parse(Attributes).data);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new StoreError("not-found");
    throw error;
  }
}
