import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import {
  headerKey,
  headerPrefix,
  type Key,
  messagePartition,
  userPartition,
} from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import { eraseItems, keysOf } from "./items.ts";
import { markErasing } from "./purge.ts";

const headersAtOnce = 25;

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
