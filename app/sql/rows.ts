/** Rows on their way into PostgreSQL and back: one form for both, so that they can be compared. */
import { createHash } from "node:crypto";
import { quoted, type RelationalTable, type Row, type TableName, tables } from "./schema.ts";
import { sorted } from "./sorted.ts";
import type { Sql } from "./target.ts";

/** PostgreSQL stores no U+0000, and neither it nor UTF-8 a lone surrogate: both become U+FFFD. */
export function storable(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\0", "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [storable(name), storable(member)]),
  );
}

/** Rows of a table that have these values. */
export interface Scope {
  readonly table: TableName;
  readonly within: Row;
}

export type RowsByTable = ReadonlyMap<TableName, readonly Row[]>;

/** Puts rows in the place of whatever stands in the scopes. */
export async function replaceRows(
  sql: Sql,
  schema: string,
  scopes: readonly Scope[],
  rows: RowsByTable,
): Promise<void> {
  for (const { table, columns, values } of grouped(scopes)) {
    const kept = rows.get(table.name) ?? [];
    await sql(
      `DELETE FROM ${quoted(schema)}.${quoted(table.name)} t
       USING jsonb_to_recordset($1::text::jsonb -> 'scopes') AS s(${typed(columns)})
       WHERE ${same("s", "t", Object.keys(columns))} AND NOT EXISTS (
         SELECT FROM jsonb_to_recordset($1::text::jsonb -> 'kept') AS k(${typed(keyColumns(table))})
         WHERE ${same("k", "t", table.key)})`,
      [JSON.stringify({ scopes: values, kept: kept.map((row) => keyAlone(table, row)) })],
    );
  }
  // Conversations before their messages.
  for (const table of Object.values(tables)) {
    await upsert(sql, schema, table, rows.get(table.name) ?? []);
  }
}

/** What stands in each scope, by `scopeName`. */
export async function rowsWithin(
  sql: Sql,
  schema: string,
  scopes: readonly Scope[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const found = new Map<string, Row[]>();
  for (const { table, columns, values } of grouped(scopes)) {
    for (const row of await matching(sql, schema, table, columns, values)) {
      const within = Object.fromEntries(
        Object.keys(columns).map((column) => [column, row[column]]),
      );
      const name = scopeName({ table: table.name, within });
      found.set(name, [...(found.get(name) ?? []), row]);
    }
  }
  return found;
}

export function scopeName({ table, within }: Scope): string {
  return JSON.stringify([table, sorted(storable(within))]);
}

/** Scopes of the same table that name the same columns. */
function grouped(scopes: readonly Scope[]) {
  const groups = Map.groupBy(scopes, ({ table, within }) => `${table} ${Object.keys(within)}`);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const table: RelationalTable & { readonly name: TableName } = tables[first.table];
    const columns = Object.fromEntries(
      Object.entries(table.columns).filter(([column]) => column in first.within),
    );
    const values = [first, ...others].map(({ within }) => storable(within));
    return [{ table, columns, values }];
  });
}

/** Inserts rows, or replaces those of the same keys. */
export async function upsert(
  sql: Sql,
  schema: string,
  { name, columns, key }: RelationalTable,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).map(quoted).join(", ");
  const rest = Object.keys(columns).filter((column) => !key.includes(column));
  await sql(
    `INSERT INTO ${quoted(schema)}.${quoted(name)} (${names})
     SELECT ${names} FROM ${recordset(columns)}
     ON CONFLICT (${key.map(quoted).join(", ")}) DO UPDATE SET
     ${rest.map((column) => `${quoted(column)} = EXCLUDED.${quoted(column)}`).join(", ")}`,
    [JSON.stringify(rows)],
  );
}

/** The rows of the same keys as they stand in PostgreSQL, by the text of their keys. */
export async function stored(
  sql: Sql,
  schema: string,
  table: RelationalTable,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const keys = rows.map((row) => keyAlone(table, row));
  const found = await matching(sql, schema, table, keyColumns(table), keys);
  return new Map(found.map((row) => [keyOf(table, row), canonical(table, row)]));
}

async function matching(
  sql: Sql,
  schema: string,
  table: RelationalTable,
  within: RelationalTable["columns"],
  values: readonly unknown[],
): Promise<Row[]> {
  const { name, columns } = table;
  const found = await sql(
    `SELECT ${Object.entries(columns)
      .map(([column, type]) => `${asText(`t.${quoted(column)}`, type)} AS ${quoted(column)}`)
      .join(", ")}
     FROM ${quoted(schema)}.${quoted(name)} t
     JOIN ${recordset(within)} USING (${Object.keys(within).map(quoted).join(", ")})`,
    [JSON.stringify(values)],
  );
  return found.map((texts) =>
    Object.fromEntries(
      Object.entries(columns).map(([column, type]) => [column, fromText(texts[column], type)]),
    ),
  );
}

/** Notes which keys the source has, for `extraRows`. */
export async function noteSeen(
  sql: Sql,
  table: RelationalTable,
  rows: readonly Row[],
): Promise<void> {
  await sql(
    `INSERT INTO pg_temp.migration_seen SELECT ${hashOf(table, "r")} FROM ${recordset(keyColumns(table))}`,
    [JSON.stringify(rows.map((row) => keyAlone(table, row)))],
  );
}

/** Forgets what was noted; the notes are this connection's alone. */
export const unseeStatements = `CREATE TEMP TABLE IF NOT EXISTS migration_seen (hash bigint NOT NULL);
  TRUNCATE pg_temp.migration_seen;`;

/** Rows, by their keys alone, whose key was not noted. */
export async function extraRows(
  sql: Sql,
  schema: string,
  table: RelationalTable,
): Promise<readonly Row[]> {
  const columns = table.key.map((column) => `t.${quoted(column)}::text AS ${quoted(column)}`);
  return sql(
    `SELECT ${columns.join(", ")} FROM ${quoted(schema)}.${quoted(table.name)} t WHERE NOT EXISTS (
     SELECT FROM pg_temp.migration_seen s WHERE s.hash = ${hashOf(table, "t")})`,
  );
}

/** 64 bits: among 100 million keys, the chance that two are the same is 1 in 3,700. */
function hashOf({ name, key }: RelationalTable, alias: string): string {
  const parts = key.map((column) => `${alias}.${quoted(column)}`);
  return `hashtextextended(jsonb_build_array('${name}', ${parts.join(", ")})::text, 0)`;
}

export function keyOf({ key }: RelationalTable, row: Row): string {
  return key.map((column) => String(row[column])).join("/");
}

/** The same text for the same row, whichever side it comes from. */
export function canonical({ columns }: RelationalTable, row: Row): string {
  return JSON.stringify(
    Object.entries(columns).map(([column, type]) => {
      const value = row[column] ?? null;
      if (type === "timestamptz" && value !== null) return new Date(String(value)).toISOString();
      return type === "jsonb" ? sorted(value) : value;
    }),
  );
}

/** A sum over rows that is the same in any order. */
export class Checksum {
  #sum = 0n;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(text: string): void {
    this.#count += 1;
    const digest = createHash("sha256").update(text).digest();
    this.#sum = (this.#sum + digest.readBigUInt64BE()) % 2n ** 64n;
  }

  toString(): string {
    return this.#sum.toString(16).padStart(16, "0");
  }
}

function recordset(columns: RelationalTable["columns"]): string {
  return `jsonb_to_recordset($1::text::jsonb) AS r(${typed(columns)})`;
}

function typed(columns: RelationalTable["columns"]): string {
  return Object.entries(columns)
    .map(([column, type]) => `${quoted(column)} ${type}`)
    .join(", ");
}

function same(one: string, other: string, columns: readonly string[]): string {
  return columns
    .map((column) => `${one}.${quoted(column)} = ${other}.${quoted(column)}`)
    .join(" AND ");
}

function keyColumns({ columns, key }: RelationalTable): RelationalTable["columns"] {
  return Object.fromEntries(Object.entries(columns).filter(([column]) => key.includes(column)));
}

function keyAlone({ key }: RelationalTable, row: Row): Row {
  return Object.fromEntries(key.map((column) => [column, row[column]]));
}

/** Drivers differ in what they make of times and large numbers; of text they make text. */
function asText(column: string, type: string): string {
  return type === "timestamptz"
    ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : `${column}::text`;
}

function fromText(text: unknown, type: string): unknown {
  if (text === null || text === undefined) return null;
  if (type === "bigint") return Number(text);
  if (type === "boolean") return text === "true";
  return type === "jsonb" ? JSON.parse(String(text)) : String(text);
}
