import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Attempts } from "../../../maintenance/attempts.ts";
import { recencyIndex } from "../../../resources/table.ts";
import type { ConversationSearch, Counted, Searched, SearchStep } from "../../maintenance-store.ts";
import { earliestCreation } from "../../transfer-store.ts";
import { conversationsCreated } from "../conversations/created.ts";
import { purgeIfDue } from "../erasing/purge.ts";
import { isKnownState, isPastTrash } from "../table/header.ts";
import { conversationOf, userPartition } from "../table/keys.ts";
import { isAway, orderOf } from "../table/order.ts";
import { isCarriedOut } from "../table/own-write.ts";
import { queryAll, whole } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";
import { updateExpression } from "../table/update.ts";
import { remind } from "./due.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** A search notes what comes due before the next one has surely ended: of many conversations one takes days. */
const noticeDays = 7;
const conversationsAtOnce = 400;
const usersAtOnce = 8;

const isOfOurs = (state: string): boolean =>
  isKnownState(state) || state === "deleting" || state === "deleted";

const found = z.object({
  pk: z.string(),
  sk: z.string(),
  state: z.string(),
  updatedAt: z.string(),
  purgeAt: z.string().optional(),
  createdAt: z.string().optional(),
  messageCount: z.number().optional(),
  lastMessage: z
    .object({ removed: z.number().optional(), bytes: z.number().optional() })
    .optional()
    .catch(undefined),
});
type Found = z.infer<typeof found>;

/**
 * Walks `by-creation` for who has conversations, and asks `by-recency` once for each of them what there is, what lies
 * in the trash or is being deleted, and what stands in the wrong half, as earlier versions left it. With 20 conversations a
 * user that is a seventh of the units of looking at each conversation. Another run may ask for the same user again: what a
 * user has counts where the walk finds the oldest conversation of it.
 */
export class TableSearch implements ConversationSearch {
  readonly #table: TableAccess;
  /** Of this run. */
  readonly #seen = new Set<string>();
  #isDirty = false;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async step({ position, isOver, attempts }: SearchStep): Promise<Searched> {
    const tomorrow = new Date(this.#table.now().getTime() + dayMs).toISOString().slice(0, 10);
    const { items, next } = await conversationsCreated(
      this.#table,
      { from: earliestCreation, to: tomorrow },
      { limit: conversationsAtOnce, after: position },
    );
    // The first of each user, since they come from the oldest on.
    const users = new Map(items.toReversed().map(({ user, createdAt }) => [user, createdAt]));
    const unseen = [...users].filter(([user]) => !this.#seen.has(user));
    let purged = 0;
    const counted = { users: 0, conversations: 0, messages: 0, bytes: 0 };
    this.#isDirty = false;
    for (let from = 0; from < unseen.length; from += usersAtOnce) {
      const looks = unseen.slice(from, from + usersAtOnce).map(async ([user, first]) => {
        await attempts.run(async () => {
          const looked = await this.#look(user, isOver, attempts);
          purged += looked.purged;
          if (looked.oldest === first) add(counted, looked.counted);
        });
        this.#seen.add(user);
      });
      await Promise.all(looks);
      // Some of these users were not looked at to the end.
      if (isOver()) return { purged, isComplete: false, isDirty: this.#isDirty, position };
    }
    const isComplete = next === undefined;
    return { purged, counted, isComplete, isDirty: this.#isDirty, position: next };
  }

  async #look(user: string, isOver: () => boolean, attempts: Attempts) {
    const table = this.#table;
    const now = table.now();
    const notice = new Date(now.getTime() + noticeDays * dayMs).toISOString();
    let purged = 0;
    const counted = { users: 1, conversations: 0, messages: 0, bytes: 0 };
    let oldest: string | undefined;
    const all = {
      ...whole(userPartition(user), recencyIndex),
      projection:
        "#pk, #sk, #state, #purgeAt, #updatedAt, #createdAt, #messageCount, #lastMessage.#removed, #lastMessage.#bytes",
    };
    for await (const item of queryAll(table, all)) {
      if (isOver()) break;
      await attempts.run(async () => {
        const entry = found.parse(item);
        const { pk, sk, state, createdAt, updatedAt, purgeAt = "" } = entry;
        const key = { pk, sk };
        const isGone = state === "deleting" || isPastTrash(entry, now);
        const id = conversationOf(key);
        if (createdAt !== undefined && createdAt >= earliestCreation) {
          if (oldest === undefined || createdAt < oldest) oldest = createdAt;
          if (!isGone) add(counted, countOf(entry));
        }
        if (state === "active") return;
        // A state of a later version stands where that version wants it.
        if (isOfOurs(state) && !isAway(updatedAt)) {
          this.#isDirty = true;
          await move(table, { state, updatedAt, ...key });
        }
        if (state !== "trashed" && state !== "deleting") return;
        if (isGone) {
          if (await purgeIfDue(table, user, id)) purged++;
        } else if (purgeAt <= notice) {
          await remind(table, user, id, purgeAt);
        }
      });
    }
    return { purged, counted, oldest };
  }
}

function countOf({ messageCount = 0, lastMessage }: Found): Counted {
  const messages = messageCount - (lastMessage?.removed ?? 0);
  return { users: 0, conversations: 1, messages, bytes: lastMessage?.bytes ?? 0 };
}

function add(sum: Writable<Counted>, more: Counted): void {
  sum.users += more.users;
  sum.conversations += more.conversations;
  sum.messages += more.messages;
  sum.bytes += more.bytes;
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Puts the entry of what is not active into its half, unless it has changed since it was read. */
async function move(
  { client, tableName }: TableAccess,
  { state, updatedAt, ...Key }: Pick<Found, "pk" | "sk" | "state" | "updatedAt">,
): Promise<void> {
  const update = new UpdateCommand({
    TableName: tableName,
    Key,
    ...updateExpression({
      set: { updatedAt: orderOf(state, updatedAt) },
      condition: "#state = :state AND #updatedAt = :was",
      values: { ":state": state, ":was": updatedAt },
    }),
  });
  await isCarriedOut(client.send(update));
}
