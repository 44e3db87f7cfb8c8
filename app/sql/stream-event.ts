import * as z from "zod";
import { failureEntry, type Log } from "../lambda/log.ts";
import { chatTable } from "../resources/table.ts";
import { applyAll } from "./apply.ts";
import type { Ref, Source } from "./changes.ts";
import { quoted } from "./schema.ts";
import type { Target } from "./target.ts";

const text = z.object({ S: z.string() });

/** What Lambda gives of a table's stream: of each record, which item it is about. */
const streamEvent = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        Keys: z.object({ [chatTable.partitionKey]: text, [chatTable.sortKey]: text }),
        SequenceNumber: z.string(),
      }),
    }),
  ),
});

/** Which records were not applied (AWS Lambda Developer Guide, "Reporting batch item failures"). */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface StreamFollower {
  readonly tenant: string;
  readonly source: Source;
  readonly schema: string;
  readonly target: () => Promise<Target>;
  readonly log: Log;
}

/**
 * Applies a batch of a table's stream, as `chatstack migrate --follow` does. A record that cannot be applied is reported,
 * and the others of its batch are applied before Lambda brings it again: whatever comes twice does no harm.
 *
 * @throws Error where nothing was copied yet, or PostgreSQL is out of reach: then all of it comes again.
 */
export async function applyEvent(
  { tenant, source, schema, target: open, log }: StreamFollower,
  event: unknown,
): Promise<BatchAnswer> {
  const records = streamEvent.parse(event).Records.map(({ dynamodb }) => ({
    sequence: dynamodb.SequenceNumber,
    ref: refOf(dynamodb.Keys),
  }));
  const target = await open();
  await refuseUncopied(target, schema);
  const apply = (refs: readonly Ref[]) => applyAll({ source, target, schema }, refs);
  try {
    await apply(records.map(({ ref }) => ref));
    return { batchItemFailures: [] };
  } catch (error) {
    log(failureEntry(error, { tenant, operation: "followStream" }));
  }
  const failed: string[] = [];
  for (const { sequence, ref } of records) {
    try {
      await apply([ref]);
    } catch (error) {
      failed.push(sequence);
      log(failureEntry(error, { tenant, operation: "followStream" }));
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

const refOf = (keys: Readonly<Record<string, { readonly S: string } | undefined>>): Ref => ({
  item: {
    [chatTable.partitionKey]: keys[chatTable.partitionKey]?.S ?? "",
    [chatTable.sortKey]: keys[chatTable.sortKey]?.S ?? "",
  },
});

/** Without what was there before, rows would be a part that looks like the whole. */
async function refuseUncopied(target: Target, schema: string): Promise<void> {
  const [found] = await target.transaction((sql) =>
    sql("SELECT to_regclass($1::text)::text AS name", [`${quoted(schema)}.migration_progress`]),
  );
  if (typeof found?.name !== "string") {
    throw new Error(`nothing was copied to this schema: run \`chatstack migrate\` first`);
  }
}
