/** What the reports for people are made of: colours where they are seen, tables as wide as the terminal. */
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Colours a text, or not: `NO_COLOR`, a pipe. */
  readonly paint: (style: Style, text: string) => string;
}

export type Style = "red" | "yellow" | "green" | "cyan" | "bold" | "dim";

/** Narrower than this no column is read: as many characters as `production` has. */
const leastWidth = 10;
const padding = 2;

/**
 * A table that fits the terminal. Columns are as wide as what they hold; where that is too wide, the
 * widest are wrapped, and where wrapping leaves them unreadable, columns are left out and named below.
 *
 * @param expendable heads of the columns that are left out first, in this order. Default: those between
 *   the first and the last, from the right.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width }: Pick<TextOptions, "width">,
  expendable: readonly string[] = head.slice(1, -1).reverse(),
): string {
  const columns = head.map((name, at) => ({
    at,
    ...measured([name, ...rows.map((row) => row[at] ?? "")]),
  }));
  const omitted: string[] = [];
  let kept = columns;
  for (const name of expendable) {
    if (total(kept.map(({ least }) => least)) <= width) break;
    kept = kept.filter(({ at }) => head[at] !== name);
    omitted.push(name);
  }
  const widths = shares(kept, width);
  const shown = [head, ...rows].map((row) => kept.map(({ at }) => row[at] ?? ""));
  const drawn = boxes(shown, widths);
  if (omitted.length === 0) return drawn;
  return `${drawn}\nNot shown in ${width} columns: ${omitted.join(", ")}.`;
}

/** A box for each cell, its text wrapped. */
function boxes(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const border = (left: string, between: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(between) + right;
  const drawn = rows.map((row) => {
    const cells = row.map((text, at) => wrappedCell(text, (widths[at] ?? 0) - padding));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells.map((lines, at) => padded(lines[line] ?? "", widths[at] ?? 0)).join("│"),
    )
      .map((line) => `│${line}│`)
      .join("\n");
  });
  return [
    border("┌", "┬", "┐"),
    drawn.join(`\n${border("├", "┼", "┤")}\n`),
    border("└", "┴", "┘"),
  ].join("\n");
}

const padded = (text: string, width: number): string =>
  ` ${text}${" ".repeat(Math.max(0, width - padding - stringWidth(text)))} `;

/** Lines of a cell. Words that are longer than it, as URNs are, go on in the next line; an indented line keeps its indent. */
function wrappedCell(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const [indent = ""] = /^ */.exec(line) ?? [];
    const room = Math.max(1, width - indent.length);
    return wrapAnsi(line.slice(indent.length), room, { hard: true })
      .split("\n")
      .map((part) => indent + part);
  });
}

interface Measured {
  /** Columns that the longest line takes, with its padding. */
  readonly natural: number;
  /** Columns below which the text is not worth reading. */
  readonly least: number;
}

function measured(cells: readonly string[]): Measured {
  const lines = cells.flatMap((cell) => cell.split("\n"));
  const natural = lines.reduce((most, line) => Math.max(most, stringWidth(line)), 0) + padding;
  return { natural, least: Math.min(natural, leastWidth + padding) };
}

/** With a border before each column and one behind the last. */
const total = (widths: readonly number[]): number => widths.reduce((sum, one) => sum + one + 1, 1);

/** What is too wide is taken from the widest, so that the narrow ones stay whole. */
function shares(columns: readonly Measured[], width: number): number[] {
  const widths = columns.map(({ natural }) => natural);
  while (total(widths) > width) {
    const widest = Math.max(...widths.filter((one, at) => one > (columns[at]?.least ?? 0)));
    if (!Number.isFinite(widest)) break;
    const at = widths.findIndex(
      (one, index) => one === widest && one > (columns[index]?.least ?? 0),
    );
    widths[at] = widest - 1;
  }
  return widths;
}

/** In lines no wider than the terminal where a blank allows it, each after two blanks. */
export const wrapped = (text: string, { width }: Pick<TextOptions, "width">): string =>
  wordLines(text, width - 2)
    .map((line) => `  ${line}`)
    .join("\n");

/** Words in lines that are no wider where a blank allows it. */
export function wordLines(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** `1 violation`, `2 violations` */
export const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** `aws:dynamodb/table:Table` → `dynamodb.Table`, `chatstack:index:ChatTable` → `ChatTable` */
export function shortType(type: string): string {
  const [, module = "", className = type] = type.split(":");
  const service = module.split("/")[0];
  return service && service !== "index" ? `${service}.${className}` : className;
}
