/** What the sections of the page are written with. Hono's template escapes every value put into it. */
import { html, raw } from "hono/html";

export { html, raw };

/** Markup; a promise only by its type, as nothing here waits. */
export type Html = ReturnType<typeof html>;

/** A cell's text, or markup; a number stands at the right. */
export type Cell = string | number | Html;

/**
 * A table that a phone shows as one card a row: each cell knows its column's name.
 *
 * @param rows as many cells each as there are columns.
 * @param tenantsOf ids of the tenants that a row is about, for the page's filter. Default: rows stay.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  tenantsOf?: (row: number) => readonly string[] | undefined,
): Html {
  const numeric = new Set(head.keys().filter((index) => typeof rows[0]?.[index] === "number"));
  return html`<table>
<thead><tr>${head.map((name, index) => html`<th scope="col" class="${numeric.has(index) ? "number" : ""}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row, number) => html`<tr${about(tenantsOf?.(number))}>${row.map((cell, index) => tableCell(cell, head[index] ?? ""))}</tr>\n`)}</tbody>
</table>`;
}

function tableCell(cell: Cell, column: string): Html {
  return typeof cell === "number"
    ? html`<td data-column="${column}" class="number">${cell.toLocaleString("en")}</td>`
    : html`<td data-column="${column}">${cell}</td>`;
}

/** A sentence in which `backquotes` mark code, as it is written for terminals too. */
export const prose = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** Marks an element as being about tenants, for the page's filter. */
export const about = (tenants: readonly string[] | undefined): Html | "" =>
  tenants === undefined || tenants.length === 0 ? "" : html` data-tenants="${tenants.join(" ")}"`;

/** Folded away until somebody asks. */
export const folded = (summary: Cell, content: Cell, tenants?: readonly string[]): Html =>
  html`<details${about(tenants)}><summary>${summary}</summary>${content}</details>`;

export type Tone = "good" | "warn" | "bad" | "plain";

export const badge = (text: string, tone: Tone): Html =>
  html`<span class="badge ${tone}">${text}</span>`;

export const section = (id: string, title: string, content: Cell): Html =>
  html`<section id="${id}"><h2>${title}</h2>${content}</section>`;
