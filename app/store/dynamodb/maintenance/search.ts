import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Attempts } from "../../../maintenance/attempts.ts";
import { recencyIndex } from "../../../resources/table.ts";
import type { ConversationSearch, Searched, SearchStep } from "../../maintenance-store.ts";
import { conversationsCreated } from "../conversations/created.ts";
import { purgeIfDue } from "../erasing/purge.ts";
import { isKnownState } from "../table/header.ts";
import { conversationOf, userPartition } from "../table/keys.ts";
import { isAway, orderOf } from "../table/order.ts";
import { isCarriedOut } from "../table/own-write.ts";
import { queryAll, whole } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";
import { updateExpression } from "../table/update.ts";
import { remind } from "./due.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Two searches see whatever lies 30 days in the trash, with time to spare. */
const searchDays = 7;
/** A search notes what comes due before the next one has surely ended. */
const noticeDays = 2 * searchDays;
const conversationsAtOnce = 400;
const usersAtOnce = 8;
/** An import keeps the time at which a conversation was created elsewhere. */
const firstDay = "2010-01-01";

const isOfOurs = (state: string): boolean =>
  isKnownState(state) || state === "deleting" || state === "deleted";

const found = z.object({
  pk: z.string(),
  sk: z.string(),
  state: z.string(),
  updatedAt: z.string(),
  purgeAt: z.string().optional(),
});

/**
 * Walks `by-creation` for who has conversations, and asks `by-recency` once for each of them what lies
 * in the trash or is being deleted, and what stands in the wrong half, as earlier versions left it. With 20 conversations a user that is a seventh of the units of looking at
 * each conversation.
 */
export class TableSearch implements ConversationSearch {
  readonly everyMs = searchDays * dayMs;
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
      { from: firstDay, to: tomorrow },
      { limit: conversationsAtOnce, after: position },
    );
    const users = [...new Set(items.map(({ user }) => user))].filter((id) => !this.#seen.has(id));
    let purged = 0;
    this.#isDirty = false;
    for (let from = 0; from < users.length; from += usersAtOnce) {
      const looks = users.slice(from, from + usersAtOnce).map(async (user) => {
        await attempts.run(async () => {
          purged += await this.#look(user, isOver, attempts);
        });
        this.#seen.add(user);
      });
      await Promise.all(looks);
      // Some of these users were not looked at to the end.
      if (isOver()) return { purged, isComplete: false, isDirty: this.#isDirty, position };
    }
    return { purged, isComplete: next === undefined, isDirty: this.#isDirty, position: next };
  }

  async #look(user: string, isOver: () => boolean, attempts: Attempts): Promise<number> {
    const table = this.#table;
    const now = table.now();
    const notice = new Date(now.getTime() + noticeDays * dayMs).toISOString();
    let purged = 0;
    const away = {
      ...whole(userPartition(user), recencyIndex),
      filter: "#state <> :active",
      projection: "#pk, #sk, #state, #purgeAt, #updatedAt",
    };
    const values = { ...away.values, ":active": "active" };
    for await (const item of queryAll(table, { ...away, values })) {
      if (isOver()) break;
      await attempts.run(async () => {
        const { state, updatedAt, purgeAt = "", ...key } = found.parse(item);
        const id = conversationOf(key);
        // A state of a later version stands where that version wants it.
        if (isOfOurs(state) && !isAway(updatedAt)) {
          this.#isDirty = true;
          await move(table, { state, updatedAt, ...key });
        }
        if (state !== "trashed" && state !== "deleting") return;
        if (state === "deleting" || purgeAt <= now.toISOString()) {
          if (await purgeIfDue(table, user, id)) purged++;
        } else if (purgeAt <= notice) {
          await remind(table, user, id, purgeAt);
        }
      });
    }
    return purged;
  }
}

/** Puts the entry of what is not active into its half, unless it has changed since it was read. */
async function move(
  { client, tableName }: TableAccess,
  { state, updatedAt, ...Key }: Omit<z.infer<typeof found>, "purgeAt">,
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
