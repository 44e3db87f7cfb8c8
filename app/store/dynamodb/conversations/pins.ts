import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import {
  type Conversation,
  type ListRequest,
  mostPins,
  type Page,
} from "../../conversation-store.ts";
import { StoreError } from "../../store-error.ts";
import { placePosition, readPosition } from "../../versions/position.ts";
import { faultOf, markerOf } from "../../versions/unreadable.ts";
import { headerKey, pinsKey } from "../table/keys.ts";
import { getItem, liveHeader, type TableAccess } from "../table/table-access.ts";
import { namesIn } from "../table/update.ts";
import { inFull } from "./details.ts";

const pinsItem = z.object({ ids: z.set(z.string()).default(new Set()) });

/**
 * The user's pinned conversations, by which a list of them finds what stands far down in the list by recency. It is
 * written with the header, which says it too.
 */
export function updatePins(table: TableAccess, user: string, id: string, pinned: boolean) {
  const UpdateExpression = pinned ? "ADD #ids :ids" : "DELETE #ids :ids";
  const ConditionExpression =
    "attribute_not_exists(#ids) OR size(#ids) < :most OR contains(#ids, :id)";
  return {
    Update: {
      TableName: table.tableName,
      Key: pinsKey(user),
      UpdateExpression,
      ...(pinned && { ConditionExpression }),
      ExpressionAttributeNames: namesIn(UpdateExpression),
      ExpressionAttributeValues: {
        ":ids": new Set([id]),
        ...(pinned && { ":most": mostPins, ":id": id }),
      },
    },
  };
}

/** Half a unit, and as much for each pinned conversation; those of one state, the most recently changed first. */
export async function listPinned(
  table: TableAccess,
  user: string,
  { state = "active", limit, after }: ListRequest,
): Promise<Page<Conversation>> {
  const behind = after === undefined ? undefined : readPosition(placePosition, after);
  const ids = await pinnedIds(table, user);
  const looks = await Promise.all(ids.map((id) => look(table, user, id)));
  const placed = looks
    .flatMap(({ conversation }) => conversation ?? [])
    .filter((conversation) => conversation.pinned === true && conversation.state === state)
    .map((conversation) => ({ conversation, place: placeOf(conversation) }))
    .filter(({ place }) => behind === undefined || place < behind)
    .toSorted((one, other) => (one.place < other.place ? 1 : -1));
  const page = placed.slice(0, limit);
  const last = page.at(-1)?.place;
  const unreadable = ids.filter((_, index) => looks[index]?.isUnreadable === true);
  return {
    items: page.map(({ conversation }) => conversation),
    ...(behind === undefined ? markerOf(unreadable) : {}),
    ...(placed.length > limit && last !== undefined && { next: last }),
  };
}

/** Unpins what was deleted since, which nobody sees among the pinned ones. Answers whether there was any. */
export async function dropGonePins(table: TableAccess, user: string): Promise<boolean> {
  const ids = await pinnedIds(table, user);
  const looks = await Promise.all(ids.map((id) => look(table, user, id, "strong")));
  const gone = ids.filter((_, index) => {
    const { isGone, conversation } = looks[index] ?? {};
    return isGone === true || conversation?.pinned === false;
  });
  if (gone.length === 0) return false;
  await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: pinsKey(user),
      UpdateExpression: "DELETE #ids :ids",
      ExpressionAttributeNames: namesIn("#ids"),
      ExpressionAttributeValues: { ":ids": new Set(gone) },
    }),
  );
  return true;
}

async function pinnedIds(table: TableAccess, user: string): Promise<readonly string[]> {
  const item = await getItem(table, pinsKey(user), "eventual");
  return [...pinsItem.parse(item ?? {}).ids];
}

interface Look {
  readonly conversation?: Conversation;
  readonly isGone?: boolean;
  readonly isUnreadable?: boolean;
}

async function look(
  table: TableAccess,
  user: string,
  id: string,
  consistency: "eventual" | "strong" = "eventual",
): Promise<Look> {
  const item = await getItem(table, headerKey(user, id), consistency);
  try {
    return { conversation: await inFull(table, user, liveHeader(item, table.now())) };
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return { isGone: true };
    const isUnreadable =
      error instanceof z.ZodError || (error instanceof StoreError && error.kind === "not-active");
    if (!isUnreadable) throw error;
    table.report?.({ kind: "conversation", id, fault: faultOf(error) });
    return { isUnreadable };
  }
}

function placeOf({ updatedAt, id }: Conversation): string {
  return `${updatedAt}/${id}`;
}
