import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Counted } from "../../maintenance-store.ts";
import { roundKey } from "../table/keys.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";

/** Steps of one run: the rest waits for the next run. Each writes its position for one unit. */
const stepsPerRun = 50;

const roundItem = z.object({
  startedAt: z.string(),
  completedAt: z.string().optional(),
  position: z.string().optional(),
  /** What the steps of this round have counted. */
  counted: z
    .object({
      users: z.number(),
      conversations: z.number(),
      messages: z.number(),
      bytes: z.number(),
    })
    .optional(),
  /** Whether some of what this round passed by failed. */
  hasFailed: z.boolean().optional(),
  /** Whether a step of this round found something out of order. */
  isDirty: z.boolean().optional(),
  /** When a round first ended that found everything in order. */
  cleanAt: z.string().optional(),
});

export interface Round {
  readonly name: string;
  /** From the beginning of one round to the beginning of the next. */
  readonly everyMs: number;
  readonly until: Date;
  /** Does a part, from where the last one ended; undefined at the beginning. */
  step(position: string | undefined): Promise<Progress>;
  /** Told once at least what a whole round has counted. */
  whole?(counted: Counted): Promise<void>;
}

export interface Progress {
  readonly isComplete: boolean;
  readonly position?: string | undefined;
  readonly counted?: Counted | undefined;
  readonly hasFailed: boolean;
  readonly isDirty?: boolean;
}

/**
 * Goes on with a walk over everything, which takes as many runs as it needs: the table knows how far it
 * has come. Between two rounds a run costs half a read unit. What failed on the way is for the next run:
 * the round begins anew then, instead of after `everyMs`.
 */
export async function goRound(table: TableAccess, round: Round): Promise<void> {
  const { name, everyMs, until, step } = round;
  const item = await getItem(table, roundKey(name), "eventual");
  // One of another version begins anew: a round may be gone twice.
  const stored = roundItem.safeParse(item).data;
  const isOver = stored?.completedAt !== undefined;
  const isWell = isOver && stored.hasFailed !== true;
  if (isWell && Date.parse(stored.startedAt) + everyMs > table.now().getTime()) return;
  const going = isOver ? undefined : stored;
  const startedAt = going?.startedAt ?? table.now().toISOString();
  let position = going?.position;
  let hasFailed = going?.hasFailed ?? false;
  let isDirty = going?.isDirty ?? false;
  let counted = going?.counted;
  for (let steps = 0; steps < stepsPerRun && table.now() < until; steps++) {
    const progress = await step(position);
    position = progress.position;
    hasFailed ||= progress.hasFailed;
    isDirty ||= hasFailed || (progress.isDirty ?? false);
    counted = sumOf(counted, progress.counted);
    if (progress.isComplete && counted !== undefined) await round.whole?.(counted);
    const end = progress.isComplete ? table.now().toISOString() : undefined;
    const cleanAt = stored?.cleanAt ?? (isDirty ? undefined : end);
    const going = { startedAt, position, counted, completedAt: end, hasFailed, isDirty, cleanAt };
    await save(table, name, going);
    if (progress.isComplete) return;
  }
}

function sumOf(one: Counted | undefined, other: Counted | undefined): Counted | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    users: one.users + other.users,
    conversations: one.conversations + other.conversations,
    messages: one.messages + other.messages,
    bytes: one.bytes + other.bytes,
  };
}

/** Whether a round of this name has ever ended that found everything in order. */
export async function wasClean(table: TableAccess, name: string): Promise<boolean> {
  const item = await getItem(table, roundKey(name), "eventual");
  return item !== undefined && roundItem.parse(item).cleanAt !== undefined;
}

async function save(
  { client, tableName }: TableAccess,
  name: string,
  round: z.infer<typeof roundItem>,
): Promise<void> {
  const Item = { ...roundKey(name), ...round };
  await client.send(new PutCommand({ TableName: tableName, Item }));
}
