/** The differences of two values, each with its path: nested, and in lists by what an entry is. */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "./fields.ts";

export interface Difference {
  /** Keys from the root; an entry of a list is `[2]`, `[name=by-recency]` or `["title"]`. */
  readonly path: readonly string[];
  readonly kind: "added" | "changed" | "removed" | "code";
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Stands for a value that this side cannot know, e.g. an encrypted secret: it differs from nothing.
 * The engine's own sentinel for unknown strings.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Absent and `undefined` are the same. */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): Difference[] {
  if (isSame(before, after)) return [];
  if (before === undefined) return [{ path, kind: "added", after }];
  if (after === undefined) return [{ path, kind: "removed", before }];
  if (isCode(before) && isCode(after)) return [{ path, kind: "code" }];
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, path);
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  return [{ path, kind: "changed", before, after }];
}

/** `a.b[name=x].c`; a key with dots stands in brackets and quotes. */
export const pathText = (path: readonly string[]): string =>
  path.reduce((text, key) => {
    if (key.startsWith("[")) return `${text}${key}`;
    const segment = key.includes(".") ? `[${JSON.stringify(key)}]` : key;
    return text === "" || segment.startsWith("[") ? `${text}${segment}` : `${text}.${segment}`;
  }, "");

/** Providers take numbers and booleans as text, and hand them back as what they are. */
function isSame(before: unknown, after: unknown): boolean {
  if (before === unknownValue || after === unknownValue) return true;
  if (isScalar(before) && isScalar(after)) return String(before) === String(after);
  if (isCode(before) && isCode(after)) return isSameCode(before, after);
  return isDeepStrictEqual(before, after);
}

function inLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly string[],
): Difference[] {
  if (before.every(isScalar) && after.every(isScalar)) return inSets(before, after, path);
  const key = identityKey(before, after);
  return key === undefined ? inSequences(before, after, path) : byKey(before, after, key, path);
}

/** Lists of plain values: what came and what went; where only the order differs, both lists. */
function inSets(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly string[],
): Difference[] {
  const left = Map.groupBy(before, String);
  const right = Map.groupBy(after, String);
  const extra = (here: Map<string, unknown[]>, there: Map<string, unknown[]>) =>
    [...here].flatMap(([text, found]) => found.slice(there.get(text)?.length ?? 0));
  const removed = extra(left, right);
  const added = extra(right, left);
  if (removed.length + added.length === 0) {
    // Numbers and the text of numbers are the same here too.
    if (isDeepStrictEqual(before.map(String), after.map(String))) return [];
    return [{ path, kind: "changed", before, after }];
  }
  const entry = (value: unknown) => [...path, `[${JSON.stringify(value)}]`];
  return [
    ...removed.map((value) => ({ path: entry(value), kind: "removed" as const, before: value })),
    ...added.map((value) => ({ path: entry(value), kind: "added" as const, after: value })),
  ];
}

/** What names an entry in AWS's APIs and in Pulumi's inputs, most telling first. */
const identityKeys = [
  ...["Sid", "sid", "name", "id", "key", "ruleName", "attributeName", "regionName", "priority"],
  ...["targetId", "Id", "Name", "Key"],
];

/** A field that every entry of both lists has, and no two of one list share. */
function identityKey(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  return identityKeys.find((key) =>
    [before, after].every((list) => {
      const values = list.map((entry) => (isObject(entry) ? entry[key] : undefined));
      return values.every(isScalar) && new Set(values).size === list.length;
    }),
  );
}

function byKey(
  before: readonly unknown[],
  after: readonly unknown[],
  key: string,
  path: readonly string[],
): Difference[] {
  const keyed = (list: readonly unknown[]) =>
    new Map(list.map((entry) => [isObject(entry) ? String(entry[key]) : "", entry]));
  const [left, right] = [keyed(before), keyed(after)];
  const found = [...new Set([...left.keys(), ...right.keys()])].flatMap((value) =>
    differences(left.get(value), right.get(value), [...path, `[${key}=${value}]`]),
  );
  const isReordered = !isDeepStrictEqual([...left.keys()], [...right.keys()]);
  return found.length === 0 && isReordered ? [{ path, kind: "changed", before, after }] : found;
}

/** Entries without a name: equal ones belong together, the others are compared in their order. */
function inSequences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly string[],
): Difference[] {
  const [left, right] = unmatched(before, after);
  if (left.length + right.length === 0) {
    // IAM reads statements in no order.
    return path.at(-1) === "Statement" ? [] : [{ path, kind: "changed", before, after }];
  }
  return Array.from({ length: Math.max(left.length, right.length) }, (_, place) => {
    const index = right[place] ?? left[place] ?? 0;
    const [old, now] = [before[left[place] ?? -1], after[right[place] ?? -1]];
    return differences(old, now, [...path, `[${index}]`]);
  }).flat();
}

/** Indexes of the entries on either side that have no equal on the other. */
function unmatched(before: readonly unknown[], after: readonly unknown[]): [number[], number[]] {
  const waiting = new Map<string, number[]>();
  for (const [index, entry] of before.entries()) {
    const text = JSON.stringify(entry);
    waiting.set(text, [...(waiting.get(text) ?? []), index]);
  }
  const added = [...after.keys()].filter(
    (index) => waiting.get(JSON.stringify(after[index]))?.shift() === undefined,
  );
  return [[...waiting.values()].flat().sort((a, b) => a - b), added];
}

const isScalar = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

/** Records hold `{ asset: { … } }` and `{ archive: { … } }`. */
function isCode(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const [[kind = "", content] = [], ...others] = Object.entries(value);
  return others.length === 0 && ["asset", "archive"].includes(kind) && isObject(content);
}

/** By content where both sides know its hash: paths are this machine's. */
function isSameCode(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  const [left, right] = [hashOf(before), hashOf(after)];
  return left !== undefined && right !== undefined
    ? left === right
    : isDeepStrictEqual(before, after);
}

function hashOf(code: Readonly<Record<string, unknown>>): unknown {
  const [content] = Object.values(code);
  return isObject(content) ? content.hash : undefined;
}
