import { randomBytes } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { signingKeyKey } from "./keys.ts";
import { getItem, type TableAccess } from "./table-access.ts";
import { namesIn } from "./update.ts";

const signingKeyItem = z.object({ secret: z.instanceof(Uint8Array) });

/**
 * The tenant's key for signing cursors. It lives in the tenant's own table, made by whichever
 * process needs it first, so that no secret stands in a Lambda's environment or a stack's state.
 * Loaded once a process; a failed load is tried again by the next call.
 */
export function signingKey(table: TableAccess): () => Promise<Uint8Array> {
  let loaded: Promise<Uint8Array> | undefined;
  return () => {
    loaded ??= load(table).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

async function load(table: TableAccess): Promise<Uint8Array> {
  const existing = await getItem(table, signingKeyKey, "eventual");
  if (existing !== undefined) return signingKeyItem.parse(existing).secret;
  const secret = new Uint8Array(randomBytes(32));
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.tableName,
        Item: { ...signingKeyKey, secret },
        ConditionExpression: "attribute_not_exists(#pk)",
        ExpressionAttributeNames: namesIn("#pk"),
      }),
    );
    return secret;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Another process was first: its key is the key.
    return signingKeyItem.parse(await getItem(table, signingKeyKey, "strong")).secret;
  }
}
