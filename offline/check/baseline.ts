/**
 * A baseline: the violations that an estate has when it begins to be checked. They fail nothing, so that what is
 * new does; those that are mended leave the baseline when it is written again.
 */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../usage-error.ts";
import type { FailOn } from "./fail-on.ts";
import { fingerprint } from "./fingerprint.ts";
import {
  type CheckReport,
  type Finding,
  outcomeOf,
  type StackReport,
  summarize,
} from "./report.ts";

const baselineFile = z.object({
  version: z.literal(1),
  findings: z.array(
    z.object({
      fingerprint: z.string(),
      stack: z.string(),
      rule: z.string(),
      urn: z.string(),
    }),
  ),
});

export type Baseline = z.infer<typeof baselineFile>;

/** @throws UsageError naming the file. */
export function readBaseline(path: string): Baseline {
  if (!existsSync(path)) {
    throw new UsageError(
      `${path}: no such baseline; \`chatstack check --write-baseline ${path}\` writes one`,
    );
  }
  try {
    return baselineFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new UsageError(`${path}: found no baseline; allowed: what --write-baseline writes`);
  }
}

/** Of what violates now; what cannot be told has to be judged, and no baseline lets it pass. */
export const baselineOf = (report: CheckReport): Baseline => ({
  version: 1,
  findings: report.stacks
    .flatMap(({ findings }) => findings)
    .filter(({ verdict }) => verdict === "violation")
    .map((finding) => ({
      fingerprint: fingerprint(finding),
      stack: finding.stack,
      rule: finding.rule,
      urn: finding.urn,
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
});

const keyOf = ({ stack, fingerprint: print }: { stack: string; fingerprint: string }): string =>
  `${stack} ${print}`;

/** A report as the baseline and the level asked for make it. */
export function weigh(
  report: CheckReport,
  {
    baseline,
    failOn,
  }: { readonly baseline?: Baseline | undefined; readonly failOn?: FailOn | undefined },
): CheckReport {
  const known = new Set(baseline?.findings.map(keyOf));
  const found = new Set<string>();
  const marked = (finding: Finding): Finding => {
    const key = keyOf({ stack: finding.stack, fingerprint: fingerprint(finding) });
    found.add(key);
    return finding.verdict === "violation" && known.has(key)
      ? { ...finding, known: true }
      : finding;
  };
  const stacks = report.stacks.map(
    (stack): StackReport => ({ ...stack, findings: stack.findings.map(marked) }),
  );
  const judged = new Set(stacks.flatMap(({ stack, failures }) => (failures[0] ? [] : [stack])));
  const mended = (baseline?.findings ?? []).filter(
    (one) => judged.has(one.stack) && !found.has(keyOf(one)),
  );
  const { rules, seconds } = report.summary;
  return {
    ...report,
    stacks,
    outcome: outcomeOf(stacks, report.failures, failOn),
    summary: summarize(stacks, report.failures, rules, seconds),
    ...(baseline && { mended: mended.length }),
  };
}
