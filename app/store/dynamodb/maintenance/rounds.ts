import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { roundKey } from "../table/keys.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";

/** Steps of one run: the rest waits for the next run. Each writes its position for one unit. */
const stepsPerRun = 50;

const roundItem = z.object({
  startedAt: z.string(),
  completedAt: z.string().optional(),
  position: z.string().optional(),
});

export interface Round {
  readonly name: string;
  /** From the beginning of one round to the beginning of the next. */
  readonly everyMs: number;
  readonly until: Date;
  /** Does a part, from where the last one ended; undefined at the beginning. */
  step(position: string | undefined): Promise<Progress>;
}

export interface Progress {
  readonly isComplete: boolean;
  readonly position?: string | undefined;
}

/**
 * Goes on with a walk over everything, which takes as many runs as it needs: the table knows how far it
 * has come. Between two rounds a run costs half a read unit.
 */
export async function goRound(table: TableAccess, round: Round): Promise<void> {
  const { name, everyMs, until, step } = round;
  const item = await getItem(table, roundKey(name), "eventual");
  // One of another version begins anew: a round may be gone twice.
  const stored = roundItem.safeParse(item).data;
  const isOver = stored?.completedAt !== undefined;
  if (isOver && Date.parse(stored.startedAt) + everyMs > table.now().getTime()) return;
  const going = isOver ? undefined : stored;
  const startedAt = going?.startedAt ?? table.now().toISOString();
  let position = going?.position;
  for (let steps = 0; steps < stepsPerRun && table.now() < until; steps++) {
    const progress = await step(position);
    position = progress.position;
    const end = progress.isComplete ? table.now().toISOString() : undefined;
    await save(table, name, { startedAt, position, completedAt: end });
    if (progress.isComplete) return;
  }
}

async function save(
  { client, tableName }: TableAccess,
  name: string,
  round: z.infer<typeof roundItem>,
): Promise<void> {
  const Item = { ...roundKey(name), ...round };
  await client.send(new PutCommand({ TableName: tableName, Item }));
}
