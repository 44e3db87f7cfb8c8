/**
 * `offline/plan/show/`: a plan as text, Markdown and JSON.
 *
 * What somebody may newly do, as a table: a line for each role or principal, resource and condition.
 */
import { counted, type TextOptions } from "../../text.ts";
import type { AccessChange } from "../access.ts";
import type { Comparison } from "../comparison.ts";
import { alikeAccess, tenantsTitle } from "./alike.ts";

export const accessHead = ["Who", "May", "On", "If"] as const;

/** The cells of one line below `accessHead`. */
export function accessCells({
  kind,
  effect,
  who,
  actions,
  resource,
  condition = "",
}: AccessChange): readonly [who: string, may: string, on: string, condition: string] {
  const sign = kind === "added" ? "+" : "-";
  const may = `${effect === "Deny" ? "not " : ""}${actions.join(", ")}`;
  return [`${sign} ${who}`, may, resource, condition];
}

/** For terminals: by tenant, in columns; a condition on a line of its own. */
export function accessText(comparison: Comparison, { paint }: TextOptions): string[] {
  const sections = alikeAccess(comparison);
  if (sections.length === 0) return [];
  const rows = sections.reduce((sum, { value }) => sum + value.length, 0);
  const blocks = sections.map(({ tenants, value }) => {
    const cells = value.map((row) => ({ row, cells: accessCells(row) }));
    const widest = Math.max(...cells.map(({ cells: [who] }) => who.length));
    const lines = cells.flatMap(({ row, cells: [who, may, on, condition] }) => {
      const style = row.kind === "added" ? "green" : "red";
      const indent = " ".repeat(widest + 4);
      return [
        paint(style, `  ${who.padEnd(widest)}  ${may}`),
        paint(style, `${indent}on ${on}`),
        ...(condition === "" ? [] : [paint(style, `${indent}if ${condition}`)]),
      ];
    });
    return [`  ${tenantsTitle(tenants)}`, ...lines].join("\n");
  });
  const title = `Access (${counted(rows, "change", "changes")})`;
  return [[paint("bold", title), ...blocks].join("\n")];
}
