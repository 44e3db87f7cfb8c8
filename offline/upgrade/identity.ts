/**
 * Which resource of an earlier program a resource is: the engine looks a resource up by its URN, and
 * by each URN that an alias of its own or of one of its parents gives it. What it does not find it
 * creates, and what nothing has found it deletes.
 */
import type { ResourceAlias, ResourceRecord } from "../record.ts";

/** URN without stack and project, so that records of two stacks compare: `<types>::<name>`. */
export const placeOf = (urn: string): string => urn.split("::").slice(2).join("::");

/**
 * The places under which each record may stand in an earlier program, its own first.
 *
 * @returns by URN.
 */
export function formerPlaces(
  records: readonly ResourceRecord[],
): ReadonlyMap<string, readonly string[]> {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  const known = new Map<string, readonly string[]>();
  const placesOf = (record: ResourceRecord): readonly string[] => {
    const found = known.get(record.urn);
    if (found) return found;
    const parent = record.parent === undefined ? undefined : byUrn.get(record.parent);
    const parents = parent && parent.type !== stackType ? placesOf(parent) : [undefined];
    const selves = [{ type: record.type, name: record.name }, ...record.options.aliases];
    const places = new Set([placeOf(record.urn)]);
    for (const self of selves) {
      for (const place of aliasPlaces(self, record, parent, parents)) places.add(place);
    }
    known.set(record.urn, [...places]);
    return [...places];
  };
  for (const record of records) placesOf(record);
  return known;
}

/**
 * Which record of `after` each record of `before` becomes; absent where the engine would delete it. A
 * resource that stands in its place still comes before one that claims the place by an alias.
 *
 * @returns by URN in `before`.
 */
export function successors(
  before: readonly ResourceRecord[],
  after: readonly ResourceRecord[],
): ReadonlyMap<string, ResourceRecord> {
  const byPlace = new Map(after.map((record) => [placeOf(record.urn), record]));
  const places = formerPlaces(after);
  for (const record of after) {
    for (const place of places.get(record.urn) ?? []) {
      if (!byPlace.has(place)) byPlace.set(place, record);
    }
  }
  return new Map(
    before.flatMap(({ urn }) => {
      const successor = byPlace.get(placeOf(urn));
      return successor ? [[urn, successor] as const] : [];
    }),
  );
}

const stackType = "pulumi:pulumi:Stack";

function aliasPlaces(
  alias: ResourceAlias,
  record: ResourceRecord,
  parent: ResourceRecord | undefined,
  parents: readonly (string | undefined)[],
): string[] {
  if (typeof alias === "string") return [placeOf(alias)];
  const { type = record.type, name = record.name } = alias;
  if (alias.noParent) return [`${type}::${name}`];
  const elsewhere = alias.parent !== undefined && alias.parent !== record.parent;
  return (elsewhere ? [placeOf(alias.parent ?? "")] : parents).map((place) => {
    if (place === undefined || place.startsWith(`${stackType}::`)) return `${type}::${name}`;
    const [types = "", parentName = ""] = place.split("::");
    return `${types}$${type}::${renamed(name, parent, parentName)}`;
  });
}

/** A child named after its parent was named after the parent's former name (the engine's rule). */
const renamed = (name: string, parent: ResourceRecord | undefined, parentName: string): string =>
  parent && name.startsWith(parent.name) ? parentName + name.slice(parent.name.length) : name;
