/** What the reports for people are made of: colours where they are seen, tables as wide as the terminal. */
import Table from "cli-table3";

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Colours a text, or not: `NO_COLOR`, a pipe. */
  readonly paint: (style: Style, text: string) => string;
}

export type Style = "red" | "yellow" | "green" | "cyan" | "bold" | "dim";

/** The last column takes what is left of the width. */
export function table(
  head: readonly string[],
  widths: readonly number[],
  rows: readonly (readonly string[])[],
  { width }: Pick<TextOptions, "width">,
): string {
  const taken = widths.reduce((sum, one) => sum + one + 1, 2);
  const drawn = new Table({
    head: [...head],
    colWidths: [...widths, Math.max(40, width - taken)],
    wordWrap: true,
    // A URN has no blanks to break at.
    wrapOnWordBoundary: true,
    style: { head: [], border: [] },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

/** In lines no wider than the terminal where a blank allows it, each after two blanks. */
export function wrapped(text: string, { width }: Pick<TextOptions, "width">): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length + 3 <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => `  ${line}`).join("\n");
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
