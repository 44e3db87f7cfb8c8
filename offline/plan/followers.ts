/**
 * What a replacement takes along: a resource that refers to a replaced one by a property which cannot
 * change in place is replaced as well, e.g. the clients of a user pool. What merely refers to it is
 * given the new reference, and is no change of its own.
 */
import type { ResourceRecord } from "../record.ts";
import { replacingProperties } from "../upgrade/replacing-settings.ts";
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
    for (const { record, property } of referrers.get(urn) ?? []) {
      const earlier = former.get(record.urn);
      const change = byUrn.get(record.urn);
      if (!replaced || !earlier || change?.properties.some(({ path }) => path === property)) {
        continue;
      }
      if (!refersTo(record.inputs[property], replaced)) continue;
      const known = change ?? changeOf(earlier, record, owners.get(record.urn));
      const follows: PropertyChange = { path: property, kind: "follows", replaces: true };
      byUrn.set(record.urn, {
        ...described(record, owners.get(record.urn)),
        options: [],
        ...known,
        kind: "replaced",
        fate: fateOf(earlier, record),
        properties: [...(known?.properties ?? []), follows],
      });
      if (change?.kind !== "replaced") queue.push(record.urn);
    }
  }
  return [...byUrn.values()];
}

interface Referrer {
  readonly record: ResourceRecord;
  readonly property: string;
}

/** By the URN of what they refer to: whoever would be replaced if the reference changed. */
function referrersByUrn(records: ReadonlyMap<string, ResourceRecord>): Map<string, Referrer[]> {
  const referrers = new Map<string, Referrer[]>();
  for (const record of records.values()) {
    const replacing = replacingProperties(record.type);
    for (const [property, urns] of Object.entries(record.propertyDependencies)) {
      if (!replacing.includes(property) || record.options.ignoreChanges.includes(property)) {
        continue;
      }
      for (const urn of urns) {
        const known = referrers.get(urn);
        if (known) known.push({ record, property });
        else referrers.set(urn, [{ record, property }]);
      }
    }
  }
  return referrers;
}

/** A name that the program sets itself stays the same when the resource is replaced. */
const refersTo = (value: unknown, { type, name }: ResourceRecord): boolean =>
  JSON.stringify(value ?? "").includes(`\${${labelOf(type, name)}.`);
