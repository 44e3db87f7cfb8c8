import * as z from "zod";
import { creationIndex } from "../../resources/table.ts";
import type { PageRequest } from "../conversation-store.ts";
import type { DayTotals, Totals } from "../usage-store.ts";
import { jsonOf, readPosition } from "../versions/position.ts";
import { storedIn } from "./maintenance/stored.ts";
import {
  creationPartition,
  creationShards,
  usageKey,
  usagePartition,
  userOf,
} from "./table/keys.ts";
import { query, whole } from "./table/query.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";

const kinds = ["users", "conversations"] as const;

const startKey = z.record(z.string(), z.string()).optional();

/** The next shard to read, and behind which item of it. */
const positionSchema = z.object({
  kind: z.enum(kinds),
  shard: z
    .number()
    .int()
    .min(0)
    .max(creationShards - 1),
  key: startKey,
});
type Position = z.infer<typeof positionSchema>;

const indexItem = z.object({ pk: z.string(), sk: z.string(), createdAt: z.string() });
const number = z.number().default(0);

/** Conversations that half a read unit finds. */
const conversationsAUser = 40;

/**
 * The index by creation leads to the counters of whoever asked a model in the month, and to the conversations that
 * began in it: a page costs half a read unit for each user, and as much for 40 conversations. What was stored on each day
 * costs the first page half a unit more. Nothing else is read.
 */
export async function totalsOf(
  table: TableAccess,
  month: string,
  { limit, after }: PageRequest,
): Promise<Totals> {
  const days = new Map<string, DayTotals>();
  const add = (day: string, more: Partial<Omit<DayTotals, "day">>) => {
    const sum = days.get(day) ?? { ...nothing, day };
    days.set(day, {
      day,
      users: sum.users + (more.users ?? 0),
      answers: sum.answers + (more.answers ?? 0),
      conversations: sum.conversations + (more.conversations ?? 0),
      inputTokens: sum.inputTokens + (more.inputTokens ?? 0),
      outputTokens: sum.outputTokens + (more.outputTokens ?? 0),
    });
  };
  const stored = after === undefined ? await storedIn(table, month) : [];
  let users = 0;
  let left = limit;
  let position: Position | undefined =
    after === undefined ? { kind: "users", shard: 0 } : readPosition(jsonOf(positionSchema), after);
  while (position !== undefined && left > 0) {
    const { kind, shard, key }: Position = position;
    const size = kind === "users" ? left : left * conversationsAUser;
    const { items, last } = await readShard(table, partitionOf(kind, month, shard), size, key);
    if (kind === "users") {
      const counted = await Promise.all(
        items.map((item) => getItem(table, usageKey(userOf(item), month), "eventual")),
      );
      for (const item of counted) users += addUser(item, month, add);
      left -= items.length;
    } else {
      for (const { createdAt } of items) add(createdAt.slice(0, 10), { conversations: 1 });
      left -= Math.ceil(items.length / conversationsAUser);
    }
    position = last === undefined ? following(position) : { kind, shard, key: last };
  }
  return {
    users,
    days: [...days.values()].toSorted((one, other) => (one.day < other.day ? -1 : 1)),
    stored,
    ...(position !== undefined && { next: JSON.stringify(position) }),
  };
}

const nothing = { users: 0, answers: 0, conversations: 0, inputTokens: 0, outputTokens: 0 };

/** Answers how many users it were: none, where the counters have expired or were erased. */
function addUser(
  item: Readonly<Record<string, unknown>> | undefined,
  month: string,
  add: (day: string, more: Partial<DayTotals>) => void,
): number {
  if (item === undefined) return 0;
  let isUser = false;
  for (const name of Object.keys(item)) {
    const [, date] = /^in(\d\d)$/.exec(name) ?? [];
    if (date === undefined) continue;
    isUser = true;
    add(`${month}-${date}`, {
      users: 1,
      answers: number.parse(item[`n${date}`]),
      inputTokens: number.parse(item[name]),
      outputTokens: number.parse(item[`out${date}`]),
    });
  }
  return isUser ? 1 : 0;
}

const partitionOf = (kind: Position["kind"], month: string, shard: number) =>
  kind === "users" ? usagePartition(month, shard) : creationPartition(month, shard);

function following({ kind, shard }: Position): Position | undefined {
  if (shard + 1 < creationShards) return { kind, shard: shard + 1 };
  return kind === "users" ? { kind: "conversations", shard: 0 } : undefined;
}

async function readShard(
  table: TableAccess,
  partition: string,
  limit: number,
  after: Position["key"],
) {
  const { items, last } = await query(table, { ...whole(partition, creationIndex), limit, after });
  return { items: items.map((item) => indexItem.parse(item)), last: startKey.parse(last) };
}
