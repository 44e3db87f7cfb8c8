import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { partitions } from "../../../resources/table.ts";
import { epochSeconds } from "../../expiry.ts";
import type { Counted } from "../../maintenance-store.ts";
import type { StoredOn } from "../../usage-store.ts";
import { storedKey, storedPrefix } from "../table/keys.ts";
import { beginsWith, queryAll } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";

/** As long as the counters of users. */
const keptDays = 400;
const dayMs = 24 * 60 * 60 * 1000;

/** Notes what there is on this day, in the place of what an earlier search of it counted. */
export async function noteStored(table: TableAccess, counted: Counted): Promise<void> {
  const now = table.now();
  const Item = {
    ...storedKey(now.toISOString().slice(0, 10)),
    ...counted,
    expiresAt: epochSeconds(new Date(now.getTime() + keptDays * dayMs)),
  };
  await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
}

const storedItem = z.object({
  sk: z.string(),
  users: z.number(),
  conversations: z.number(),
  messages: z.number(),
  bytes: z.number(),
});

/** Of a month such as `2026-11`, by day: half a read unit. */
export async function storedIn(table: TableAccess, month: string): Promise<readonly StoredOn[]> {
  const found: StoredOn[] = [];
  for await (const item of queryAll(
    table,
    beginsWith(partitions.tenant, `${storedPrefix}${month}`),
  )) {
    const { sk, ...counted } = storedItem.parse(item);
    found.push({ day: sk.slice(storedPrefix.length), ...counted });
  }
  return found;
}
