/**
 * What a fleet run came to: the shape that `--json` prints. Fields are only ever added within a version.
 */
import type { Changes, Difference, Loss, Operation, TenantOutcome } from "./engine/engine.ts";

export interface FleetReport {
  readonly version: 1;
  readonly operation: Operation;
  /** Name of the run, for `--resume`. */
  readonly run: string;
  readonly outcome: "succeeded" | "failed";
  readonly summary: Readonly<Record<StackResult["result"], number>> & { readonly seconds: number };
  readonly stacks: readonly StackResult[];
  readonly waves: readonly WaveResult[];
}

/** Stacks that were to be done together. */
export interface WaveResult {
  /** `canary`, `wave 1` */
  readonly name: string;
  readonly stacks: readonly string[];
  /** `skipped`: a wave before it failed, or the check after it did, or too many stacks had failed. */
  readonly outcome: "succeeded" | "failed" | "skipped";
  /** The check between it and the next one. */
  readonly check?: "passed" | "failed";
}

export interface StackResult {
  readonly stack: string;
  /**
   * `refused`: its preview failed or showed that data would be lost, and nothing of it was touched. `skipped`: it was
   * never begun. `interrupted`: it was stopped on the way.
   */
  readonly result: "succeeded" | "failed" | "refused" | "interrupted" | "skipped";
  readonly changes: Changes;
  /** What the preview said would change. */
  readonly preview?: Changes;
  /** Data that the preview said would be lost. */
  readonly losses?: readonly Loss[];
  /** The actual errors, without secrets. */
  readonly causes: readonly string[];
  /** Whether the stack may be locked until `pulumi cancel`. */
  readonly mayHoldLock: boolean;
  readonly tries: number;
  readonly seconds: number;
  /** It succeeded before the run was resumed. */
  readonly earlier?: true;
  readonly differences?: readonly Difference[];
  /** For events; no part of the report. */
  readonly tenants?: readonly TenantOutcome[];
}

export function fleetReport(
  operation: Operation,
  run: string,
  { stacks, waves }: Pick<FleetReport, "stacks" | "waves">,
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
      refused: count("refused"),
      interrupted: count("interrupted"),
      skipped: count("skipped"),
      seconds: Math.round(seconds * 10) / 10,
    },
    stacks: stacks.map(({ tenants: _, ...stack }) => stack),
    waves,
  };
}
