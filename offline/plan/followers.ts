/**
 * What a change takes along. A resource that refers to a replaced one by a property which cannot change
 * in place is replaced as well, e.g. the clients of a user pool; one that refers to it by another property
 * is updated to the new reference. So is one that refers to an output which an update makes anew, e.g. an
 * alias to a function's version.
 */
import type { ResourceRecord } from "../record.ts";
import { renewedOutputs, replacingReferences } from "../upgrade/provider.ts";
import { isIgnored } from "../upgrade/replacement.ts";
import { changeOf, described, fateOf } from "./change.ts";
import type { PropertyChange, ResourceChange } from "./comparison.ts";
import { labelOf } from "./symbolic.ts";

/**
 * @param former the earlier record of each that stays, by URN in the later records; symbolic.
 * @param now the later records by URN; symbolic.
 */
export function withFollowers(
  changes: readonly ResourceChange[],
  former: ReadonlyMap<string, ResourceRecord>,
  now: ReadonlyMap<string, ResourceRecord>,
  owners: ReadonlyMap<string, string | undefined>,
): ResourceChange[] {
  const byUrn = new Map(changes.map((change) => [change.urn, change]));
  const queue = changes.flatMap((change) => originOf(change, now));
  if (queue.length === 0) return [...changes];
  const referrers = referrersByUrn(now);
  for (let origin = queue.shift(); origin !== undefined; origin = queue.shift()) {
    for (const { record, property, replaces } of referrers.get(origin.urn) ?? []) {
      const earlier = former.get(record.urn);
      const change = byUrn.get(record.urn);
      if (!earlier || change?.properties.some(({ path }) => path === property)) continue;
      if (!origin.isIn(record.inputs[property])) continue;
      const known = change ?? changeOf(earlier, record, owners.get(record.urn));
      const follows: PropertyChange = { path: property, kind: "follows", replaces };
      const isReplaced = replaces || known?.kind === "replaced";
      const followed: ResourceChange = {
        ...described(record, owners.get(record.urn)),
        options: [],
        ...known,
        kind: isReplaced ? "replaced" : "changed",
        ...(isReplaced && { fate: fateOf(earlier, record) }),
        properties: [...(known?.properties ?? []), follows],
      };
      byUrn.set(record.urn, followed);
      if (change?.kind === "replaced") continue;
      for (const { urn, isIn } of originOf(followed, now)) {
        const isAlso = isReplaced ? origin.isIn : () => false;
        queue.push({ urn, isIn: (value) => isIn(value) || isAlso(value) });
      }
    }
  }
  return [...byUrn.values()];
}

interface Referrer {
  readonly record: ResourceRecord;
  readonly property: string;
  /** Whether another reference there replaces the resource. */
  readonly replaces: boolean;
}

/** By the URN of what they refer to. */
function referrersByUrn(records: ReadonlyMap<string, ResourceRecord>): Map<string, Referrer[]> {
  const referrers = new Map<string, Referrer[]>();
  for (const record of records.values()) {
    const replacing = replacingReferences(record.type);
    for (const [property, urns] of Object.entries(record.propertyDependencies)) {
      if (!record.custom || isIgnored(record, property)) continue;
      const referrer = { record, property, replaces: replacing.includes(property) };
      for (const urn of urns) {
        const known = referrers.get(urn);
        if (known) known.push(referrer);
        else referrers.set(urn, [referrer]);
      }
    }
  }
  return referrers;
}

interface Origin {
  readonly urn: string;
  /** Whether a value is made of what this resource no longer is. */
  readonly isIn: (value: unknown) => boolean;
}

function originOf(
  { urn, type, kind, properties }: ResourceChange,
  now: ReadonlyMap<string, ResourceRecord>,
): Origin[] {
  const record = now.get(urn);
  if (!record) return [];
  if (kind === "replaced") return [replacementOf(record)];
  const changed = properties.map(({ path }) => path.split(/[.[]/)[0] ?? path);
  const renewed = kind === "changed" ? renewedOutputs(type, changed, record.inputs) : [];
  if (renewed.length === 0) return [];
  const symbols = renewed.map((output) => `\${${labelOf(type, record.name)}.${output}}`);
  const values = renewed.flatMap((output) => record.outputs[output] ?? []);
  const isIn = (value: unknown) =>
    holdsOne(values, value) || symbols.some((symbol) => textOf(value).includes(symbol));
  return [{ urn, isIn }];
}

/** A version is too short a text to be a symbol: it is a whole value, or a key, as in an alias's weights. */
function holdsOne(values: readonly unknown[], value: unknown): boolean {
  if (Array.isArray(value)) return value.some((entry) => holdsOne(values, entry));
  if (typeof value !== "object" || value === null) return values.includes(value);
  return Object.entries(value).some(
    ([key, field]) => values.includes(key) || holdsOne(values, field),
  );
}

/** A name that the program sets itself stays the same when the resource is replaced. */
function replacementOf({ urn, type, name, inputs, outputs }: ResourceRecord): Origin {
  const symbol = `\${${labelOf(type, name)}.`;
  // What the program made of an automatic name, e.g. with underscores, still has its random end.
  const automatic = inputs.name === undefined ? String(outputs.name ?? "") : "";
  const [end] = /(?<=-)[0-9a-f]{7,}$/.exec(automatic) ?? [];
  return {
    urn,
    isIn: (value) =>
      textOf(value).includes(symbol) ||
      (end !== undefined && textOf(value).includes(end)) ||
      isDigest(value),
  };
}

/** What a digest is of cannot be seen in it: one that depends on a replaced resource is another one. */
const isDigest = (value: unknown): boolean => /"[0-9a-f]{64}"/.test(textOf(value));

const textOf = (value: unknown): string => JSON.stringify(value ?? "");
