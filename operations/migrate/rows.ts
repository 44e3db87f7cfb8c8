/** Rows on their way into PostgreSQL and back: one form for both, so that they can be compared. */
import { createHash } from "node:crypto";
import { quoted, type RelationalTable, type Row } from "./schema.ts";
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
  const { name, columns, key } = table;
  const keyColumns = Object.fromEntries(
    Object.entries(columns).filter(([column]) => key.includes(column)),
  );
  const found = await sql(
    `SELECT ${Object.entries(columns)
      .map(([column, type]) => `${asText(`t.${quoted(column)}`, type)} AS ${quoted(column)}`)
      .join(", ")}
     FROM ${quoted(schema)}.${quoted(name)} t
     JOIN ${recordset(keyColumns)} USING (${key.map(quoted).join(", ")})`,
    [JSON.stringify(rows.map((row) => Object.fromEntries(key.map((part) => [part, row[part]]))))],
  );
  return new Map(
    found.map((texts) => {
      const row = Object.fromEntries(
        Object.entries(columns).map(([column, type]) => [column, fromText(texts[column], type)]),
      );
      return [keyOf(table, row), canonical(table, row)];
    }),
  );
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

  add(text: string): void {
    const digest = createHash("sha256").update(text).digest();
    this.#sum = (this.#sum + digest.readBigUInt64BE()) % 2n ** 64n;
  }

  toString(): string {
    return this.#sum.toString(16).padStart(16, "0");
  }
}

function recordset(columns: RelationalTable["columns"]): string {
  const typed = Object.entries(columns).map(([column, type]) => `${quoted(column)} ${type}`);
  return `jsonb_to_recordset($1::text::jsonb) AS r(${typed.join(", ")})`;
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

/** Members in the order of their names; jsonb keeps no order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
