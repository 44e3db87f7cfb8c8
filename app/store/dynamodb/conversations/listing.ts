import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { recencyIndex } from "../../../resources/table.ts";
import type {
  Conversation,
  ConversationState,
  Page,
  PageRequest,
} from "../../conversation-store.ts";
import { StoreError } from "../../store-error.ts";
import { markerOf, readOr } from "../../unreadable.ts";
import { isPastTrash, toConversation } from "../table/header.ts";
import { conversationOf, headerKey, recencyKeys, userPartition } from "../table/keys.ts";
import { readLiveHeader, type TableAccess } from "../table/table-access.ts";

/** What a further request reads when the page was not full: one request is dearer than its units. */
const entriesPerRequest = 500;

export type ListRequest = PageRequest & {
  readonly state?: ConversationState;
  readonly unread?: boolean;
};

/**
 * One page of a user's conversations in one state. All states share an index partition, so that a
 * sync is one query; a list reads over those in other states. What is archived or deleted sinks,
 * since it changes no more: the first page of active ones is rarely more than one request.
 */
export async function listConversations(
  table: TableAccess,
  user: string,
  { state = "active", limit, after, unread }: ListRequest,
): Promise<Page<Conversation>> {
  const found: Conversation[] = [];
  const unreadable: string[] = [];
  let start: Record<string, unknown> | undefined =
    after === undefined ? undefined : startKey(user, after);
  // One more than asked for tells the last page from a full one.
  for (let Limit = limit + 1; found.length <= limit; Limit = entriesPerRequest) {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        IndexName: recencyIndex.name,
        KeyConditionExpression: "#partition = :partition",
        FilterExpression: "#state = :state",
        ExpressionAttributeNames: { "#partition": recencyIndex.partitionKey, "#state": "state" },
        ExpressionAttributeValues: { ":partition": userPartition(user), ":state": state },
        ScanIndexForward: false,
        Limit,
        ExclusiveStartKey: start,
      }),
    );
    const now = table.now();
    for (const item of Items) {
      const one = readHeader(table, item, unreadable);
      if (one !== undefined && !isPast(one, now)) found.push(one);
    }
    if (LastEvaluatedKey === undefined) break;
    start = LastEvaluatedKey;
  }
  const page = found.slice(0, limit);
  const items = unread === true ? await withReading(table, user, page) : page;
  const last = page.at(-1);
  return found.length > limit && last !== undefined
    ? { items, ...markerOf(unreadable), next: `${last.updatedAt}/${last.id}` }
    : { items, ...markerOf(unreadable) };
}

const keyOnly = z.object({ pk: z.string(), sk: z.string() });

/** A header as lists show it; one that cannot be read adds its id to `unreadable`. */
export function readHeader(
  table: TableAccess,
  item: unknown,
  unreadable: string[],
): Conversation | undefined {
  const id = conversationOf(keyOnly.parse(item));
  const what = { kind: "conversation", id } as const;
  const conversation = readOr(() => toConversation(item), what, table.report);
  if (conversation === undefined) unreadable.push(id);
  return conversation;
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
): Promise<Conversation[]> {
  const read = await Promise.all(
    page.map(async (listed): Promise<Conversation[]> => {
      try {
        const header = await readLiveHeader(table, user, listed.id);
        const { lastReadSequence, unreadCount } = toConversation(header);
        return [{ ...listed, lastReadSequence, unreadCount }];
      } catch (error) {
        if (error instanceof StoreError && error.kind === "not-found") return [];
        // Listed from the index, whose entry could be read: its reading is unknown.
        if (error instanceof z.ZodError || error instanceof StoreError) return [listed];
        throw error;
      }
    }),
  );
  return read.flat();
}

/** The index position behind `after`: of the sort keys only, the partition is the user's. */
function startKey(user: string, after: string) {
  const [updatedAt = "", id = ""] = after.split("/");
  return { ...headerKey(user, id), ...recencyKeys(user, updatedAt) };
}
