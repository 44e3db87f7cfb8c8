/**
 * What a replacement takes along: a resource that refers to a replaced one by a property which cannot
 * change in place is replaced as well, e.g. the clients of a user pool. What refers to it by another
 * property is updated to the new reference.
 */
import type { ResourceRecord } from "../record.ts";
import { replacingReferences } from "../upgrade/provider.ts";
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
  const queue = changes.filter(({ kind }) => kind === "replaced").map(({ urn }) => urn);
  if (queue.length === 0) return [...changes];
  const referrers = referrersByUrn(now);
  for (let urn = queue.shift(); urn !== undefined; urn = queue.shift()) {
    const replaced = now.get(urn);
    for (const { record, property, replaces } of referrers.get(urn) ?? []) {
      const earlier = former.get(record.urn);
      const change = byUrn.get(record.urn);
      if (!replaced || !earlier || change?.properties.some(({ path }) => path === property)) {
        continue;
      }
      if (!refersTo(record.inputs[property], replaced)) continue;
      const known = change ?? changeOf(earlier, record, owners.get(record.urn));
      const follows: PropertyChange = { path: property, kind: "follows", replaces };
      const isReplaced = replaces || known?.kind === "replaced";
      byUrn.set(record.urn, {
        ...described(record, owners.get(record.urn)),
        options: [],
        ...known,
        kind: isReplaced ? "replaced" : "changed",
        ...(isReplaced && { fate: fateOf(earlier, record) }),
        properties: [...(known?.properties ?? []), follows],
      });
      if (isReplaced && change?.kind !== "replaced") queue.push(record.urn);
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

/** A name that the program sets itself stays the same when the resource is replaced. */
const refersTo = (value: unknown, { type, name }: ResourceRecord): boolean =>
  JSON.stringify(value ?? "").includes(`\${${labelOf(type, name)}.`);
