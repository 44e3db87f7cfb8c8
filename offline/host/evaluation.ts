/** What evaluating a program gives. */
import type { ResourceRecord } from "../record.ts";

export interface Evaluation {
  readonly project: string;
  readonly stack: string;
  /** In order of registration; the stack itself is the first. */
  readonly records: readonly ResourceRecord[];
  /** Stack outputs, resolved. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Tokens of the functions whose results are unknown, for only AWS could answer, one for each call. */
  readonly unanswered: readonly string[];
}

/** The program failed, or left something behind that would have made a real run fail. */
export class EvaluationError extends Error {
  readonly causes: readonly string[];
  /** True where the run did not come to an end by itself. */
  readonly isHalted: boolean;

  constructor(stack: string, causes: readonly string[], isHalted = false) {
    super(`stack "${stack}" could not be evaluated:\n${causes.map(bullet).join("\n")}`);
    this.name = "EvaluationError";
    this.causes = causes;
    this.isHalted = isHalted;
  }
}

/** One failure surfaces several times: bare, and wrapped by the SDK in a sentence. Keep one of each. */
export const distinct = (failures: readonly string[]): string[] =>
  [...new Set(failures)].filter(
    (failure) => failure && !failures.some((other) => other !== failure && other.includes(failure)),
  );

const bullet = (cause: string): string => `  - ${cause.replaceAll("\n", "\n    ")}`;
