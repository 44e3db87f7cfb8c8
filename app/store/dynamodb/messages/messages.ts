/** Messages as items: appending, reading and rating them, and where long contents go. */
import * as z from "zod";
import { pageBytes } from "../../../resources/memory.ts";
import type { MessagePage, Order, Page, PageRequest } from "../../conversation-store.ts";
import type { DeletedMessage, Message } from "../../message.ts";
import { readPosition, sequencePosition } from "../../versions/position.ts";
import { faultOf, markerOf } from "../../versions/unreadable.ts";
import { clearedThrough, type Header } from "../table/header.ts";
import {
  keyItem,
  lastSequence,
  messagePartition,
  messageSortKey,
  sequenceOf,
} from "../table/keys.ts";
import { between, query } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";
import { readContent, UnknownContent } from "./content.ts";
import { readDeletedItem, readMessageItem, toMessage } from "./message-item.ts";

/**
 * One page of messages in the order of their sequence; a position is a sequence. A page may be
 * shorter than asked for, since DynamoDB stops at 1 MB and we at `pageBytes`: only an absent `next` is
 * the end.
 */
export async function queryMessages(
  table: TableAccess,
  user: string,
  id: string,
  {
    limit,
    after,
    order,
    bytes: most = pageBytes,
  }: PageRequest & { readonly order: Order; readonly bytes?: number },
  consistency: "eventual" | "strong" = "eventual",
): Promise<StoredPage> {
  const ascending = order === "asc";
  const behind = after === undefined ? undefined : readPosition(sequencePosition, after);
  const from = ascending && behind !== undefined ? behind + 1 : 1;
  const to = !ascending && behind !== undefined ? behind - 1 : lastSequence;
  if (from > to) return { items: [] };
  const { items: found, last: more } = await query(table, {
    ...between(messagePartition(user, id), messageSortKey(from), messageSortKey(to)),
    order,
    limit,
    consistency,
  });
  const items: Message[] = [];
  const unreadable: string[] = [];
  const gone: DeletedMessage[] = [];
  let bytes = 0;
  let last: number | undefined;
  const [first] = found;
  const pageOf = () => ({
    items,
    ...markerOf(unreadable),
    ...(gone.length > 0 && { gone }),
    ...(first !== undefined && { first: placeItem.parse(first) }),
  });
  // One after another: a compressed kilobyte may be a megabyte, and a page of them more than there is.
  for (const item of found) {
    const sequence = sequenceOf(keyItem.parse(item));
    const deleted = readDeletedItem(item);
    if (deleted !== undefined) {
      gone.push(deleted);
      last = sequence;
      continue;
    }
    const message = await readIfReadable(table, user, id, item);
    bytes += message === undefined ? 0 : Buffer.byteLength(JSON.stringify(message));
    if (bytes > most && items.length > 0) {
      return { ...pageOf(), next: String(last) };
    }
    last = sequence;
    if (message === undefined) unreadable.push(String(sequence));
    else items.push(message);
  }
  return more === undefined || last === undefined ? pageOf() : { ...pageOf(), next: String(last) };
}

/** A page as it is stored. */
type StoredPage = Page<Message> & {
  /** Places of messages that were deleted. */
  readonly gone?: readonly DeletedMessage[];
  /** Of whatever stands first. */
  readonly first?: { readonly sequence: number; readonly timestamp: string };
};

const placeItem = z
  .object({ pk: z.string(), sk: z.string(), timestamp: z.string().catch("") })
  .transform(({ timestamp, ...key }) => ({ sequence: sequenceOf(key), timestamp }));

export async function readIfReadable(
  table: TableAccess,
  user: string,
  id: string,
  stored: unknown,
): Promise<Message | undefined> {
  try {
    return await readMessage(table, user, id, stored);
  } catch (error) {
    // Busy, or out of reach: that is no message's fault.
    if (!isDamage(error)) throw error;
    const sequence = sequenceOf(keyItem.parse(stored));
    table.report?.({ kind: "message", id: `${id}/${sequence}`, fault: faultOf(error) });
    return undefined;
  }
}

/** What parsers and decompressors say of what they do not understand. */
function isDamage(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof UnknownContent) return true;
  return error instanceof Error && "code" in error && /^(ZSTD|ERR_ZSTD)/.test(String(error.code));
}

export async function readMessage(
  table: TableAccess,
  user: string,
  id: string,
  stored: unknown,
): Promise<Message> {
  const item = readMessageItem(stored);
  return toMessage(item, await readContent(table, user, id, item));
}

/**
 * What a reader sees of a page: not what was cleared and is still being removed. DynamoDB names a next key whenever
 * the limit was reached, even at the very end; sequences are dense, so the header's tells whether anything follows.
 */
export function visiblePage(
  page: StoredPage,
  order: Order,
  header: Pick<Header, "sequence" | "messageCount">,
): MessagePage {
  const cleared = clearedThrough(header);
  const items = page.items.filter(({ sequence }) => sequence > cleared);
  const deleted = (page.gone ?? []).filter(({ sequence }) => sequence > cleared);
  const position = Number(page.next);
  const isEnd = order === "asc" ? position >= header.sequence : position <= cleared + 1;
  return {
    items,
    ...markerOf((page.unreadable ?? []).filter((sequence) => Number(sequence) > cleared)),
    ...(deleted.length > 0 && { deleted: deleted.map(({ sequence }) => String(sequence)) }),
    ...(page.next === undefined || isEnd ? {} : { next: page.next }),
  };
}
