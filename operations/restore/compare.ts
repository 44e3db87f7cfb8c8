import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { chatTable } from "../../app/resources/table.ts";
import { placeOf } from "../../app/sql/entities.ts";
import type { Item } from "../../app/sql/items.ts";
import type { OnProgress } from "../aws/tables.ts";
import { eachBatch } from "../migrate/source.ts";
import { Sample } from "./sample.ts";

export interface Comparison {
  /** Items by kind, e.g. `MSG`. While users write, the two differ. */
  readonly items: readonly {
    readonly kind: string;
    readonly source: number;
    readonly restored: number;
  }[];
  /** Messages of the sample that were compared one by one. */
  readonly compared: number;
  /** Of the sample: in the restored table alone, which is what a restore is made for. */
  readonly onlyRestored: number;
  /** Of the sample: written anew in the source since the time restored to. */
  readonly changedSince: number;
  /** Messages that differ though neither was written since. */
  readonly different: Named;
  /** Messages older than the time restored to that the source alone has. */
  readonly missing: Named;
  /** Nothing is different and nothing is missing. */
  readonly isSame: boolean;
}

/** How many, and the keys of the first. */
export interface Named {
  readonly count: number;
  readonly keys: readonly string[];
}

export interface CompareRequest {
  readonly source: string;
  readonly target: string;
  /** The time restored to. */
  readonly at: Date;
}

/** Messages that are compared one by one. */
const sampleSize = 10_000;
/** Names of differing messages in a report. */
const reported = 10;
/** What a message's own time, which a Lambda function's clock gave it, may be away from DynamoDB's. */
const clockMilliseconds = 60_000;

/**
 * Reads both tables and compares them as far as they can be while users write: how many items of each
 * kind, and a sample of messages, which nothing but feedback changes once they are written.
 */
export async function compareTables(
  client: DynamoDBDocumentClient,
  { source, target, at }: CompareRequest,
  onProgress: OnProgress,
): Promise<Comparison> {
  const restored = await readTable(client, target, onProgress);
  const former = await readTable(client, source, onProgress);
  const inRestored = restored.sample.within(former.sample);
  const inFormer = former.sample.within(restored.sample);
  const different: string[] = [];
  let [compared, onlyRestored, changedSince] = [0, 0, 0];
  for (const [key, message] of inRestored) {
    const counterpart = inFormer.get(key);
    if (counterpart === undefined) onlyRestored++;
    else if (new Date(counterpart.timestamp).getTime() > at.getTime() + clockMilliseconds)
      changedSince++;
    else {
      compared++;
      if (counterpart.digest !== message.digest) different.push(key);
    }
  }
  const before = new Date(at.getTime() - clockMilliseconds).toISOString();
  const missing = [...inFormer.values()]
    .filter(({ key, timestamp }) => timestamp <= before && !inRestored.has(key))
    .map(({ key }) => key);
  const kinds = new Set([...restored.kinds.keys(), ...former.kinds.keys()]);
  return {
    items: [...kinds].sort().map((kind) => ({
      kind,
      source: former.kinds.get(kind) ?? 0,
      restored: restored.kinds.get(kind) ?? 0,
    })),
    compared,
    onlyRestored,
    changedSince,
    different: named(different),
    missing: named(missing),
    isSame: different.length + missing.length === 0,
  };
}

const named = (keys: readonly string[]): Named => ({
  count: keys.length,
  keys: keys.slice(0, reported),
});

async function readTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  onProgress: OnProgress,
) {
  const kinds = new Map<string, number>();
  const sample = new Sample(sampleSize);
  let items = 0;
  const table = { client, tableName, now: () => new Date() };
  await eachBatch(table, (batch) => {
    for (const item of batch) {
      const kind = kindOf(item);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (kind === "MSG") sample.add(item);
    }
    items += batch.length;
    onProgress(`comparing: ${items.toLocaleString("en")} items of ${tableName}`);
  });
  return { kinds, sample };
}

/** Of a user's item by its sort key, e.g. `CONV`; of the tenant's by its partition, e.g. `AUDIT`. */
function kindOf(item: Item): string {
  const [pk, sk] = [String(item[chatTable.partitionKey]), String(item[chatTable.sortKey])];
  return placeOf(pk, sk)?.kind ?? pk.split("#", 1)[0] ?? pk;
}
