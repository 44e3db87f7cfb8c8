/** A tenant's data, read from one end to the other: its table, and with `history: s3` its bucket. */
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import { bucketFolders } from "../../app/resources/bucket.ts";
import { readAheadBytes } from "../../app/resources/memory.ts";
import { type Change, changeOfItem, changeOfObject, type Source } from "../../app/sql/changes.ts";
import { keyOf } from "../../app/sql/items.ts";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";

export interface Progress {
  readonly step: "copying" | "verifying";
  /** Items and objects of the tenant so far, those of earlier runs that this one goes on from included. */
  readonly items: number;
}

type Position = Readonly<Record<string, unknown>>;

export interface Batch {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Where the next batch begins; undefined after the last one. */
  readonly next: Position | undefined;
}

export const segments = 4;

/**
 * A Scan, since nothing in a tenant's table lists its users: half a read unit for each 4 KB, the table's
 * whole size once. Read strongly, for twice that: what was written before the run began is never missed.
 */
export async function* batches(
  { client, tableName }: TableAccess,
  segment: number,
  after: Batch["next"],
): AsyncGenerator<Batch> {
  let next = after;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: tableName,
        Segment: segment,
        TotalSegments: segments,
        ConsistentRead: true,
        ExclusiveStartKey: next,
      }),
    );
    next = LastEvaluatedKey;
    yield { items: Items, next };
  } while (next !== undefined);
}

/** All of a table, its segments side by side; what fails in one is thrown when the others are done. */
export async function eachBatch(
  table: TableAccess,
  work: (items: Batch["items"]) => Promise<void> | void,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: segments }, async (_, segment) => {
      for await (const { items } of batches(table, segment, undefined)) await work(items);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/** What is read at once, as it stands in PostgreSQL. */
export interface Reading {
  readonly changes: readonly Change[];
  readonly next: Position | undefined;
}

/** Parts of a source that are read side by side. */
export function partsOf({ history }: Source): number[] {
  return Array.from({ length: history === undefined ? segments : segments + 1 }, (_, part) => part);
}

export async function* readings(
  source: Source,
  part: number,
  after: Position | undefined,
): AsyncGenerator<Reading> {
  if (part >= segments) {
    if (source.history !== undefined) yield* objectReadings(source, source.history, after);
    return;
  }
  for await (const { items, next } of batches(source, part, after)) {
    const changes: Change[] = [];
    for (const item of items) changes.push(await changeOfItem(source, keyOf(item), item));
    yield { changes, next };
  }
}

const objectsAtOnce = 100;

async function* objectReadings(
  source: Source,
  history: ObjectStore,
  after: Position | undefined,
): AsyncGenerator<Reading> {
  let changes: Change[] = [];
  let bytes = 0;
  const { prefix } = bucketFolders.history;
  const behind = typeof after?.key === "string" ? after.key : undefined;
  for await (const { key, size } of history.list(prefix, behind)) {
    changes.push(await changeOfObject(source, history, key));
    bytes += size;
    if (changes.length < objectsAtOnce && bytes < readAheadBytes) continue;
    yield { changes, next: { key } };
    [changes, bytes] = [[], 0];
  }
  yield { changes, next: undefined };
}
