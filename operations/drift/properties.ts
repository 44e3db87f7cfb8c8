/** Which properties of a resource differ, as far as the engine's event says it. */
import { isDeepStrictEqual } from "node:util";
import type { PropertyDiff, StepEventMetadata } from "@pulumi/pulumi/automation/events.js";
import type { PropertyDifference } from "../fleet/engine/engine.ts";

type Properties = Readonly<Record<string, unknown>>;

/**
 * The provider's own diff, property by property, where the event carries one; else the properties that it
 * names; else the top-level inputs that are not equal. `old` is the state, `new` the reality.
 */
export function propertyDifferences(step: StepEventMetadata): PropertyDifference[] {
  const { detailedDiff, diffs } = step;
  const detailed = Object.entries(detailedDiff ?? {});
  const paths =
    detailed.length > 0
      ? detailed
      : (diffs?.length ? diffs : unequalInputs(step)).map((path) => [path, undefined] as const);
  return paths
    .map(([path, diff]) => difference(step, path, diff))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function unequalInputs({ old, new: now }: StepEventMetadata): string[] {
  const keys = new Set([...Object.keys(old?.inputs ?? {}), ...Object.keys(now?.inputs ?? {})]);
  return [...keys].filter(
    (key) => !key.startsWith("__") && !isDeepStrictEqual(old?.inputs?.[key], now?.inputs?.[key]),
  );
}

function difference(
  { old, new: now }: StepEventMetadata,
  path: string,
  diff: PropertyDiff | undefined,
): PropertyDifference {
  const keys = keysOf(path);
  const pairs: [Properties | undefined, Properties | undefined][] = [
    [old?.inputs, now?.inputs],
    [old?.outputs, now?.outputs],
  ];
  const values = pairs.map(([state, reality]) => [valueAt(state, keys), valueAt(reality, keys)]);
  // An input that the program left out stands in the outputs alone.
  const [state, reality] = values.find(([a, b]) => !isDeepStrictEqual(a, b)) ?? values[0] ?? [];
  const isHidden = [state, reality].some(isSecret) || secretPath.test(path);
  return {
    path,
    kind: kindOf(diff?.diffKind, state, reality),
    ...(state !== undefined && { state: isHidden ? "[secret]" : shown(state) }),
    ...(reality !== undefined && { reality: isHidden ? "[secret]" : shown(reality) }),
  };
}

function kindOf(
  kind: PropertyDiff["diffKind"] | undefined,
  state: unknown,
  reality: unknown,
): PropertyDifference["kind"] {
  if (kind?.startsWith("add") || (!kind && state === undefined)) return "added";
  if (kind?.startsWith("delete") || (!kind && reality === undefined)) return "removed";
  return "changed";
}

/** Keys of a property path: `rules[0].name`, `tags["chatstack:tenant"]` (Pulumi docs, "Property paths"). */
const keysOf = (path: string): string[] =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replaceAll('\\"', '"') ?? index ?? name ?? "",
  );

function valueAt(properties: unknown, keys: readonly string[]): unknown {
  let value = properties;
  for (const key of keys) {
    if (isSecret(value)) return value;
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** Marks a secret in serialized properties (`resource.SigKey` in pulumi/pulumi, sdk/go/common/resource). */
const signature = "4dabf18193072939515e22adb298388d";

const isSecret = (value: unknown): boolean =>
  value === "[secret]" || (typeof value === "object" && value !== null && signature in value);

/** Where people put secrets that nobody marked as such. */
const secretPath = /password|secret|token|credential|environment\.variables/i;

const longest = 80;

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}
