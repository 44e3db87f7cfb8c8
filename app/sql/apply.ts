/**
 * `app/sql/`: keeping PostgreSQL in step: whoever knows that an item or an object changed says which one, and its rows become what
 * it is now. Notices may therefore come twice, late, and in any order; the last one leaves the rows as a
 * new copy would have them.
 */
import {
  type Change,
  changesOf,
  type Ref,
  rowsOf,
  type Source,
  withoutOrphans,
} from "./changes.ts";
import { movedKey } from "./entities.ts";
import { messagesOf } from "./messages.ts";
import { keyOf, replaceRows, stored, upsert } from "./rows.ts";
import { quoted, tables } from "./schema.ts";
import type { Sql, Target } from "./target.ts";

/**
 * In a transaction of its own, which other appliers wait for: what is read after the lock is no older than what
 * they have written.
 */
export async function apply(
  sql: Sql,
  schema: string,
  source: Source,
  refs: readonly Ref[],
): Promise<readonly Change[]> {
  await sql("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))::text", [
    `chatstack migrate ${schema}`,
  ]);
  const read = await changesOf(source, refs.flatMap(movedRef));
  const changes = await withoutOrphans(sql, schema, read);
  const rows = rowsOf(changes);
  const begun = rows.get("conversations") ?? [];
  const known = await stored(sql, schema, tables.conversations, begun);
  await replaceRows(
    sql,
    schema,
    changes.flatMap(({ scopes }) => scopes),
    rows,
  );
  await noteObjects(sql, schema, changes);
  if (source.history !== undefined) return changes;
  // What came of its messages before it did was left out.
  for (const row of begun.filter((one) => !known.has(keyOf(tables.conversations, one)))) {
    for await (const page of messagesOf(source, String(row.user_id), String(row.id))) {
      for (const [table, its] of rowsOf(page)) await upsert(sql, schema, tables[table], its);
    }
  }
  return changes;
}

const appliedAtOnce = 100;

/** Makes the rows of items and objects what these are now. */
export async function applyAll(
  {
    source,
    target,
    schema,
  }: { readonly source: Source; readonly target: Target; readonly schema: string },
  refs: readonly Ref[],
): Promise<void> {
  for (let from = 0; from < refs.length; from += appliedAtOnce) {
    const some = refs.slice(from, from + appliedAtOnce);
    await target.transaction((sql) => apply(sql, schema, source, some));
  }
}

function movedRef(ref: Ref): Ref[] {
  if (!("item" in ref)) return [ref];
  const item = movedKey(ref.item);
  return item === undefined ? [] : [{ item }];
}

/** By ETag it is known later which objects have changed. */
export async function noteObjects(
  sql: Sql,
  schema: string,
  changes: readonly Change[],
): Promise<void> {
  const objects = changes.flatMap(({ ref, etag }) =>
    "object" in ref ? [{ key: ref.object, etag: etag ?? null }] : [],
  );
  if (objects.length === 0) return;
  const table = `${quoted(schema)}.migration_objects`;
  await sql(
    `INSERT INTO ${table} SELECT key, etag FROM jsonb_to_recordset($1::text::jsonb) AS r(key text, etag text)
     ON CONFLICT (key) DO UPDATE SET etag = EXCLUDED.etag`,
    [JSON.stringify(objects)],
  );
  await sql(`DELETE FROM ${table} WHERE etag IS NULL`);
}
