/** What the fleet and the processes that do its work say to each other. */
import type { Job, Outcome, Progress } from "./engine.ts";

/** To the process of a slot. */
export type Order =
  | { readonly kind: "run"; readonly recorded: RecordedJob }
  /** Stop in order; said once, for a second SIGINT tells the CLI to drop everything. */
  | { readonly kind: "interrupt" };

export interface RecordedJob {
  readonly job: Job;
  /** Journal to record it in; absent for what changes nothing. */
  readonly journal?: string;
  readonly fingerprint: string;
}

/** From the process of a slot. */
export type Word =
  | { readonly kind: "ready" }
  /** There is no CLI that it could run. */
  | { readonly kind: "unable"; readonly reason: string }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "outcome"; readonly outcome: Outcome };
