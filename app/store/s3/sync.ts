import { createHash } from "node:crypto";
import * as z from "zod";
import type { ListedObject } from "../../objects/object-store.ts";
import { type Changes, type PageRequest, syncWindowMinutes } from "../conversation-store.ts";
import { jsonOf, readPosition } from "../versions/position.ts";
import { markerOf } from "../versions/unreadable.ts";
import { conversationOf } from "./history.ts";
import { isConversation, isUnread, type Summaries } from "./summaries.ts";

const windowMs = syncWindowMinutes * 60 * 1000;
/** What a cursor carries must fit into a URL. Beyond these, changes are told more than once. */
const mostSeen = 100;

/** Where a sync goes on; times are S3's. */
const positionSchema = z.object({
  /** Objects written from here on, in epoch milliseconds, */
  at: z.number(),
  /** and behind this key, in the midst of a walk of several pages. */
  key: z.string().optional(),
  /** Where the next walk begins, settled when this one began. */
  horizon: z.number().optional(),
  /** Marks of objects within the window that the caller knows. */
  seen: z.array(z.string()),
});

/**
 * What changed, in one walk through the objects in the order in which S3 wrote them. A mark of reading
 * is a write like any other. The time is S3's, so the writers' clocks do not matter; the window is
 * for S3's own. "Nothing new" is a listing and reads no object.
 */
export async function changes(
  summaries: Summaries,
  user: string,
  { limit, after }: PageRequest,
): Promise<Changes> {
  const since =
    after === undefined ? { at: 0, seen: [] } : readPosition(jsonOf(positionSchema), after);
  const objects = (await summaries.list(user)).sort(inOrder);
  const newest = objects.at(-1)?.lastModified.getTime() ?? 0;
  const horizon = since.horizon ?? Math.max(since.at, newest - windowMs);
  const known = new Set(since.seen);
  const due = objects.filter((object) => isBehind(object, since) && !known.has(markOf(object)));
  const page = due.slice(0, limit);
  const read = await summaries.read(page);

  const last = page.at(-1);
  const more = due.length > page.length && last !== undefined;
  const seen = [...since.seen, ...page.filter((one) => timeOf(one) >= horizon).map(markOf)];
  const current = new Set(objects.filter((one) => timeOf(one) >= horizon).map(markOf));
  const next: z.infer<typeof positionSchema> = {
    ...(more ? { at: timeOf(last), key: last.key, horizon } : { at: horizon }),
    seen: seen.filter((mark) => current.has(mark)).slice(-mostSeen),
  };
  return {
    items: read.filter(isConversation),
    ...markerOf(read.filter(isUnread).map(({ unreadable }) => unreadable)),
    deleted: page.flatMap(({ key }, index) => (read[index] === null ? conversationOf(key) : [])),
    next: JSON.stringify(next),
    more,
  };
}

function isBehind(object: ListedObject, { at, key }: { at: number; key?: string | undefined }) {
  const time = timeOf(object);
  return time > at || (time === at && (key === undefined || object.key > key));
}

function inOrder(one: ListedObject, other: ListedObject): number {
  return timeOf(one) - timeOf(other) || (one.key < other.key ? -1 : 1);
}

function timeOf({ lastModified }: ListedObject): number {
  return lastModified.getTime();
}

/** Ten characters hold 60 bits: among a hundred marks, two never meet. */
function markOf({ key, etag }: ListedObject): string {
  return createHash("sha256").update(`${key} ${etag}`).digest("base64url").slice(0, 10);
}
