import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { ListedObject, ObjectStore } from "../../../objects/object-store.ts";
import { bucketFolders } from "../../../resources/bucket.ts";
import { epochSeconds } from "../../expiry.ts";
import { documentKey, messagePartition } from "../table/keys.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";
import { namesIn } from "../table/update.ts";

/** What is younger may belong to a request that is still under way. */
const graceMs = 24 * 60 * 60 * 1000;

/**
 * Deletes what the bucket holds and nothing in the table points to: contents of messages whose
 * transaction never came, or that were replaced; documents whose upload was never finished, or whose
 * deletion stopped half way. Lists the bucket, and asks the table once for each conversation and
 * document found. Safe to stop at any time and to repeat. Answers how many objects went.
 */
export async function removeOrphans(table: TableAccess, objects: ObjectStore): Promise<number> {
  const before = new Date(table.now().getTime() - graceMs);
  let removed = 0;
  for await (const group of groups(objects.list(bucketFolders.messages.prefix), 3)) {
    const [, user = "", conversation = ""] = group.path;
    const used = await contentsOf(table, user, conversation);
    removed += await remove(objects, group.objects, before, (name) => used.has(name));
  }
  for (const { prefix } of [bucketFolders.documents, bucketFolders.passages]) {
    for await (const group of groups(objects.list(prefix), 3)) {
      const [, user = "", file = ""] = group.path;
      const isKept = await hasDocument(table, user, file.replace(/\.json$/, ""));
      removed += await remove(objects, group.objects, before, () => isKept);
    }
  }
  return removed;
}

interface Group {
  readonly path: readonly string[];
  readonly objects: readonly ListedObject[];
}

/** Neighbours whose keys begin with the same parts. */
async function* groups(listed: AsyncIterable<ListedObject>, parts: number): AsyncIterable<Group> {
  let path: string[] = [];
  let objects: ListedObject[] = [];
  for await (const object of listed) {
    const next = object.key.split("/").slice(0, parts);
    if (objects.length > 0 && next.join("/") !== path.join("/")) {
      yield { path, objects };
      objects = [];
    }
    path = next;
    objects.push(object);
  }
  if (objects.length > 0) yield { path, objects };
}

async function remove(
  objects: ObjectStore,
  listed: readonly ListedObject[],
  before: Date,
  isUsed: (name: string) => boolean,
): Promise<number> {
  const orphans = listed
    .filter(({ lastModified }) => lastModified < before)
    .map(({ key }) => key)
    .filter((key) => !isUsed(key.slice(key.lastIndexOf("/") + 1)));
  await objects.delete(orphans);
  return orphans.length;
}

const pointer = z.object({ object: z.string() });

export async function contentsOf(table: TableAccess, user: string, conversation: string) {
  const used = new Set<string>();
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: "#pk = :partition",
        FilterExpression: "attribute_exists(#object)",
        ProjectionExpression: "#object",
        ExpressionAttributeNames: namesIn("#pk #object"),
        ExpressionAttributeValues: { ":partition": messagePartition(user, conversation) },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    for (const item of Items) used.add(pointer.parse(item).object);
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return used;
}

async function hasDocument(table: TableAccess, user: string, id: string): Promise<boolean> {
  const item = await getItem(table, documentKey(user, id), "strong");
  if (item === undefined || item.status === "deleting") return false;
  return item.expiresAt === undefined || Number(item.expiresAt) > epochSeconds(table.now());
}
