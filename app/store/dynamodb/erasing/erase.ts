import { DeleteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import {
  headerKey,
  headerPrefix,
  type Key,
  messagePartition,
  userPartition,
} from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import { namesIn } from "../table/update.ts";
import { deleteKeys, markErasing } from "./purge.ts";

const headersAtOnce = 25;

const keyOnly = z.object({ pk: z.string(), sk: z.string() });

/**
 * Erases conversations one after another, each in steps, each of which may be the last before a
 * crash: mark the header, so that nothing is added any more; delete whatever its partition holds,
 * records of requests too; delete the header last, since it is what leads to the rest.
 */
export async function eraseConversations(
  table: TableAccess,
  user: string,
  until: Date,
): Promise<boolean> {
  for (;;) {
    const headers = await keysOf(table, userPartition(user), headerPrefix, headersAtOnce);
    if (headers.length === 0) return true;
    for (const header of headers) {
      if (table.now() >= until) return false;
      await eraseConversation(table, user, header);
    }
  }
}

async function eraseConversation(table: TableAccess, user: string, header: Key): Promise<void> {
  const id = header.sk.slice(headerPrefix.length);
  await markErasing(table, headerKey(user, id));
  await eraseItems(table, messagePartition(user, id), "");
  await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: header }));
}

/** Deletes what a partition holds, by the beginning of the sort keys. */
export async function eraseItems(
  table: TableAccess,
  partition: string,
  prefix: string,
): Promise<void> {
  for (;;) {
    const keys = await keysOf(table, partition, prefix, 250);
    if (keys.length === 0) return;
    await deleteKeys(table, keys);
  }
}

/** Read consistently: what was written before must not be overlooked. */
export async function keysOf(
  table: TableAccess,
  partition: string,
  prefix: string,
  limit: number,
): Promise<readonly Key[]> {
  const begins = prefix === "" ? "" : " AND begins_with(#sk, :prefix)";
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: `#pk = :partition${begins}`,
      ProjectionExpression: "#pk, #sk",
      ExpressionAttributeNames: namesIn("#pk #sk"),
      ExpressionAttributeValues: {
        ":partition": partition,
        ...(prefix === "" ? {} : { ":prefix": prefix }),
      },
      Limit: limit,
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => keyOnly.parse(item));
}
