import * as z from "zod";
import type { Attempts } from "../../../maintenance/attempts.ts";
import type { ListedObject, ObjectStore } from "../../../objects/object-store.ts";
import { bucketFolders } from "../../../resources/bucket.ts";
import { epochSeconds } from "../../expiry.ts";
import { documentKey, lastSequence, messagePartition, messageSortKey } from "../table/keys.ts";
import { between, queryAll } from "../table/query.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";

/** What is younger may belong to a request that is still under way. */
const graceMs = 24 * 60 * 60 * 1000;

interface Removal {
  readonly removed: number;
  /** Where the next step goes on; absent at the end. */
  readonly next?: string;
}

interface RemovalStep {
  /** Key of the last object that was looked at. */
  readonly after?: string | undefined;
  /** Default: until the end. */
  readonly until?: Date;
  /** Goes on where one look fails. Default: the first failure ends it. */
  readonly attempts?: Attempts;
}

/**
 * Deletes what the bucket holds and nothing in the table points to: contents of messages whose
 * transaction never came, or that were replaced; documents whose upload was never finished, or whose
 * deletion stopped half way. Lists the bucket, and asks the table once for each conversation and
 * document found. Safe to stop at any time and to repeat. Answers how many objects went.
 */
export async function removeOrphans(table: TableAccess, objects: ObjectStore): Promise<number> {
  return (await removeSomeOrphans(table, objects, {})).removed;
}

/** The same, in steps. */
export async function removeSomeOrphans(
  table: TableAccess,
  objects: ObjectStore,
  { after = "", until, attempts }: RemovalStep,
): Promise<Removal> {
  const before = new Date(table.now().getTime() - graceMs);
  let removed = 0;
  let last = after;
  for (const { prefix, isUsedIn } of searched) {
    // Folders are searched in the order of their names: what stands before was looked at.
    if (after > prefix && !after.startsWith(prefix)) continue;
    for await (const { path, objects: found } of groups(objects.list(prefix, after), 3)) {
      if (until !== undefined && table.now() >= until) return { removed, next: last };
      const look = async () => {
        const [, user = "", name = ""] = path;
        const isUsed = await isUsedIn(table, user, name);
        removed += await remove(objects, found, before, isUsed);
      };
      await (attempts === undefined ? look() : attempts.run(look));
      last = found.at(-1)?.key ?? last;
    }
  }
  return { removed };
}

/** By folder, in the order of their names, how to tell what is in use. */
const searched: readonly {
  readonly prefix: string;
  isUsedIn(table: TableAccess, user: string, name: string): Promise<(name: string) => boolean>;
}[] = [
  { prefix: bucketFolders.documents.prefix, isUsedIn: documentsUsed },
  {
    prefix: bucketFolders.messages.prefix,
    isUsedIn: async (table, user, conversation) => {
      const used = await contentsOf(table, user, conversation);
      return (name) => used.has(name);
    },
  },
  { prefix: bucketFolders.passages.prefix, isUsedIn: documentsUsed },
];

async function documentsUsed(table: TableAccess, user: string, file: string) {
  const state = await documentState(table, user, file.replace(/\.json$/, ""));
  return () => state !== "gone";
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

const pointers = z.object({ object: z.string().optional(), partsObject: z.string().optional() });

/** Names of the objects that hold contents of a conversation's messages, by default of all. */
export async function contentsOf(
  table: TableAccess,
  user: string,
  conversation: string,
  { first, last } = { first: 0, last: lastSequence },
) {
  const used = new Set<string>();
  const partition = messagePartition(user, conversation);
  const stowed = {
    ...between(partition, messageSortKey(first), messageSortKey(last)),
    filter: "attribute_exists(#object) OR attribute_exists(#partsObject)",
    projection: "#object, #partsObject",
    consistency: "strong",
  } as const;
  for await (const item of queryAll(table, stowed)) {
    for (const name of Object.values(pointers.parse(item))) used.add(name);
  }
  return used;
}

/** What the table knows of a document: whether its objects are in use, may come to be, or never will. */
export async function documentState(
  table: TableAccess,
  user: string,
  id: string,
): Promise<"kept" | "pending" | "gone"> {
  const item = await getItem(table, documentKey(user, id), "strong");
  if (item === undefined || item.status === "deleting") return "gone";
  if (item.expiresAt === undefined) return "kept";
  return Number(item.expiresAt) > epochSeconds(table.now()) ? "pending" : "gone";
}
