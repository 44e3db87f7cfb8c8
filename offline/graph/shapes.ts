/** Tenants that are built alike need one picture. */
import type { Topology } from "./rooms.ts";

export interface Shape {
  /** Tenants that have this shape; empty for what all tenants share. */
  readonly tenants: readonly string[];
  /** Of the first of them. */
  readonly topology: Topology;
}

/** @param topologies in the order in which their shapes are told. */
export function shapesOf(topologies: readonly Topology[]): Shape[] {
  return [...Map.groupBy(topologies, signature).values()].flatMap((alike) =>
    alike.slice(0, 1).map((topology) => ({
      tenants: alike.flatMap(({ tenant }) => tenant ?? []),
      topology,
    })),
  );
}

/** What a topology is but for the tenant's id, which its rooms are named after. */
function signature({ tenant, rooms, arrows }: Topology): string {
  const numbers = new Map(rooms.map(({ urn }, index) => [urn, index]));
  return JSON.stringify({
    isShared: tenant === undefined,
    rooms: rooms.map(({ kind, name, contents, isKept, within }) => ({
      kind,
      name: tenant !== undefined && name.startsWith(tenant) ? name.slice(tenant.length) : name,
      contents,
      isKept,
      within: within.map((place) => place.kind),
    })),
    arrows: arrows
      .map(({ from, to, inputs }) => [numbers.get(from), numbers.get(to), ...inputs].join(" "))
      .sort(),
  });
}

/** `acme, globex and 148 more` */
export function namesOf({ tenants }: Shape): string {
  const [first = "shared by all tenants", second, ...more] = tenants;
  if (second === undefined) return first;
  if (more.length === 0) return `${first}, ${second}`;
  const [third] = more;
  return more.length === 1
    ? `${first}, ${second}, ${third}`
    : `${first}, ${second} and ${more.length} more`;
}
