/** Proving that PostgreSQL holds what the source does: every row is compared, by what it says. */
import {
  type Change,
  changesOf,
  type Ref,
  refName,
  refOfRow,
  rowsOf,
  type Source,
  withoutOrphans,
} from "../../app/sql/changes.ts";
import {
  Checksum,
  canonical,
  extraRows,
  keyOf,
  noteSeen,
  rowsWithin,
  scopeName,
  unseeStatements,
} from "../../app/sql/rows.ts";
import { type TableName, tables } from "../../app/sql/schema.ts";
import type { Sql, Target } from "../../app/sql/target.ts";
import { type Progress, partsOf, readings } from "./source.ts";

export interface Verification {
  readonly tables: readonly TableVerification[];
  /** Items that do not move, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Whether every row of the source is in PostgreSQL as it is, and nothing else is. */
  readonly verified: boolean;
}

export interface TableVerification {
  readonly table: TableName;
  /** Rows that the source gives. */
  readonly source: number;
  /** Rows that PostgreSQL has. */
  readonly target: number;
  /** Sums over all rows, as read from either side. */
  readonly sourceChecksum: string;
  readonly targetChecksum: string;
  /** Keys of the first rows that are missing, differ, or are too many; never what they hold. */
  readonly different: readonly string[];
}

export interface VerifyOptions {
  readonly source: Source;
  readonly target: Target;
  readonly schema: string;
  readonly onProgress: (progress: Progress) => void;
  /**
   * Is told what differs before it is compared again, up to `settlings` times: what users change meanwhile is settled
   * one by one. Default: nobody is.
   */
  readonly settle?: (refs: readonly Ref[]) => Promise<void>;
}

const settlings = 5;
const comparedAtOnce = 100;

/** Reads source and target again, batch by batch, and compares every row. */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { source, target, schema, onProgress, settle } = options;
  const tally = new Tally();
  const differing = new Map<string, Ref>();
  await target.transaction((sql) => sql(unseeStatements));
  let items = 0;
  await Promise.all(
    partsOf(source).map(async (part) => {
      for await (const { changes } of readings(source, part, undefined)) {
        await target.transaction(async (sql) => {
          const compared = await compare(sql, schema, changes);
          for (const [name, rows] of rowsOf(compared.map(({ change }) => change))) {
            await noteSeen(sql, tables[name], rows);
          }
          for (const one of compared) {
            if (one.isSame) tally.add(one);
            else differing.set(refName(one.change.ref), one.change.ref);
          }
        });
        items += changes.length;
        onProgress({ step: "verifying", items });
      }
    }),
  );
  await target.transaction(async (sql) => {
    for (const table of Object.values(tables)) {
      for (const row of await extraRows(sql, schema, table)) {
        const ref = refOfRow(source, table.name, row);
        differing.set(refName(ref), ref);
      }
    }
  });
  for (let left = settle === undefined ? 0 : settlings; differing.size > 0; left--) {
    if (left > 0) await settle?.([...differing.values()]);
    const refs = [...differing.values()];
    for (let from = 0; from < refs.length; from += comparedAtOnce) {
      const changes = await changesOf(source, refs.slice(from, from + comparedAtOnce));
      const compared = await target.transaction((sql) => compare(sql, schema, changes));
      for (const one of compared.filter(({ isSame }) => isSame || left === 0)) {
        tally.add(one);
        differing.delete(refName(one.change.ref));
      }
    }
  }
  return tally.result();
}

/** Rows of one item or object on either side. */
interface Compared {
  readonly change: Change;
  readonly expected: Texts;
  readonly actual: Texts;
  readonly isSame: boolean;
}

/** `canonical` by table and key. */
type Texts = ReadonlyMap<string, { readonly table: TableName; readonly text: string }>;

async function compare(
  sql: Sql,
  schema: string,
  changes: readonly Change[],
): Promise<readonly Compared[]> {
  const moved = await withoutOrphans(sql, schema, changes);
  const scopes = moved.flatMap((change) => change.scopes);
  const found = await rowsWithin(sql, schema, scopes);
  return moved.map((change) => {
    const expected = textsOf(change.rows);
    const actual = textsOf(
      change.scopes.flatMap((scope) =>
        (found.get(scopeName(scope)) ?? []).map((row) => ({ table: scope.table, row })),
      ),
    );
    return { change, expected, actual, isSame: differences(expected, actual).length === 0 };
  });
}

function textsOf(rows: Change["rows"]): Texts {
  return new Map(
    rows.map(({ table, row }) => {
      const key = keyOf(tables[table], row);
      return [`${table} ${key}`, { table, text: canonical(tables[table], row) }];
    }),
  );
}

function differences(expected: Texts, actual: Texts): string[] {
  const names = new Set([...expected.keys(), ...actual.keys()]);
  return [...names].filter((name) => expected.get(name)?.text !== actual.get(name)?.text);
}

const reported = 10;

class Tally {
  readonly #tables = new Map(
    Object.values(tables).map(({ name }) => [
      name,
      { source: new Checksum(), target: new Checksum(), different: [] as string[] },
    ]),
  );
  readonly #leftOut: Record<string, number> = {};

  add({ change, expected, actual }: Compared): void {
    for (const why of change.leftOut) this.#leftOut[why] = (this.#leftOut[why] ?? 0) + 1;
    for (const { table, text } of expected.values()) this.#tables.get(table)?.source.add(text);
    for (const { table, text } of actual.values()) this.#tables.get(table)?.target.add(text);
    for (const name of differences(expected, actual)) {
      const { table } = expected.get(name) ?? actual.get(name) ?? {};
      const different = table && this.#tables.get(table)?.different;
      if (different && different.length < reported) different.push(name.slice(table.length + 1));
    }
  }

  result(): Verification {
    const results = [...this.#tables].map(([table, { source, target, different }]) => ({
      table,
      source: source.count,
      target: target.count,
      sourceChecksum: String(source),
      targetChecksum: String(target),
      different,
    }));
    const verified = results.every(
      (result) =>
        result.source === result.target &&
        result.sourceChecksum === result.targetChecksum &&
        result.different.length === 0,
    );
    return { tables: results, leftOut: this.#leftOut, verified };
  }
}
