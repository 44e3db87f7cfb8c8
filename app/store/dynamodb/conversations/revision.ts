import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { LostRace, untilWon } from "../../contention.ts";
import {
  type Conversation,
  type ConversationChanges,
  type ConversationState,
  conversationStates,
  trashDays,
} from "../../conversation-store.ts";
import { allows, type Guard } from "../../guard.ts";
import { StoreError } from "../../store-error.ts";
import { liveCondition } from "../table/guard.ts";
import { type Header, headerItem } from "../table/header.ts";
import { headerKey, type Key } from "../table/keys.ts";
import { orderOf } from "../table/order.ts";
import { ownWrite, refusedItem } from "../table/own-write.ts";
import { getItem, liveHeader, type TableAccess } from "../table/table-access.ts";
import { type TransactItems, transact } from "../table/transaction.ts";
import { updateExpression } from "../table/update.ts";
import { hasDetails } from "./creation.ts";
import { inFull, updateDetails } from "./details.ts";
import { dropGonePins, updatePins } from "./pins.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Changes fields of the header, the state among them. The entry of the index moves to where what changed last
 * stands in its state, for one unit more than a change in place: there a sync finds it. A change
 * that names no state is taken to be of an active conversation; the refusal tells which state it is.
 *
 * What stands beside the header is written with it, in one transaction.
 */
export async function revise(
  table: TableAccess,
  user: string,
  id: string,
  changes: ConversationChanges,
  guard: Guard | undefined,
  only?: { readonly condition: string; readonly values: Readonly<Record<string, unknown>> },
): Promise<Conversation> {
  const { settings, metadata, tags, pinned, ...ofHeader } = changes;
  const details = { settings, metadata, tags };
  // Taken back to what it is by default, as a replacement does: of most conversations that writes nothing.
  let isBare = !hasDetails(details) && pinned !== true;
  let hasDropped = false;
  let state: ConversationState = changes.state ?? "active";
  return untilWon(async () => {
    const now = table.now();
    const set = {
      ...ofHeader,
      // Whoever names it, it is a person's now.
      ...(changes.title !== undefined && { autoTitle: null }),
      ...purgeOf(changes, now),
      ...(!isBare && pinned !== undefined && { pinned: pinned || null }),
      ...(!isBare && isNamed(details) && { detailsAt: now.toISOString() }),
      updatedAt: orderOf(state, now.toISOString()),
    };
    const { condition, values } = liveCondition(now, guard);
    const conditions = [
      condition,
      ...(changes.state === undefined ? ["#state = :known"] : []),
      ...(isBare && isNamed(details) ? ["attribute_not_exists(#detailsAt)"] : []),
      ...(isBare && pinned === false ? ["attribute_not_exists(#pinned)"] : []),
      ...(only === undefined ? [] : [only.condition]),
    ];
    const update = {
      TableName: table.tableName,
      Key: headerKey(user, id),
      ...updateExpression({
        set,
        add: { version: 1 },
        condition: conditions.join(" AND "),
        values: {
          ...values,
          ...(changes.state === undefined && { ":known": state }),
          ...only?.values,
        },
      }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    };
    const beside = isBare
      ? undefined
      : [
          ...(isNamed(details) ? [updateDetails(table, user, id, details)] : []),
          ...(pinned === undefined ? [] : [updatePins(table, user, id, pinned)]),
        ];
    const outcome =
      beside === undefined
        ? await writeAlone(table, update, set)
        : await writeTogether(table, update, beside);
    if ("written" in outcome) return inFull(table, user, outcome.written, "strong");
    if (outcome.refused === "pins") {
      if (hasDropped || !(await dropGonePins(table, user))) throw new StoreError("too-many-pins");
      hasDropped = true;
      throw new LostRace();
    }
    const header = liveHeader(outcome.refused.item, now);
    if (!allows(guard, header.version)) throw new StoreError("stale");
    const found = conversationStates.find((one) => one === header.state);
    if (changes.state === undefined && found !== undefined && found !== state) state = found;
    else if (only !== undefined) return inFull(table, user, header, "strong");
    else if (isBare && (isNamed(details) || pinned !== undefined)) isBare = false;
    else throw new StoreError("stale");
    throw new LostRace();
  });
}

type Outcome =
  | { readonly written: Header }
  | { readonly refused: { readonly item: Record<string, unknown> | undefined } | "pins" };

type HeaderUpdate = NonNullable<TransactItems[number]["Update"]> & { readonly Key: Key };

async function writeAlone(
  table: TableAccess,
  update: HeaderUpdate,
  set: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({ ...update, ReturnValues: "ALL_NEW" }),
    );
    return { written: headerItem.parse(Attributes) };
  } catch (error) {
    const own = ownWrite(error, set);
    if (own !== undefined) return { written: headerItem.parse(own) };
    const refused = refusedItem(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

/** A transaction answers nothing of what it wrote: it is read. */
async function writeTogether(
  table: TableAccess,
  update: HeaderUpdate,
  beside: TransactItems,
): Promise<Outcome> {
  const refusals = await transact(table, [{ Update: update }, ...beside]);
  if (refusals !== undefined) return { refused: refusals[0] ?? "pins" };
  const item = await getItem(table, update.Key, "strong");
  return { written: liveHeader(item, table.now()) };
}

/** Gives the title that a model made, unless it is a person's. */
export function suggestTitle(
  table: TableAccess,
  user: string,
  id: string,
  title: string,
): Promise<Conversation> {
  const made = { condition: "#autoTitle = :text", values: { ":text": "text" } };
  return revise(table, user, id, { title }, undefined, made);
}

const isNamed = (details: object): boolean =>
  Object.values(details).some((value) => value !== undefined);

function purgeOf({ state }: ConversationChanges, now: Date): { purgeAt?: string | null } {
  if (state === undefined) return {};
  const purgeAt = new Date(now.getTime() + trashDays * dayMs).toISOString();
  return { purgeAt: state === "trashed" ? purgeAt : null };
}

/** One write unit, since no index holds the mark. A mark that says nothing new writes nothing. */
export async function markRead(
  table: TableAccess,
  user: string,
  id: string,
  sequence: number,
): Promise<Conversation> {
  const now = table.now();
  const live = liveCondition(now);
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(user, id),
        ...updateExpression({
          set: { lastRead: sequence },
          condition: `${live.condition} AND #lastRead < :through AND #sequence >= :through`,
          values: { ...live.values, ":through": sequence },
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return inFull(table, user, headerItem.parse(Attributes));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const item = error.Item === undefined ? undefined : unmarshall(error.Item);
    const header = liveHeader(item, now);
    if (header.lastRead >= Math.min(sequence, header.sequence)) return inFull(table, user, header);
    // Beyond the end: the end is meant, which the refusal has told.
    return markRead(table, user, id, header.sequence);
  }
}
