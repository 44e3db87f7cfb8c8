import * as z from "zod";
import { recencyIndex } from "../../../resources/table.ts";
import type {
  Conversation,
  ConversationState,
  ListRequest,
  Page,
} from "../../conversation-store.ts";
import { StoreError } from "../../store-error.ts";
import { partsOf, placePosition, readPosition } from "../../versions/position.ts";
import { markerOf, readOr } from "../../versions/unreadable.ts";
import { isPastTrash, toConversation } from "../table/header.ts";
import { conversationOf, headerKey, keyItem, recencyKeys, userPartition } from "../table/keys.ts";
import { awayFrom, orderOf } from "../table/order.ts";
import { query } from "../table/query.ts";
import { readLiveHeader, type TableAccess } from "../table/table-access.ts";
import { inFull } from "./details.ts";

/** Entries that further requests of a page read over: what bounds a page whatever stands among them. */
const entriesBeyond = 50;

/** Where an entry of the index stands. */
interface Place {
  readonly order: string;
  readonly id: string;
}

/**
 * A range of the index, read in one direction. A list reads one after another:
 * - `own`, where its state stands, the newest first;
 * - `old`, where versions before the two halves left every state: for lists of what is away;
 * - `late`, what moved before the first page while the others were read, the oldest of it first.
 */
type Lane = "own" | "old" | "late";

interface Position {
  readonly lane: Lane;
  readonly place?: Place | undefined;
  /** First entry of the first page. */
  readonly top?: Place | undefined;
}

/**
 * One page of a user's conversations in one state: no more than two requests, whatever else the user has.
 * A page may be shorter than asked for. A conversation that moves to the front during a walk, where the walk
 * has been, comes at its end.
 *
 * @param isOrdered whether each entry stands in the half of its state, as far as is known.
 */
export async function listConversations(
  table: TableAccess,
  user: string,
  { state = "active", limit, after, unread, details }: ListRequest,
  isOrdered: () => Promise<boolean>,
): Promise<Page<Conversation>> {
  const from: Position = after === undefined ? { lane: "own" } : decode(after, state);
  const found: (Entry & { readonly lane: Lane })[] = [];
  const lanes = await lanesFrom(from, state, isOrdered);
  let reads = 0;
  let rest: Position | undefined;
  for (const [index, lane] of lanes.entries()) {
    let place = index === 0 ? from.place : lane === "late" ? from.top : undefined;
    let isMore = true;
    while (isMore && found.length <= limit) {
      if (reads === 2) {
        rest = { lane, place, top: from.top };
        break;
      }
      // One more than asked for tells the last page from a full one.
      const size = reads === 0 ? limit + 1 : entriesBeyond;
      const read = await readLane(table, user, state, { lane, place, size });
      reads++;
      found.push(...read.entries.map((entry) => ({ ...entry, lane })));
      isMore = read.last !== undefined;
      place = read.last ?? place;
    }
    if (rest !== undefined || found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const readable = page.flatMap(({ conversation }) => conversation ?? []);
  const items =
    unread === true || details === true
      ? await withReading(table, user, readable, details === true)
      : readable;
  const unreadable = page.filter(({ conversation }) => conversation === undefined);
  const marker = markerOf(unreadable.map(({ place }) => place.id));
  const next = found.length > limit ? page.at(-1) : rest;
  if (next === undefined) return { items, ...marker };
  const { lane, place } = next;
  const top = from.top ?? page[0]?.place ?? placeOfNow(state, table.now());
  return { items, ...marker, next: encode({ lane, place, top }) };
}

/** Only what began before needs the lane of what moved since. */
async function lanesFrom(
  { lane, top }: Position,
  state: ConversationState,
  isOrdered: () => Promise<boolean>,
): Promise<readonly Lane[]> {
  const late: readonly Lane[] = top === undefined ? [] : ["late"];
  if (lane === "late") return ["late"];
  if (lane === "old") return ["old", ...late];
  const isSplit = state !== "active" && !(await isOrdered());
  return ["own", ...(isSplit ? (["old"] as const) : []), ...late];
}

interface LaneRequest {
  readonly lane: Lane;
  readonly place: Place | undefined;
  readonly size: number;
}

interface Entry {
  /** Absent where this version cannot read it. */
  readonly conversation: Conversation | undefined;
  readonly place: Place;
}

const keysItem = z.object({
  pk: z.string(),
  sk: z.string(),
  [recencyIndex.sortKey]: z.string(),
});

async function readLane(
  table: TableAccess,
  user: string,
  state: ConversationState,
  { lane, place, size }: LaneRequest,
): Promise<{ readonly entries: readonly Entry[]; readonly last: Place | undefined }> {
  const isAwayHalf = state !== "active" && lane !== "old";
  const { items, last } = await query(table, {
    index: recencyIndex.name,
    condition: `#recencyKey = :partition AND #updatedAt ${isAwayHalf ? ">" : "<"} :half`,
    filter: "#state = :state",
    values: { ":partition": userPartition(user), ":half": awayFrom, ":state": state },
    // The half of what is away begins with its newest.
    order: isAwayHalf === (lane !== "late") ? "asc" : "desc",
    limit: size,
    after: place && startKey(user, place),
  });
  const now = table.now();
  return {
    entries: items
      .map((item) => ({
        conversation: readHeader(table, item, toConversation).header,
        place: placeOf(item),
      }))
      .filter(({ conversation }) => conversation === undefined || !isPast(conversation, now)),
    last: last && placeOf(last),
  };
}

/** A header as lists show it; one that cannot be read is reported. */
export function readHeader<T>(
  table: TableAccess,
  item: unknown,
  read: (item: unknown) => T,
): { readonly id: string; readonly header: T | undefined } {
  const id = conversationOf(keyItem.parse(item));
  return { id, header: readOr(() => read(item), { kind: "conversation", id }, table.report) };
}

function placeOf(item: unknown): Place {
  const { [recencyIndex.sortKey]: order, ...key } = keysItem.parse(item);
  return { order, id: conversationOf(key) };
}

function placeOfNow(state: ConversationState, now: Date): Place {
  return { order: orderOf(state, now.toISOString()), id: "0" };
}

/** The index position of a place: of the sort keys only, the partition is the user's. */
function startKey(user: string, { order, id }: Place) {
  return { ...headerKey(user, id), ...recencyKeys(user, ""), [recencyIndex.sortKey]: order };
}

function encode({ lane, place, top }: Position): string {
  const places = [place, top].map((one) => (one === undefined ? "" : `${one.order}/${one.id}`));
  return [lane, ...places].join("|");
}

const placeOrNone = placePosition.or(z.literal(""));
/** Versions before the two halves wrote a place alone, in the half where they had everything. */
const listPosition = partsOf(
  z.union([
    z.tuple([placePosition]),
    z.tuple([z.enum(["own", "old", "late"]), placeOrNone, placeOrNone]),
  ]),
);

function decode(after: string, state: ConversationState): Position {
  const [lane, place = "", top = ""] = readPosition(listPosition, after);
  if (lane !== "own" && lane !== "old" && lane !== "late") {
    return { lane: state === "active" ? "own" : "old", place: readPlace(lane) };
  }
  return { lane, place: readPlace(place), top: readPlace(top) };
}

function readPlace(text: string): Place | undefined {
  const [order = "", id = ""] = text.split("/");
  return text === "" ? undefined : { order, id };
}

function isPast({ purgeAt }: Conversation, now: Date): boolean {
  return purgeAt !== null && isPastTrash({ purgeAt }, now);
}

/**
 * Half a unit each, since a mark of reading is kept out of the index: it would double its price. What is
 * deleted between the two reads is left out.
 */
async function withReading(
  table: TableAccess,
  user: string,
  page: readonly Conversation[],
  details: boolean,
): Promise<Conversation[]> {
  const read = await Promise.all(
    page.map(async (listed): Promise<Conversation[]> => {
      try {
        const header = await readLiveHeader(table, user, listed.id);
        const found = details ? await inFull(table, user, header) : toConversation(header);
        const { lastReadSequence, unreadCount, editedVersion, ...others } = found;
        const { pinned, tags, metadata, settings } = others;
        const read = { lastReadSequence, unreadCount, editedVersion };
        return [{ ...listed, ...read, pinned, tags, metadata, settings }];
      } catch (error) {
        if (error instanceof StoreError && error.kind === "not-found") return [];
        // Listed from the index, whose entry could be read: its reading is unknown.
        const isUnknown = error instanceof StoreError && error.kind === "not-active";
        if (error instanceof z.ZodError || isUnknown) return [listed];
        throw error;
      }
    }),
  );
  return read.flat();
}
