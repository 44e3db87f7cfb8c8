/** `Diff`: what the provider would change, property by property, and what it would replace for. */
import {
  asCompared,
  isFramework,
  keepsUnset,
  typeSchema,
} from "../../../offline/upgrade/provider.ts";
import { nameProperty } from "./check.ts";
import { declarationOf } from "./declarations.ts";
import { verdictOn } from "./replacement.ts";
import {
  contentOf,
  defaultsKey,
  defaultsOf,
  isObject,
  isSigned,
  type Properties,
  typeOf,
} from "./wire.ts";

export interface Difference {
  readonly changed: readonly string[];
  readonly replacing: readonly string[];
  /** By path, e.g. `replicas[0].regionName`. */
  readonly detailed: readonly DetailedDifference[];
  /** True where the new one would have the old one's name. */
  readonly deleteBeforeReplace: boolean;
}

export interface DetailedDifference {
  readonly path: string;
  readonly kind: "ADD" | "DELETE" | "UPDATE";
  readonly replaces: boolean;
}

/**
 * @param state outputs as deployed.
 * @param oldInputs as checked when it was deployed.
 * @throws Error where AWS's provider refuses the change at preview.
 */
export function difference(
  urn: string,
  state: Properties,
  oldInputs: Properties,
  news: Properties,
  ignoreChanges: readonly string[],
): Difference {
  const type = typeOf(urn);
  const removed = Object.keys(oldInputs).filter((key) => !isKept(type, key));
  const keys = [...new Set([...Object.keys(news), ...removed])].filter(
    (key) => key !== defaultsKey && key !== "tagsAll" && !ignoreChanges.includes(key),
  );
  const before = (key: string): unknown => state[key];
  const changed = keys.filter((key) => !isSame(type, key, before(key), news[key]));
  const { replacing, refusal } = verdictOn(type, state, news, changed, (path, old, now) =>
    isSame(type, path, old, now),
  );
  if (refusal && replacing.length === 0) throw new Error(refusal);
  return {
    changed,
    replacing,
    detailed: changed.flatMap((key) =>
      paths(type, before(key), news[key], key).map((found) => ({
        ...found,
        replaces: replacing.includes(key),
      })),
    ),
    deleteBeforeReplace: keepsName(type, state, news),
  };
}

/** What the provider fills in itself stays as it is when a program says no more of it. */
export const isKept = (type: string, property: string): boolean =>
  declarationOf(type).outputs.get(property)?.isAlways === true || keepsUnset(type, property);

/** Properties that an update would change. */
export const changedIn = (type: string, state: Properties, news: Properties): string[] =>
  Object.keys(news).filter(
    (key) => key !== defaultsKey && key !== "tagsAll" && !isSame(type, key, state[key], news[key]),
  );

/** A bridge's rule: a name that the program gave cannot be had twice. */
function keepsName(type: string, state: Properties, news: Properties): boolean {
  const property = nameProperty(type);
  if (property === undefined || isFramework(type)) return false;
  const isGiven = news[property] !== undefined && !defaultsOf(news).includes(property);
  return isGiven && news[property] === state[property];
}

const isSame = (type: string, path: string, before: unknown, after: unknown): boolean =>
  canonical(type, path, asCompared(type, path, before)) ===
  canonical(type, path, asCompared(type, path, after));

/** Sets in one order; what Terraform takes for unset is left out. */
function canonical(type: string, path: string, value: unknown): string {
  return JSON.stringify(simplified(type, path, value)) ?? "";
}

function simplified(type: string, path: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => simplified(type, path, entry));
    if (entries.length === 0) return undefined;
    return isSet(type, path) ? entries.sort(byText) : entries;
  }
  if (isObject(value)) {
    if (isSigned(value)) return contentOf(value);
    const fields = Object.keys(value)
      .filter((name) => name !== defaultsKey)
      .sort()
      .map((name) => [name, simplified(type, `${path}.${name}`, value[name])])
      .filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields);
  }
  return value === null || value === "" || value === false ? undefined : value;
}

const byText = (a: unknown, b: unknown): number =>
  (JSON.stringify(a) ?? "") < (JSON.stringify(b) ?? "") ? -1 : 1;

/** @param path of a list in the inputs; entries of lists on the way have no index. */
export const isSet = (type: string, path: string): boolean =>
  typeSchema(type)?.sets?.includes(path) ?? false;

type Path = Omit<DetailedDifference, "replaces">;

function paths(type: string, before: unknown, after: unknown, at: string): Path[] {
  if (isSame(type, at.replaceAll(/\[\d+\]/g, ""), before, after)) return [];
  const isPlain = (value: unknown): value is Properties => isObject(value) && !isSigned(value);
  if (isPlain(before) && isPlain(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    keys.delete(defaultsKey);
    return [...keys].flatMap((key) => paths(type, before[key], after[key], `${at}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    const indexes = Array.from({ length }, (_, index) => index);
    return indexes.flatMap((index) => paths(type, before[index], after[index], `${at}[${index}]`));
  }
  if (before === undefined || before === null) return [{ path: at, kind: "ADD" }];
  if (after === undefined) return [{ path: at, kind: "DELETE" }];
  return [{ path: at, kind: "UPDATE" }];
}
