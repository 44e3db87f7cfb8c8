/** What of a tenant's items and objects names a user, with the user's id in the new pool in its place. */
import {
  chatTable,
  creationIndex,
  partitions,
  recencyIndex,
} from "../../../app/resources/table.ts";
import type { Item } from "../../../app/sql/items.ts";
import { usageKeys } from "../../../app/store/dynamodb/table/keys.ts";

/** Ids of users in the old pool, each with its id in the new one. A pool gives every user an id of its own. */
export type UserIds = ReadonlyMap<string, string>;

/** Keys whose value begins with a partition of a user or of an erasure. */
const keys = [chatTable.partitionKey, recencyIndex.partitionKey, creationIndex.partitionKey];

/** Attributes that are the key of an object in the bucket; the second part of such a key is a user's id. */
const pointers = ["object", "partsObject"];

/** The item as the new table has it. An id that no user of the pool has stays. */
export function movedItem(item: Item, ids: UserIds): Item {
  const moved: Record<string, unknown> = { ...item };
  for (const name of keys) change(moved, name, (key) => movedPartition(key, ids));
  for (const name of pointers) change(moved, name, (key) => movedObjectKey(key, ids));
  const partition = String(item[chatTable.partitionKey]);
  // Counters of a month stand in the index by their user, whose shard changes with the id.
  const [kind, month = ""] = String(item[chatTable.sortKey]).split("#");
  if (kind === "USAGE" && creationIndex.partitionKey in item) {
    const user = String(moved[chatTable.partitionKey]).slice(partitions.user.length);
    Object.assign(moved, usageKeys(user, month));
  }
  const own = (text: string) => ids.get(text) ?? text;
  if (partition.startsWith(partitions.audit)) {
    for (const name of ["admin", "target"]) {
      change(moved, name, (text) => text.replace(/[\w-]+/g, own));
    }
  }
  if (partition === partitions.tenant) {
    // Notes of what comes due, and of what a process left: `docs/data-model.md`.
    change(moved, chatTable.sortKey, (key) =>
      key.replace(/^(DUE#[^#]*#)([\w-]+)/, (_, before: string, user: string) => before + own(user)),
    );
    change(moved, "user", own);
    const { objects } = item;
    if (Array.isArray(objects)) {
      moved.objects = objects.map((key: unknown) => movedObjectKey(String(key), ids));
    }
  }
  return moved;
}

/** @param key of an object: folder, user, and what follows. */
export const movedObjectKey = (key: string, ids: UserIds): string =>
  key.replace(
    /^([\w-]+\/)([\w-]+)\//,
    (_, folder: string, user: string) => `${folder}${ids.get(user) ?? user}/`,
  );

export const inverse = (ids: UserIds): UserIds =>
  new Map([...ids].map(([former, present]) => [present, former]));

function movedPartition(key: string, ids: UserIds): string {
  const prefix = [partitions.user, partitions.erasure].find((one) => key.startsWith(one));
  if (prefix === undefined) return key;
  const [user = "", ...rest] = key.slice(prefix.length).split("#");
  return prefix + [ids.get(user) ?? user, ...rest].join("#");
}

function change(item: Record<string, unknown>, name: string, by: (text: string) => string): void {
  const value = item[name];
  if (typeof value === "string") item[name] = by(value);
}
