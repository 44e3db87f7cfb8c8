import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Outcome } from "./trial.ts";

/** How often what came of a fault. */
export type Outcomes = Partial<Record<Outcome, number>>;

/** What one operation was put through. */
export interface FaultsOf {
  readonly history: string;
  readonly operation: string;
  /** Of the SDK, in an undisturbed run. */
  readonly calls: number;
  readonly byKind: Readonly<Record<string, Outcomes>>;
}

export interface CrashesOf {
  readonly history: string;
  readonly operation: string;
  readonly crashes: number;
}

/** One file an operation, since test files run beside each other: `docs/scale/reliability.md` is made of them. */
export function record(kind: "faults", result: FaultsOf): void;
export function record(kind: "crashes", result: CrashesOf): void;
export function record(kind: "faults" | "crashes", result: FaultsOf | CrashesOf): void {
  const file = fileOf(kind, result.history, result.operation);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(result, undefined, 2));
}

export function fileOf(kind: "faults" | "crashes", history: string, operation: string): string {
  const name = `${kind} ${history} ${operation}`.replaceAll(/[^\w]+/g, "-");
  return resolve(import.meta.dirname, `../../dist/faults/${name}.json`);
}
