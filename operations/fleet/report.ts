/**
 * What a fleet run came to: the shape that `--json` prints. Fields are only ever added within a version.
 */
import type { Changes, Difference, Operation } from "./engine/engine.ts";

export interface FleetReport {
  readonly version: 1;
  readonly operation: Operation;
  /** Name of the run, for `--resume`. */
  readonly run: string;
  readonly outcome: "succeeded" | "failed";
  readonly summary: Readonly<Record<StackResult["result"], number>> & { readonly seconds: number };
  readonly stacks: readonly StackResult[];
}

export interface StackResult {
  readonly stack: string;
  /** `skipped`: it was never begun. `interrupted`: it was stopped on the way. */
  readonly result: "succeeded" | "failed" | "interrupted" | "skipped";
  readonly changes: Changes;
  /** The actual errors, without secrets. */
  readonly causes: readonly string[];
  /** Whether the stack may be locked until `pulumi cancel`. */
  readonly mayHoldLock: boolean;
  readonly tries: number;
  readonly seconds: number;
  /** It succeeded before the run was resumed. */
  readonly earlier?: true;
  readonly differences?: readonly Difference[];
}

export function fleetReport(
  operation: Operation,
  run: string,
  stacks: readonly StackResult[],
  seconds: number,
): FleetReport {
  const count = (result: StackResult["result"]) =>
    stacks.filter((stack) => stack.result === result).length;
  return {
    version: 1,
    operation,
    run,
    outcome: stacks.every(({ result }) => result === "succeeded") ? "succeeded" : "failed",
    summary: {
      succeeded: count("succeeded"),
      failed: count("failed"),
      interrupted: count("interrupted"),
      skipped: count("skipped"),
      seconds: Math.round(seconds * 10) / 10,
    },
    stacks,
  };
}
