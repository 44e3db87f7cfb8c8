/** A tenant's table, read from one end to the other. */
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";

export interface Progress {
  readonly step: "copying" | "verifying";
  /** Items of the tenant's table so far, those of earlier runs that this one goes on from included. */
  readonly items: number;
}

export interface Batch {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Where the next batch begins; undefined after the last one. */
  readonly next: Readonly<Record<string, unknown>> | undefined;
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
