/** Why a resource that stays in the program is replaced all the same. */
import { differences } from "../differences.ts";
import type { ResourceRecord } from "../record.ts";
import { replacingPaths, ruleOutcome } from "./provider.ts";
import { inOrder } from "./sets.ts";

/** Paths of inputs for whose change the resource is replaced; `*` where it is told to for any. */
export function replacementCauses(
  before: ResourceRecord,
  after: ResourceRecord,
): readonly string[] {
  const always = [...replacingPaths(after.type), ...after.options.replaceOnChanges];
  const found = always.filter((path) =>
    path === "*"
      ? differences(before.inputs, after.inputs).length > 0
      : differsAt(before, after, path),
  );
  const causes = [...found, ...(ruleOutcome(before, after).replaces ?? [])];
  return [...new Set(causes)].filter((path) => !isIgnored(after, path));
}

/**
 * The id of the existing resource that takes this one's place by the `import` option. The engine brings
 * that one under management and deletes this one, unless it was deployed with `retainOnDelete`;
 * `protect` does not stop it.
 */
export function adoptedId(before: ResourceRecord, after: ResourceRecord): string | undefined {
  const { import: adopted } = after.options;
  return adopted === before.id || adopted === before.options.import ? undefined : adopted;
}

/** The region is an output where the provider's own decides it. */
export function valueAt({ inputs, outputs }: ResourceRecord, path: string): unknown {
  if (path === "region") return inputs.region ?? outputs.region;
  let value: unknown = inputs;
  for (const key of path.split(".")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** Whether the option `ignoreChanges` covers this path of inputs. */
export const isIgnored = ({ options }: ResourceRecord, path: string): boolean =>
  options.ignoreChanges.some((ignored) => ignored === "*" || isWithin(path, ignored));

export const isWithin = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

function differsAt(before: ResourceRecord, after: ResourceRecord, path: string): boolean {
  const [from, to] = [before, after].map((one) => inOrder(after.type, path, valueAt(one, path)));
  return differences(from, to).length > 0;
}
