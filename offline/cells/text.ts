/** A plan of cells for people: the cells, who moves, and the cell to make next. */
import { quotaOf } from "../../policies/quotas/table.ts";
import { count } from "../../policies/quotas/wording.ts";
import { counted, type Style, type TextOptions, table } from "../text.ts";
import { cellsFileName } from "./file.ts";
import type { PlacedCell, Reason } from "./placement.ts";
import type { CellPlan } from "./plan.ts";

/** Lines of tenants that are shown of one kind. */
const most = 20;

export function cellsText(plan: CellPlan, options: TextOptions): string {
  const { paint } = options;
  const { cells, moves, additions, misfits, tenants, kinds, fillTo } = plan;
  const there = cells.filter(({ proposed }) => proposed === undefined);
  const title = `${counted(tenants, "tenant", "tenants")} in ${counted(there.length, "cell", "cells")}; ${counted(kinds, "kind", "kinds")} of tenants counted`;
  const head = ["cell", "tenants", "holds", "filled", "by", "account", "region"];
  const rows = cells.map((cell) => row(cell, fillTo, options));
  const said: [Style, string[]][] = [
    [
      "yellow",
      moves.map(
        ({ tenant, from, to, reason }) => `${tenant}: from ${from} to ${to}, ${reasonText(reason)}`,
      ),
    ],
    ["green", additions.map(({ tenant, to }) => `${tenant}: into ${to}`)],
    [
      "red",
      misfits.map(({ tenant, reason }) => `${tenant}: fits into no cell, ${reasonText(reason)}`),
    ],
  ];
  const titles = ["Tenants that have to move", "New tenants", "Tenants without a place"];
  const lists = said.flatMap(([style, lines], at) =>
    lines.length === 0
      ? []
      : [list(`${titles[at]} (${count(lines.length)})`, lines, (line) => paint(style, line))],
  );
  return [
    [paint("bold", title), table(head, rows, options, ["account", "region", "by", "holds"])].join(
      "\n",
    ),
    ...lists,
    ...proposalText(cells),
    paint("dim", outcomeText(plan)),
  ].join("\n\n");
}

function row(cell: PlacedCell, fillTo: number, { paint }: TextOptions): string[] {
  const { name, before, after, holds, percent, limit, account, region, proposed } = cell;
  const style: Style = percent > 100 ? "red" : percent >= fillTo ? "yellow" : "green";
  return [
    proposed ? `${name} (to be made)` : name,
    before === after ? count(after) : `${count(before)} → ${count(after)}`,
    count(holds),
    paint(style, `${percent}%`),
    limit,
    account ?? "another",
    region,
  ];
}

function list(title: string, lines: readonly string[], paint: (line: string) => string): string {
  const shown = lines.slice(0, most).map((line) => `  ${paint(line)}`);
  const more = lines.length - shown.length;
  return [
    `${title}:`,
    ...shown,
    ...(more > 0 ? [`  and ${count(more)} more; --json has all`] : []),
  ].join("\n");
}

export function reasonText(reason: Reason): string {
  if (reason === "residency") return "whose residency does not allow the region";
  if (reason === "tier") return "of a tier that the cell does not take";
  if (reason === "maxTenants") return "since the cell is full (maxTenants)";
  return `since the quota ${reason} ends (${quotaOf(reason)?.name ?? "unknown"})`;
}

/** What to write into the list of cells. */
function proposalText(cells: readonly PlacedCell[]): string[] {
  const proposed = cells.filter((cell) => cell.proposed);
  if (proposed.length === 0) return [];
  const entries = proposed
    .slice(0, most)
    .map(({ name, region, tiers }) =>
      [
        `  ${name}:`,
        '    account: "…"',
        `    region: ${region}`,
        ...(tiers ? [`    tiers: [${tiers.join(", ")}]`] : []),
      ].join("\n"),
    );
  const soon = proposed.every((cell) => cell.proposed === "soon");
  const why = soon ? "The cells are nearly full. Make the next one" : "More cells are needed";
  return [
    `${why}: in another account, or in a region that the account does not use yet. In ${cellsFileName}:\n\n${entries.join("\n")}`,
  ];
}

function outcomeText({ outcome }: CellPlan): string {
  if (outcome === "settled") return "Every tenant is where it belongs.";
  return outcome === "soon"
    ? "Every tenant is where it belongs; make the next cell in time."
    : "Nothing was changed.";
}
