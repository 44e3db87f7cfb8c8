import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Attempts } from "../../../maintenance/attempts.ts";
import { recencyIndex } from "../../../resources/table.ts";
import type { ConversationSearch, Searched, SearchStep } from "../../maintenance-store.ts";
import { conversationsCreated } from "../conversations/created.ts";
import { purgeIfDue } from "../erasing/purge.ts";
import { conversationOf, userPartition } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
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

const found = z.object({
  pk: z.string(),
  sk: z.string(),
  state: z.string(),
  purgeAt: z.string().optional(),
});

/**
 * Walks `by-creation` for who has conversations, and asks `by-recency` once for each of them what lies
 * in the trash or is being deleted. With 20 conversations a user that is a seventh of the units of looking at
 * each conversation.
 */
export class TableSearch implements ConversationSearch {
  readonly everyMs = searchDays * dayMs;
  readonly #table: TableAccess;
  /** Of this run. */
  readonly #seen = new Set<string>();

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
    for (let from = 0; from < users.length; from += usersAtOnce) {
      const looks = users.slice(from, from + usersAtOnce).map(async (user) => {
        await attempts.run(async () => {
          purged += await this.#look(user, isOver, attempts);
        });
        this.#seen.add(user);
      });
      await Promise.all(looks);
      // Some of these users were not looked at to the end.
      if (isOver()) return { purged, isComplete: false, position };
    }
    return { purged, isComplete: next === undefined, position: next };
  }

  async #look(user: string, isOver: () => boolean, attempts: Attempts): Promise<number> {
    const table = this.#table;
    const now = table.now();
    const notice = new Date(now.getTime() + noticeDays * dayMs).toISOString();
    let purged = 0;
    for await (const { state, purgeAt = "", ...key } of this.#leaving(user)) {
      if (isOver()) break;
      const id = conversationOf(key);
      await attempts.run(async () => {
        if (state === "deleting" || purgeAt <= now.toISOString()) {
          if (await purgeIfDue(table, user, id)) purged++;
        } else if (purgeAt <= notice) {
          await remind(table, purgeAt, user, id);
        }
      });
    }
    return purged;
  }

  /** What a user has in the trash or is deleting, as the index knows it. */
  async *#leaving(user: string): AsyncIterable<z.infer<typeof found>> {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#table.client.send(
        new QueryCommand({
          TableName: this.#table.tableName,
          IndexName: recencyIndex.name,
          KeyConditionExpression: "#partition = :partition",
          FilterExpression: "#state IN (:trashed, :deleting)",
          ProjectionExpression: "#pk, #sk, #state, #purgeAt",
          ExpressionAttributeNames: {
            "#partition": recencyIndex.partitionKey,
            "#pk": "pk",
            "#sk": "sk",
            "#state": "state",
            "#purgeAt": "purgeAt",
          },
          ExpressionAttributeValues: {
            ":partition": userPartition(user),
            ":trashed": "trashed",
            ":deleting": "deleting",
          },
          ExclusiveStartKey,
        }),
      );
      for (const item of Items) yield found.parse(item);
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
}
