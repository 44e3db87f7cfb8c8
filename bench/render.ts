/** `docs/scale/benchmarks.md` and the tables in the terminal, both from results. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Cell, Column, Result, Table, Target } from "./subject.ts";
import { subjects } from "./subjects.ts";

export const resultFile = (name: string) => new URL(`results/${name}.json`, import.meta.url);

export async function renderDocument(): Promise<void> {
  const results = [...subjects.keys()].flatMap((name) => readResult(name));
  const [first] = results;
  if (first === undefined) return;
  const text = [introduction(results), ...results.map(section)].join("\n\n");
  writeFileSync(new URL("../docs/scale/benchmarks.md", import.meta.url), `${text}\n`);
}

function readResult(name: string): Result[] {
  const file = resultFile(name);
  return existsSync(file) ? [JSON.parse(readFileSync(file, "utf8"))] : [];
}

function introduction(results: readonly Result[]): string {
  const missed = results.flatMap(({ subject, targets }) =>
    targets.filter(({ met }) => !met).map(({ target }) => `${target} (${subject})`),
  );
  return [
    "# Benchmarks",
    "",
    "Rendered by `npm run bench` from `bench/results/`; the figures are of the machine that each section",
    "names, and of no other. Ratios are of one run, in which the contenders took turns; `a (b–c)` is a median",
    "with the least and the largest of the repetitions.",
    "",
    missed.length === 0
      ? "Every target is met."
      : `Missed, with the reason in its section: ${missed.join("; ")}.`,
  ].join("\n");
}

function section(result: Result): string {
  const { machine, versions, date, command, tables, targets, notes = [] } = result;
  const subject = subjects.get(result.subject);
  const { cores, memoryGigabytes, cpu, system, load } = machine;
  const shownLoad = load === undefined ? "" : `, load ${load} before it`;
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${subject?.title ?? result.subject}`,
    subject?.about ?? "",
    ...tables.map((table) => `${table.caption}\n\n${renderTable(table)}`),
    renderTargets(targets),
    ...notes,
    `\`${command}\` on ${date}: ${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${system}${shownLoad}; ${used.join(", ")}.`,
  ].join("\n\n");
}

export function renderTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ label }) => label)),
    line(columns.map((_, index) => (index === 0 ? "---" : "---:"))),
    ...rows.map((row) => line(columns.map((column) => shown(row[column.key], column)))),
  ].join("\n");
}

export function renderTargets(targets: readonly Target[]): string {
  return targets
    .map(({ target, measured, met, otherwise }) => {
      const reason = met || otherwise === undefined ? "" : ` ${otherwise}`;
      return `- ${met ? "Met" : "**Missed**"}: ${target}. Measured: ${measured}.${reason}`;
    })
    .join("\n");
}

function shown(cell: Cell, { digits = 0 }: Column): string {
  const number = (value: number) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (cell === undefined) return "–";
  if (typeof cell === "string") return cell;
  if (typeof cell === "number") return number(cell);
  return `${number(cell.median)} (${number(cell.low)}–${number(cell.high)})`;
}
