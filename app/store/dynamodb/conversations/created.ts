import * as z from "zod";
import { creationIndex } from "../../../resources/table.ts";
import type { CreatedConversation, DayRange } from "../../admin-store.ts";
import type { Page, PageRequest } from "../../conversation-store.ts";
import { jsonOf, readPosition } from "../../versions/position.ts";
import {
  conversationOf,
  creationPartition,
  creationShards,
  headerKey,
  userOf,
} from "../table/keys.ts";
import { query } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";

/** Months without anything that one request passes over, before it answers with an empty page. */
const monthsPerRequest = 24;

/** Where each shard of a month goes on; null at its beginning. */
const positionSchema = z.object({
  month: z.string(),
  shards: z.array(z.tuple([z.string(), z.string(), z.string()]).nullable()),
});
type Position = z.infer<typeof positionSchema>;

interface Shard {
  readonly index: number;
  readonly items: readonly CreatedConversation[];
  readonly more: boolean;
}

/**
 * Merges the shards of a month, month by month. Each shard reads somewhat more than its share of the page.
 * If a shard has more items, those after its last one are left for the next page. Cost: half a unit per
 * shard and 24 conversations, 4 units for a page of 100.
 */
export async function conversationsCreated(
  table: TableAccess,
  days: DayRange,
  { limit, after }: PageRequest,
): Promise<Page<CreatedConversation>> {
  let position: Position = after === undefined ? start(days.from.slice(0, 7)) : decode(after);
  for (let months = 0; months < monthsPerRequest; months++) {
    const size = Math.ceil((limit / creationShards) * 1.5);
    const shards = await Promise.all(
      Array.from({ length: creationShards }, (_, index) =>
        readShard(table, days, position, index, size),
      ),
    );
    const items = merge(shards).slice(0, limit);
    const isRead = shards.every((shard) => !shard.more && shard.items.every(isAmong(items)));
    const next = isRead ? following(position.month, days) : advance(position, shards, items);
    if (items.length > 0 || next === undefined) {
      return next === undefined ? { items } : { items, next: JSON.stringify(next) };
    }
    position = next;
  }
  return { items: [], next: JSON.stringify(position) };
}

async function readShard(
  table: TableAccess,
  { from, to }: DayRange,
  { month, shards }: Position,
  index: number,
  limit: number,
): Promise<Shard> {
  const partition = creationPartition(month, index);
  const last = shards[index];
  const { items, last: more } = await query(table, {
    index: creationIndex.name,
    condition: "#creationKey = :partition AND #createdAt BETWEEN :from AND :to",
    values: {
      ":partition": partition,
      ":from": `${from}T00:00:00.000Z`,
      ":to": `${to}T23:59:59.999Z`,
    },
    limit,
    after:
      last === null || last === undefined
        ? undefined
        : {
            ...headerKey(last[1], last[2]),
            [creationIndex.partitionKey]: partition,
            [creationIndex.sortKey]: last[0],
          },
  });
  return { index, items: items.map(toCreated), more: more !== undefined };
}

const createdItem = z.object({ pk: z.string(), sk: z.string(), createdAt: z.string() });

function toCreated(item: unknown): CreatedConversation {
  const { createdAt, ...key } = createdItem.parse(item);
  return { user: userOf(key), id: conversationOf(key), createdAt };
}

/** In order, as far as no shard may still hold something earlier. */
function merge(shards: readonly Shard[]): CreatedConversation[] {
  const ends = shards.flatMap(({ items, more }) => (more ? (items.at(-1)?.createdAt ?? "") : []));
  const frontier = ends.toSorted()[0];
  return shards
    .flatMap(({ items }) => items)
    .filter(({ createdAt }) => frontier === undefined || createdAt <= frontier)
    .toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
}

function isAmong(items: readonly CreatedConversation[]) {
  const taken = new Set(items);
  return (item: CreatedConversation) => taken.has(item);
}

/** Each shard goes on behind the last of its items that was answered. */
function advance(
  { month, shards: before }: Position,
  shards: readonly Shard[],
  answered: readonly CreatedConversation[],
): Position {
  const wasAnswered = isAmong(answered);
  return {
    month,
    shards: shards.map(({ index, items }) => {
      const last = items.filter(wasAnswered).at(-1);
      return last === undefined ? (before[index] ?? null) : [last.createdAt, last.user, last.id];
    }),
  };
}

function following(month: string, { to }: DayRange): Position | undefined {
  if (month >= to.slice(0, 7)) return undefined;
  const next = new Date(`${month}-01T00:00:00.000Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return start(next.toISOString().slice(0, 7));
}

function start(month: string): Position {
  return { month, shards: [] };
}

function decode(after: string): Position {
  return readPosition(jsonOf(positionSchema), after);
}
