/** Drift for people: a table for each tenant, what endangers data first. */

import { counted, type Style, type TextOptions, table } from "../../offline/text.ts";
import type { Difference, PropertyDifference } from "../fleet/engine/engine.ts";
import type { DriftOutcome, DriftReport, StackDrift } from "./report.ts";

export function driftText(report: DriftReport, options: TextOptions): string {
  return [
    ...report.stacks.flatMap((stack) => sections(stack, options)),
    [summaryLine(report, options), ...advice(report)].join("\n"),
  ].join("\n\n");
}

/** Without `--refresh` an update compares with the state, and changes nothing. */
function advice({ stacks }: DriftReport): string[] {
  const drifted = stacks.filter(({ differences }) => differences.length > 0);
  const named = drifted.map(({ stack }) => stack).join(" ");
  if (drifted.length === 0) return [];
  return [
    `To undo it: chatstack fleet up --refresh -s ${named}`,
    `To adopt it: change the program, then chatstack fleet refresh -s ${named}`,
  ];
}

function sections({ stack, outcome, differences, causes }: StackDrift, options: TextOptions) {
  const { paint } = options;
  if (outcome === "could-not-tell") {
    const list = causes.map((cause) => `  ${cause.replaceAll("\n", "\n    ")}`);
    return [[`${paint("bold", stack)} · ${paint("red", "could not tell")}`, ...list].join("\n")];
  }
  const sorted = [...differences].sort((a, b) => b.dangers.length - a.dangers.length);
  const byTenant = Map.groupBy(sorted, ({ tenant }) =>
    tenant === undefined ? "shared by all tenants" : `tenant ${tenant}`,
  );
  return [...byTenant].map(([owner, found]) => {
    const rows = found.map((difference) => [
      difference.resource,
      difference.type,
      describe(difference, options),
    ]);
    const head = ["resource", "type", "in the state → in reality"];
    return `${paint("bold", stack)} · ${owner}\n${table(head, rows, options)}`;
  });
}

function describe({ kind, properties, dangers }: Difference, { paint }: TextOptions): string {
  return [
    ...dangers.map((danger) => paint("red", `Danger: ${danger}`)),
    kind === "gone" && "gone: the state has it, the cloud does not",
    ...properties.map(propertyLine),
  ]
    .filter(Boolean)
    .join("\n");
}

const propertyLine = ({ path, state, reality }: PropertyDifference): string =>
  `${path}: ${state ?? "absent"} → ${reality ?? "absent"}`;

const styles: Readonly<Record<DriftOutcome, Style>> = {
  "no-drift": "green",
  drift: "yellow",
  "could-not-tell": "red",
};

function summaryLine({ outcome, summary }: DriftReport, { paint }: TextOptions): string {
  return [
    `${paint(styles[outcome], outcome.replaceAll("-", " "))}: ${counted(summary.stacks, "stack", "stacks")}`,
    `${counted(summary.differences, "resource differs", "resources differ")}`,
    summary.dangerous > 0 && paint("red", `${summary.dangerous} dangerous`),
    summary.unknown > 0 && `${summary.unknown} could not be looked at`,
  ]
    .filter(Boolean)
    .join(" · ");
}
