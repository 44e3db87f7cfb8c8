export interface Counts {
  /** From the repository's root. */
  readonly file: string;
  readonly tests: number;
  /** Attacks, cases or patterns. */
  readonly tried: number;
}

const begin = "<!-- counts: written by npm run test:security -->";
const end = "<!-- end of counts -->";

/** The document with a table of these counts in the place of what it had. */
export function countsIn(document: string, counts: readonly Counts[]): string {
  const [before, rest] = document.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error("the document has no counts");
  const rows = counts
    .toSorted((one, other) => (one.file < other.file ? -1 : 1))
    .map(({ file, tests, tried }) => row(`\`${file}\``, tests, tried));
  const total = row("in all", sum(counts, "tests"), sum(counts, "tried"));
  const table = ["| file | tests | tried |", "| --- | ---: | ---: |", ...rows, total].join("\n");
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

function row(name: string, tests: number, tried: number): string {
  return `| ${name} | ${tests} | ${tried.toLocaleString("en-US")} |`;
}

function sum(counts: readonly Counts[], field: "tests" | "tried"): number {
  return counts.reduce((total, one) => total + one[field], 0);
}
