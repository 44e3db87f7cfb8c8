/** Copying a tenant's data into PostgreSQL, and proving that every row arrived. */

import { applyAll, noteObjects } from "../../app/sql/apply.ts";
import { type Ref, rowsOf, type Source } from "../../app/sql/changes.ts";
import { upsert } from "../../app/sql/rows.ts";
import { createStatements, finishStatements, quoted, tables } from "../../app/sql/schema.ts";
import type { Sql, Target } from "../../app/sql/target.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { beginFollowing } from "./follow.ts";
import { type Progress, partsOf, type Reading, readings } from "./source.ts";
import { type Verification, verify } from "./verify.ts";

export interface MigrationOptions {
  readonly source: Source;
  readonly target: Target;
  /** Schema of PostgreSQL that the tenant's data gets for itself. */
  readonly schema: string;
  /** Drops the schema first. Default false: goes on where a run ended, or brings a copy up to date. */
  readonly reset?: boolean;
  /** ARN of the table's stream, which `follow` reads from the begin of the copy on. Default: there is none to follow. */
  readonly streamArn?: string | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Migration extends Verification {
  /** Whether an earlier run had begun it. */
  readonly resumed: boolean;
}

/**
 * Copies a tenant's data into PostgreSQL in batches, each with its place in one transaction, and then
 * reads both again to compare every row. A run that died goes on from there; a repeated one replaces
 * what changed and deletes what is gone. It changes nothing at the source.
 *
 * @throws UsageError when the schema holds the data of another table.
 */
export async function migrate(options: MigrationOptions): Promise<Migration> {
  const { source, target, schema, reset = false } = options;
  const onProgress = options.onProgress ?? (() => {});
  const places = await target.transaction(async (sql) => {
    if (reset) await sql(`DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE`);
    await sql(createStatements(schema));
    return begin(sql, options);
  });

  let items = places.reduce((sum, place) => sum + place.items, 0);
  await settled(
    places
      .filter(({ done }) => !done)
      .map(async ({ segment, next: after }) => {
        for await (const reading of readings(source, segment, after)) {
          await target.transaction(async (sql) => {
            for (const [name, rows] of rowsOf(reading.changes)) {
              await upsert(sql, schema, tables[name], rows);
            }
            await noteObjects(sql, schema, reading.changes);
            await advance(sql, schema, segment, reading);
          });
          items += reading.changes.length;
          onProgress({ step: "copying", items });
        }
      }),
  );

  await target.transaction(async (sql) => {
    // A conversation that is being deleted has left its messages for later, to its own store.
    await sql(
      `DELETE FROM ${quoted(schema)}.messages m WHERE NOT EXISTS (SELECT FROM ${quoted(schema)}.conversations c
       WHERE c.user_id = m.user_id AND c.id = m.conversation_id)`,
    );
    await sql(finishStatements(schema));
  });
  const settle = (refs: readonly Ref[]) => applyAll(options, refs);
  const verification = await verify({ source, target, schema, onProgress, settle });
  return { ...verification, resumed: places.some((place) => place.items > 0) };
}

/** Waits for all, also when one fails: none may go on writing once the caller was told. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

interface Place {
  readonly segment: number;
  readonly next: Reading["next"];
  readonly done: boolean;
  readonly items: number;
}

/** Where each segment goes on; from the beginning, if all of an earlier run were done. */
async function begin(sql: Sql, { source, schema, streamArn }: MigrationOptions): Promise<Place[]> {
  const progress = `${quoted(schema)}.migration_progress`;
  const rows = await sql(
    `SELECT segment::text, source, next::text, done::text, items::text FROM ${progress}`,
  );
  const [foreign] = rows.filter((row) => row.source !== source.tableName);
  if (foreign !== undefined) {
    throw new UsageError(
      `Schema "${schema}" holds the data of table ${foreign.source}, not of ${source.tableName}: ` +
        "choose another --schema, or drop what it holds with --reset.",
    );
  }
  const parts = partsOf(source);
  if (rows.length === parts.length && rows.some(({ done }) => done !== "true")) {
    return rows.map((row) => ({
      segment: Number(row.segment),
      next: row.next === null ? undefined : JSON.parse(String(row.next)),
      done: row.done === "true",
      items: Number(row.items),
    }));
  }
  await sql(`DELETE FROM ${progress}`);
  for (const part of parts) {
    await sql(`INSERT INTO ${progress} VALUES ($1::text::bigint, $2::text, NULL, false, 0)`, [
      String(part),
      source.tableName,
    ]);
  }
  await beginFollowing(sql, schema, streamArn, source.now());
  return parts.map((segment) => ({ segment, next: undefined, done: false, items: 0 }));
}

async function advance(sql: Sql, schema: string, segment: number, { changes, next }: Reading) {
  await sql(
    `UPDATE ${quoted(schema)}.migration_progress SET next = $2::text::jsonb,
     done = $3::text::boolean, items = items + $4::text::bigint WHERE segment = $1::text::bigint`,
    [
      String(segment),
      JSON.stringify(next ?? null),
      String(next === undefined),
      String(changes.length),
    ],
  );
}
