/** What was written to a tenant's old table since the point restored to: found, and brought over. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DynamoDBErasureStore } from "../../../app/store/dynamodb/erasing/erasures.ts";
import type { OnProgress } from "../../aws/tables.ts";
import { type Changes, Tally } from "./changes.ts";
import type { Pass, SinceRequest } from "./pass.ts";
import { applyRemovals } from "./removals.ts";
import { carryWrites } from "./writes.ts";

/** What an item's own time, which a Lambda function's clock gave it, may be away from DynamoDB's. */
const clockMilliseconds = 60_000;
const erasuresAtOnce = 1_000;

/**
 * Finds what the old table has that was written after the point restored to, and carries it to the restored
 * table if that is asked. Reads both tables once as a whole. It may run while users write, be stopped at any
 * time, and be repeated: what is carried over already is found the same and costs reads alone.
 *
 * Conversations go through the store's own import; what one item holds goes as it is.
 */
export async function changesSince(
  client: DynamoDBDocumentClient,
  request: SinceRequest,
  onProgress: OnProgress,
): Promise<Changes> {
  const { source, target, at, objects, now } = request;
  const from = { client, tableName: source, objects, now };
  const tally = new Tally();
  const pass: Pass = {
    from,
    to: { client, tableName: target, objects, now },
    request,
    since: new Date(at.getTime() - clockMilliseconds),
    erasing: new Set(await new DynamoDBErasureStore(from).pending(erasuresAtOnce)),
    tally,
    onProgress,
  };
  // First, so that what an erased user wrote afterwards is not erased with the rest.
  await applyRemovals(pass);
  await carryWrites(pass);
  return tally.result();
}
