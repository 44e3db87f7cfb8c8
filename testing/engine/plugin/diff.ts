/** `Diff`: what the provider would change, property by property, and what it would replace for. */
import { nameProperty } from "./check.ts";
import { declarationOf, isFramework } from "./declarations.ts";
import { refusalOf, replaces } from "./replacement.ts";
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
  const { outputs } = declarationOf(type);
  // What the provider fills in itself stays as it is when a program says no more of it.
  const removed = Object.keys(oldInputs).filter((key) => !outputs.get(key)?.isAlways);
  const keys = [...new Set([...Object.keys(news), ...removed])].filter(
    (key) => key !== defaultsKey && key !== "tagsAll" && !ignoreChanges.includes(key),
  );
  const before = (key: string): unknown => state[key];
  const changed = keys.filter((key) => !isSame(type, key, before(key), news[key]));
  const replacing = changed.filter((key) => replaces(type, key, before(key), news[key]));
  const refusal = refusalOf(type, state, news);
  if (refusal && replacing.length === 0) throw new Error(refusal);
  return {
    changed,
    replacing,
    detailed: changed.flatMap((key) =>
      paths(before(key), news[key], key).map((found) => ({
        ...found,
        replaces: replacing.includes(key),
      })),
    ),
    deleteBeforeReplace: keepsName(type, state, news),
  };
}

/** A bridge's rule: a name that the program gave cannot be had twice. */
function keepsName(type: string, state: Properties, news: Properties): boolean {
  const property = nameProperty(type);
  if (property === undefined || isFramework(type)) return false;
  const isGiven = news[property] !== undefined && !defaultsOf(news).includes(property);
  return isGiven && news[property] === state[property];
}

const isSame = (type: string, key: string, before: unknown, after: unknown): boolean =>
  canonical(type, key, before) === canonical(type, key, after);

/** Sets in one order; what Terraform takes for unset is left out. */
function canonical(type: string, key: string, value: unknown): string {
  return JSON.stringify(simplified(type, key, value)) ?? "";
}

function simplified(type: string, key: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => simplified(type, key, entry));
    if (entries.length === 0) return undefined;
    return isOrdered(type, key) ? entries : entries.sort(byText);
  }
  if (isObject(value)) {
    if (isSigned(value)) return contentOf(value);
    const fields = Object.keys(value)
      .filter((name) => name !== defaultsKey)
      .sort()
      .map((name) => [name, simplified(type, name, value[name])])
      .filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields);
  }
  return value === null || value === "" || value === false ? undefined : value;
}

const byText = (a: unknown, b: unknown): number =>
  (JSON.stringify(a) ?? "") < (JSON.stringify(b) ?? "") ? -1 : 1;

/** Lists whose order means something; every other list of our types is a set in the provider. */
const ordered = new Set([
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration.rules",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig.rules",
  "aws:route53/record:Record.aliases",
]);
const orderedAnywhere = new Set([
  "architectures",
  "blockedEncryptionTypes",
  "fieldKeys",
  "keySchemas",
  "layers",
  "redactedFields",
  "ruleActionOverrides",
]);

export const isOrdered = (type: string, key: string): boolean =>
  orderedAnywhere.has(key) || ordered.has(`${type}.${key}`);

type Path = Omit<DetailedDifference, "replaces">;

function paths(before: unknown, after: unknown, at: string): Path[] {
  if (canonical("", at, before) === canonical("", at, after)) return [];
  const isPlain = (value: unknown): value is Properties => isObject(value) && !isSigned(value);
  if (isPlain(before) && isPlain(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    keys.delete(defaultsKey);
    return [...keys].flatMap((key) => paths(before[key], after[key], `${at}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    const indexes = Array.from({ length }, (_, index) => index);
    return indexes.flatMap((index) => paths(before[index], after[index], `${at}[${index}]`));
  }
  if (before === undefined || before === null) return [{ path: at, kind: "ADD" }];
  if (after === undefined) return [{ path: at, kind: "DELETE" }];
  return [{ path: at, kind: "UPDATE" }];
}
