/** The steps of a move, in their order, and what each does. */

/** `state`: the engine's state alone changes its stack. `copy`: account or region change, so data is copied. */
export const moveKinds = ["state", "copy"] as const;
export type MoveKind = (typeof moveKinds)[number];

const stateSteps = ["state", "files", "deploy"] as const;
const copySteps = [
  "provision",
  "copy",
  "read-only",
  "catch-up",
  "switch-over",
  "close",
  "erasures",
] as const;

export const stepNames = [...stateSteps, ...copySteps] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  readonly name: StepName;
  /** A clause: what is done. */
  readonly does: string;
  readonly done: boolean;
}

export interface Asked {
  readonly tenant: string;
  /** The stacks. */
  readonly from: string;
  readonly to: string;
}

export function stepsOf(kind: MoveKind, asked: Asked, done: readonly StepName[]): Step[] {
  const names = kind === "state" ? stateSteps : copySteps;
  return names.map((name) => ({ name, does: words[name](asked), done: done.includes(name) }));
}

const words: Readonly<Record<StepName, (asked: Asked) => string>> = {
  state: ({ tenant, from, to }) =>
    `\`pulumi state move\`: the state of ${tenant}'s resources goes from ${from} to ${to}; the cloud is not touched`,
  files: ({ tenant, from, to }) => `${tenant}'s entry goes from ${from}'s files to ${to}'s`,
  deploy: ({ from, to }) => `${to} and ${from} are deployed: tags name the new stack`,
  provision: ({ tenant, to }) => `${tenant} is added to ${to}, suspended, and ${to} is deployed`,
  copy: () => "users, items and objects are copied while users go on",
  "read-only": ({ tenant, from }) =>
    `${tenant} is set to off-boarding in ${from}, and ${from} is deployed: users read, and write no more`,
  "catch-up": () =>
    "what was written since is copied, until both are the same, by counts and contents",
  "switch-over": ({ tenant, to }) =>
    `${tenant} is made active in ${to}, and ${to} is deployed: users write again, at the new address`,
  close: ({ tenant, from }) =>
    `${tenant} is suspended in ${from}, and ${from} is deployed; its data stays`,
  erasures: () => "users who were erased at the old address meanwhile are erased at the new one",
};
