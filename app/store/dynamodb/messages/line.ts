import { setTimeout as sleep } from "node:timers/promises";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type Writing, writable, writableCondition } from "../table/guard.ts";
import { type Header, headerItem } from "../table/header.ts";
import { headerKey } from "../table/keys.ts";
import { refusedItem } from "../table/own-write.ts";
import type { TableAccess } from "../table/table-access.ts";
import { namesIn } from "../table/update.ts";

/** What one append takes, with time to spare, until the line has shown what it takes. */
const turnMs = 25;
const longestTurnMs = 120;
/** Writers that began together have all tried once before the first of them takes a place. */
const settleMs = 100;
/** Without any progress for so long, those ahead do not come. */
const patienceMs = 1_500;

export interface Writer extends Writing {
  readonly user: string;
  readonly id: string;
}

/** The turn of a writer in the line of a conversation. */
export interface Turn {
  /** The header as it should be then: its sequence is what those ahead will have made it. */
  readonly header: Header;
  /** Places that the append gives back: its own, and those of writers who did not come. */
  readonly places: number;
  /** What the line has shown so far: when it stood where, first and last. */
  readonly since: Seen;
  readonly last: Seen;
}

interface Seen {
  readonly sequence: number;
  readonly at: number;
}

/**
 * Lines up the writers of several processes that lost a race for one conversation: instead of trying again at random,
 * each takes a place on the header, for one write unit, and waits its turn. The line only says when to try;
 * the condition on the sequence decides. So a writer who never comes, or one who does not line up, costs those
 * behind it one try more, and no message.
 *
 * @param isFirst whether there was no line when the race was lost.
 */
export async function takePlace(
  table: TableAccess,
  writer: Writer,
  count: number,
  isFirst: boolean,
): Promise<Turn> {
  if (isFirst) await sleep(settleMs * (1 + Math.random()));
  const asked = performance.now();
  const header = await join(table, writer, count);
  const at = performance.now();
  const ahead = Math.max(0, (header.lined ?? 0) - count);
  // A turn takes no less than a request, which tells how busy the table is, or this process.
  await sleep(ahead * Math.min(longestTurnMs, Math.max(turnMs, at - asked)));
  const seen = { sequence: header.sequence, at };
  // Whoever is ahead brings the title that is wanted.
  const { autoTitle: _, ...titled } = header;
  const expected = { ...(ahead > 0 ? titled : header), sequence: header.sequence + ahead };
  return { header: expected, places: count, since: seen, last: seen };
}

/** After a refusal, which has told the header as it is. */
export async function nextTurn(turn: Turn, current: Header): Promise<Turn> {
  const { header, places, since } = turn;
  const now = { sequence: current.sequence, at: performance.now() };
  const last = current.sequence > turn.last.sequence ? now : turn.last;
  const ahead = header.sequence - current.sequence;
  if (ahead <= 0) return { header: current, places, since, last };
  if (now.at - last.at > patienceMs) {
    return { header: current, places: places + ahead, since, last };
  }
  const done = current.sequence - since.sequence;
  const pace = (now.at - since.at) / Math.max(1, done);
  await sleep(ahead * Math.min(longestTurnMs, Math.max(turnMs, pace)));
  return { header: { ...current, sequence: header.sequence }, places, since, last };
}

async function join(table: TableAccess, writer: Writer, count: number): Promise<Header> {
  const UpdateExpression = "SET #lined = if_not_exists(#lined, :none) + :count";
  const { condition, values } = writableCondition(table.now(), { ...writer, guard: undefined });
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: headerKey(writer.user, writer.id),
        UpdateExpression,
        ConditionExpression: condition,
        ExpressionAttributeNames: namesIn(`${UpdateExpression} ${condition}`),
        ExpressionAttributeValues: { ...values, ":none": 0, ":count": count },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return headerItem.parse(Attributes);
  } catch (error) {
    const refused = refusedItem(error);
    if (refused === undefined) throw error;
    // Deleted or archived since: the line ends for everybody.
    return writable(refused.item, table.now(), writer);
  }
}
