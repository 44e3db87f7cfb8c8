/** What the engine, and `plan`, would do with each resource of a stack. */
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { ChangeKind, Comparison } from "../../offline/plan/comparison.ts";
import { type Plan, planStack } from "../../offline/plan/plan.ts";
import { placeOf } from "../../offline/upgrade/identity.ts";
import type { EngineProject } from "./project.ts";

export type Step = "create" | "update" | "replace" | "delete";

export interface Steps {
  /** By place, `<types>::<name>`; what stays as it is is not here. */
  readonly steps: ReadonlyMap<string, Step>;
  /** Places of what would not be done: the engine or the provider refuses. */
  readonly refused: readonly string[];
}

interface Preview {
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
  readonly diagnostics?: readonly {
    readonly urn?: string;
    readonly severity?: string;
    readonly message?: string;
  }[];
}

/**
 * The engine's preview with another stack file.
 *
 * @throws Error where it fails for another reason than a refused resource.
 */
export async function previewed(
  project: EngineProject,
  stack: string,
  file: string,
): Promise<Steps> {
  const args = ["preview", "--stack", stack, "--config-file", file, "--json"];
  const { code, stdout, stderr } = await project.pulumi(...args);
  const { steps = [], diagnostics = [] }: Preview = JSON.parse(stdout);
  const found = new Map<string, Step>();
  for (const { op, urn } of steps) {
    const step = stepOf(op);
    // A replacement is several steps of one resource.
    if (step && found.get(placeOf(urn)) !== "replace") found.set(placeOf(urn), step);
  }
  found.delete(stackPlace(found));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const refused = errors.flatMap(({ urn }) => (urn && !isStack(urn) ? placeOf(urn) : []));
  if (code !== 0 && refused.length === 0) {
    const messages = errors.map(({ message }) => message).join("\n");
    throw new Error(`pulumi ${args.join(" ")}: exit ${code}\n${messages}\n${stderr}`);
  }
  return { steps: found, refused: [...new Set(refused)].sort() };
}

const isStack = (urn: string): boolean => urn.includes("::pulumi:pulumi:Stack::");

const stackPlace = (found: ReadonlyMap<string, Step>): string =>
  [...found.keys()].find((place) => place.startsWith("pulumi:pulumi:Stack::")) ?? "";

/** @param op of the engine, e.g. `create-replacement`; `same` is no step. */
function stepOf(op: string): Step | undefined {
  switch (op) {
    case "create":
    case "import":
      return "create";
    case "update":
      return "update";
    case "delete":
    case "discard":
      return "delete";
    case "replace":
    case "create-replacement":
    case "delete-replaced":
    case "discard-replaced":
    case "import-replacement":
      return "replace";
  }
  return undefined;
}

/** `chatstack plan` of a stack file against the exported state. */
export function planOf(
  project: EngineProject,
  stack: string,
  file: string,
  statePath: string,
): Promise<Plan> {
  const root = join(project.root, "plans", basename(statePath), file);
  mkdirSync(root, { recursive: true });
  for (const name of ["stacks", "tenants", "Pulumi.yaml"]) {
    if (existsSync(join(project.root, name))) {
      symlinkSync(join(project.root, name), join(root, name));
    }
  }
  symlinkSync(join(project.root, file), join(root, `Pulumi.${stack}.yaml`));
  return planStack({ root, stack, against: `state:${statePath}` });
}

/** What it says of each resource. */
export async function planned(...args: Parameters<typeof planOf>): Promise<Steps> {
  const { comparison } = await planOf(...args);
  if (!comparison) throw new Error("a plan against a state has a comparison");
  return stepsOf(comparison);
}

export function stepsOf({ changes, refusals }: Comparison): Steps {
  const steps = changes.flatMap(({ urn, formerUrn, kind, properties }) => {
    // The engine writes another `protect` or `retainOnDelete` into its state, and asks the provider nothing.
    const isOptionsOnly = kind === "changed" && properties.length === 0;
    const step = isOptionsOnly ? undefined : stepByKind[kind];
    return step ? [[placeOf(kind === "removed" ? (formerUrn ?? urn) : urn), step] as const] : [];
  });
  const refused = refusals.map(({ urn }) => placeOf(urn));
  return { steps: new Map(steps), refused: [...new Set(refused)].sort() };
}

const stepByKind: Readonly<Record<ChangeKind, Step | undefined>> = {
  added: "create",
  changed: "update",
  moved: undefined,
  removed: "delete",
  replaced: "replace",
};

/** `update Table full-chat; create 2 …`, in one order. */
export function inWords({ steps, refused }: Steps): string {
  if (refused.length > 0) return `refused: ${refused.map(shortName).join(", ")}`;
  const groups = Map.groupBy(steps, ([, step]) => step);
  const order: readonly Step[] = ["create", "update", "replace", "delete"];
  const words = order.flatMap((step) => {
    const places = groups.get(step);
    if (!places) return [];
    const types = Map.groupBy(places, ([place]) => typeIn(place));
    const counted = [...types].map(([type, { length }]) =>
      length === 1 ? type : `${length} ${type}`,
    );
    return `${step} ${counted.sort().join(", ")}`;
  });
  return words.join("; ") || "nothing";
}

/** Each place where the two differ, e.g. `Record full-api: engine replaces, plan says update`. */
export function disagreements(engine: Steps, plan: Steps): string[] {
  if (engine.refused.length > 0) {
    const unsaid = engine.refused.filter((place) => !plan.refused.includes(place));
    return unsaid.map((place) => `${shortName(place)}: engine refuses, plan does not`);
  }
  const places = [...new Set([...engine.steps.keys(), ...plan.steps.keys()])].sort();
  return places.flatMap((place) => {
    const [theirs, ours] = [engine.steps.get(place) ?? "same", plan.steps.get(place) ?? "same"];
    return theirs === ours ? [] : [`${shortName(place)}: engine ${theirs}, plan ${ours}`];
  });
}

const typeIn = (place: string): string => place.split("::")[0]?.split(":").at(-1) ?? place;
const shortName = (place: string): string => `${typeIn(place)} ${place.split("::")[1]}`;
