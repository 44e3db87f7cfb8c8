import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";
import { entityOf } from "./entities.ts";
import { storable } from "./rows.ts";
import type { Row, TableName } from "./schema.ts";
import type { Batch } from "./source.ts";

export interface MovedRows {
  /** In the form that PostgreSQL can keep. */
  readonly byTable: ReadonlyMap<TableName, readonly Row[]>;
  /** Items that do not move, by reason. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export async function movedRows(
  table: TableAccess,
  { items }: Pick<Batch, "items">,
): Promise<MovedRows> {
  const byTable = new Map<TableName, Row[]>();
  const leftOut = new Map<string, number>();
  for (const item of items) {
    const entity = await entityOf(table, item);
    if ("leftOut" in entity) {
      leftOut.set(entity.leftOut, (leftOut.get(entity.leftOut) ?? 0) + 1);
      continue;
    }
    const kept = Object.entries(entity.row).map(([column, value]) => [column, storable(value)]);
    const rows = byTable.get(entity.table) ?? [];
    byTable.set(entity.table, rows);
    rows.push(Object.fromEntries(kept));
  }
  return { byTable, leftOut };
}
