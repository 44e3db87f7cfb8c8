/** What judges a stack, our own rules or a pack, and what it says. */
import type { Provided } from "../pack/providers.ts";
import type { RuleInfo } from "../report.ts";

export interface Judge {
  /** Of the rules that are asked, what they are and at which levels. */
  readonly rules: readonly RuleInfo[];
  /** @param onProgress is called with the number of resources judged so far. */
  judge(provided: Provided, onProgress: (judged: number) => void): Promise<Judgement>;
  stop(): Promise<void>;
}

export interface Judgement {
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly Change[];
  /** Why a resource, or the stack, could not be judged. */
  readonly failures: readonly string[];
}

/** What a policy said, as the SDK words it. */
export interface Diagnostic {
  readonly rule: string;
  readonly urn: string;
  readonly description: string;
  readonly message: string;
}

/** What a policy at level `remediate` would do to one resource. */
export interface Change {
  readonly rule: string;
  readonly urn: string;
  readonly properties: readonly string[];
}
