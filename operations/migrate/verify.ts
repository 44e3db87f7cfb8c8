import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";
import { movedRows } from "./moved-rows.ts";
import { Checksum, canonical, keyOf, stored } from "./rows.ts";
import { quoted, type RelationalTable, type Row, type TableName, tables } from "./schema.ts";
import { batches, type Progress, segments } from "./source.ts";
import type { Sql, Target } from "./target.ts";

export interface Verification {
  readonly tables: readonly TableVerification[];
  /** Items that do not move, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Whether every row of the source is in PostgreSQL as it is, and nothing else is. */
  readonly verified: boolean;
}

export interface TableVerification {
  readonly table: TableName;
  /** Rows that the tenant's table gives. */
  readonly source: number;
  /** Rows that PostgreSQL has. */
  readonly target: number;
  /** Sums over all rows, as read from either side. */
  readonly sourceChecksum: string;
  readonly targetChecksum: string;
  /** Keys of the first rows that are missing or differ; never what they hold. */
  readonly different: readonly string[];
}

interface Context {
  readonly source: TableAccess;
  readonly target: Target;
  readonly schema: string;
  readonly onProgress: (progress: Progress) => void;
}

const reported = 10;

/** Reads source and target again, batch by batch, and compares every row. */
export async function verify(context: Context): Promise<Verification> {
  const { source, target, schema, onProgress } = context;
  const tallies = new Map(
    Object.values(tables).map((table) => [table.name, new Tally(table)] as const),
  );
  const leftOut: Record<string, number> = {};
  let items = 0;
  await Promise.all(
    Array.from({ length: segments }, async (_, segment) => {
      for await (const batch of batches(source, segment, undefined)) {
        const { byTable, leftOut: unmoved } = await movedRows(source, batch);
        for (const [why, count] of unmoved) leftOut[why] = (leftOut[why] ?? 0) + count;
        await target.transaction(async (sql) => {
          for (const [name, rows] of byTable) {
            const orphans = await tallies.get(name)?.compare(sql, schema, rows);
            if (orphans) leftOut[ofDeleted] = (leftOut[ofDeleted] ?? 0) + orphans;
          }
        });
        items += batch.items.length;
        onProgress({ step: "verifying", items });
      }
    }),
  );
  const results = await target.transaction(async (sql) => {
    const all: TableVerification[] = [];
    for (const tally of tallies.values()) all.push(await tally.result(sql, schema));
    return all;
  });
  return {
    tables: results,
    leftOut,
    verified: results.every(
      (result) =>
        result.source === result.target &&
        result.sourceChecksum === result.targetChecksum &&
        result.different.length === 0,
    ),
  };
}

const ofDeleted = "messages of deleted conversations";

class Tally {
  readonly #table: RelationalTable & { readonly name: TableName };
  readonly #sourceSum = new Checksum();
  readonly #targetSum = new Checksum();
  readonly #different: string[] = [];
  #rows = 0;

  constructor(table: RelationalTable & { readonly name: TableName }) {
    this.#table = table;
  }

  /** Returns how many messages are missing because their conversation does not move. */
  async compare(sql: Sql, schema: string, rows: readonly Row[]): Promise<number> {
    const found = await stored(sql, schema, this.#table, rows);
    const missing = rows.filter((row) => !found.has(keyOf(this.#table, row)));
    const orphans =
      this.#table.name === "messages" && missing.length > 0
        ? await withoutConversation(sql, schema, missing)
        : new Set<Row>();
    for (const row of rows) {
      if (orphans.has(row)) continue;
      const expected = canonical(this.#table, row);
      const actual = found.get(keyOf(this.#table, row));
      this.#rows += 1;
      this.#sourceSum.add(expected);
      if (actual !== undefined) this.#targetSum.add(actual);
      if (actual !== expected && this.#different.length < reported) {
        this.#different.push(keyOf(this.#table, row));
      }
    }
    return orphans.size;
  }

  async result(sql: Sql, schema: string): Promise<TableVerification> {
    const { name } = this.#table;
    const [row] = await sql(`SELECT count(*)::text AS rows FROM ${quoted(schema)}.${quoted(name)}`);
    return {
      table: name,
      source: this.#rows,
      target: Number(row?.rows),
      sourceChecksum: String(this.#sourceSum),
      targetChecksum: String(this.#targetSum),
      different: this.#different,
    };
  }
}

async function withoutConversation(
  sql: Sql,
  schema: string,
  messages: readonly Row[],
): Promise<Set<Row>> {
  const conversationOf = ({ user_id, conversation_id }: Row) => ({ user_id, id: conversation_id });
  const wanted = messages.map(conversationOf);
  const present = await stored(sql, schema, tables.conversations, wanted);
  return new Set(
    messages.filter((row) => !present.has(keyOf(tables.conversations, conversationOf(row)))),
  );
}
