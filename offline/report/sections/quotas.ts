/** What the stack asks of its account's quotas, which of them ends first, and the cells that would hold more. */
import { ordinal } from "../../../policies/quotas/wording.ts";
import type { Outcome, QuotaLine, QuotaReport } from "../../quotas/quotas.ts";
import {
  cellsSentence,
  endCell,
  leastLines,
  raiseCell,
  summaryLines,
  titleOf,
} from "../../quotas/text.ts";
import { badge, folded, type Html, html, section, type Tone, table } from "../html.ts";

export function quotasSection(report: QuotaReport): Html {
  const { quotas, sizes, cells, tenants, outcome } = report;
  const shown = quotas.filter((line) => line.percent >= 10 || line.code === report.first?.code);
  const rest = quotas.filter((line) => !shown.includes(line));
  return section(
    "quotas",
    "Quotas",
    html`<p class="quiet">${titleOf(report)}</p>
${summaryLines(report).map((line) => html`<p class="${outcome === "exceeded" ? "notice bad" : ""}">${line}</p>`)}
${quotaTable(shown)}
${rest.length > 0 ? folded("Used to less than 10%", quotaTable(rest)) : ""}
${sizes.length > 0 ? folded("Of each role, policy, API and pool: the fullest", sizesTable(report)) : ""}
<h3>Cells</h3>
<p>${cellsSentence(cells, tenants)}</p>
${cells.cells.length > 1 ? folded("Which tenants", cellTable(report)) : ""}
${leastLines(report).map((line) => html`<p class="quiet">${line}</p>`)}`,
  );
}

const tones: Record<Outcome, Tone> = { fits: "good", "nearly-full": "warn", exceeded: "bad" };

const quotaTable = (lines: readonly QuotaLine[]): Html =>
  table(
    ["quota", "asked", "available", "used", "ends at", "can be raised"],
    lines.map((line) => [
      html`${line.name} <code>${line.service} ${line.code}</code>`,
      line.asked,
      line.available,
      badge(`${line.percent}%`, tones[line.outcome]),
      endCell(line),
      raiseCell(line),
    ]),
  );

const sizesTable = ({ sizes }: QuotaReport): Html =>
  table(
    ["quota", "has", "AWS takes", "used", "resource"],
    sizes.map(({ service, code, name, asked, limit, percent, outcome, resource }) => [
      html`${name} <code>${service} ${code}</code>`,
      asked,
      limit,
      badge(`${percent}%`, tones[outcome]),
      resource,
    ]),
  );

const cellTable = ({ cells: { cells } }: QuotaReport): Html =>
  table(
    ["cell", "tenants", "from", "to"],
    cells.map(({ first, last, tenants }, index) => [ordinal(index + 1), tenants, first, last]),
  );
