/** What `chatstack doctor` found: the shape that `--json` prints and the tables are made from. */

/** `unknown`: the records cannot tell, or the account refused to be read. */
export type State = "ok" | "missing" | "unknown";

export interface Check {
  /** Of what kind it is, e.g. `lambda-concurrency`; several checks of a stack may share it. */
  readonly id: string;
  /** What was looked at, in a few words. */
  readonly subject: string;
  readonly state: State;
  /** What was found. */
  readonly why: string;
  /** What to do, where there is something to do. */
  readonly todo?: Todo;
}

export interface Todo {
  readonly text: string;
  /** Lines of a shell, as they are. */
  readonly commands?: readonly string[];
}

export interface StackReport {
  readonly stack: string;
  readonly region: string;
  readonly partition: string;
  /** Of the account that was read; absent where the records alone were. */
  readonly account?: string;
  readonly checks: readonly Check[];
}

export interface DoctorReport {
  readonly version: 1;
  /** `missing` where a check is; what is unknown is not missing. */
  readonly outcome: "ok" | "missing";
  /** What this machine needs to run Pulumi. */
  readonly machine: readonly Check[];
  readonly stacks: readonly StackReport[];
}

export function doctorReport(
  machine: readonly Check[],
  stacks: readonly StackReport[],
): DoctorReport {
  const all = [...machine, ...stacks.flatMap(({ checks }) => checks)];
  const outcome = all.some(({ state }) => state === "missing") ? "missing" : "ok";
  return { version: 1, outcome, machine, stacks };
}
