/** What `chatstack drift` found: the shape that `--json` prints. Fields are only ever added within a version. */
import type { Difference } from "../fleet/engine/engine.ts";
import type { StackResult } from "../fleet/report.ts";

export interface DriftReport {
  readonly version: 1;
  readonly outcome: DriftOutcome;
  readonly summary: {
    readonly stacks: number;
    /** Resources that differ. */
    readonly differences: number;
    /** Of these, how many endanger data. */
    readonly dangerous: number;
    /** Stacks that could not be looked at. */
    readonly unknown: number;
  };
  readonly stacks: readonly StackDrift[];
}

/** `could-not-tell` outweighs `drift`: what nobody looked at may be worse. */
export type DriftOutcome = "no-drift" | "drift" | "could-not-tell";

export const driftExitCodes: Readonly<Record<DriftOutcome, number>> = {
  "no-drift": 0,
  drift: 1,
  "could-not-tell": 2,
};

export interface StackDrift {
  readonly stack: string;
  readonly outcome: DriftOutcome;
  readonly differences: readonly Difference[];
  /** Why it could not be looked at. */
  readonly causes: readonly string[];
  readonly seconds: number;
}

export function driftReport(results: readonly StackResult[]): DriftReport {
  const stacks = results.map(
    ({ stack, result, differences = [], causes, seconds }): StackDrift => ({
      stack,
      outcome:
        result !== "succeeded" ? "could-not-tell" : differences.length > 0 ? "drift" : "no-drift",
      differences,
      causes,
      seconds,
    }),
  );
  const differences = stacks.flatMap((stack) => stack.differences);
  const worst = (["could-not-tell", "drift"] as const).find((outcome) =>
    stacks.some((stack) => stack.outcome === outcome),
  );
  return {
    version: 1,
    outcome: worst ?? "no-drift",
    summary: {
      stacks: stacks.length,
      differences: differences.length,
      dangerous: differences.filter(({ dangers }) => dangers.length > 0).length,
      unknown: stacks.filter(({ outcome }) => outcome === "could-not-tell").length,
    },
    stacks,
  };
}
