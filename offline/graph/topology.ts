/**
 * What a stack is made of and what uses what, out of its records: a room a component, an arrow where
 * an input of one comes from an output of the other. The pictures are drawings of this.
 */
import type { ResourceRecord } from "../record.ts";
import { tenantsByUrn } from "../tenancy.ts";
import type { Level } from "./flags.ts";
import { outsideOf } from "./outside.ts";
import type { Arrow, Place, Room, Topology } from "./rooms.ts";

/** In the order in which the program makes them, what is shared first. */
export function topologiesOf(records: readonly ResourceRecord[], level: Level): Topology[] {
  const house = new House(records, level);
  const tenants = tenantsByUrn(records);
  const rooms = Map.groupBy(house.rooms(), ({ urn }) => tenants.get(urn));
  const arrows = Map.groupBy(house.arrows(), ({ from }) => tenants.get(from));
  const owners = new Set([undefined, ...records.map(({ urn }) => tenants.get(urn))]);
  return [...owners].flatMap((tenant): Topology[] => {
    const own = rooms.get(tenant);
    if (own === undefined) return [];
    const inner = { rooms: own.toSorted(byName), arrows: arrows.get(tenant) ?? [] };
    if (tenant === undefined) return [inner];
    const outside = house.outside(tenant, tenants);
    return [
      {
        tenant,
        rooms: [...inner.rooms, ...outside.rooms],
        arrows: [...inner.arrows, ...outside.arrows],
      },
    ];
  });
}

class House {
  readonly #byUrn: ReadonlyMap<string, ResourceRecord>;
  readonly #resources: readonly ResourceRecord[];
  readonly #level: Level;

  constructor(records: readonly ResourceRecord[], level: Level) {
    this.#byUrn = new Map(records.map((record) => [record.urn, record]));
    this.#resources = records.filter(({ custom }) => custom);
    this.#level = level;
  }

  rooms(): Room[] {
    const contents = Map.groupBy(this.#resources, (resource) => this.#roomOf(resource));
    return [...contents].map(([{ urn, type, name, custom }, resources]) => ({
      urn,
      kind: kindOf(type),
      name,
      contents: custom ? [] : countKinds(resources),
      isKept: resources.some(({ options }) => options.protect || options.retainOnDelete),
      within: this.#around(urn),
    }));
  }

  arrows(): Arrow[] {
    const uses = this.#resources.flatMap((resource) =>
      Object.entries(resource.propertyDependencies).flatMap(([input, urns]) => {
        const from = this.#roomOf(resource).urn;
        return urns.flatMap((urn) => {
          const used = this.#byUrn.get(urn);
          const to = used?.custom ? this.#roomOf(used).urn : from;
          return to === from ? [] : [{ from, to, input: `${kindOf(resource.type)}.${input}` }];
        });
      }),
    );
    const arrows = Map.groupBy(uses, ({ from, to }) => `${from} ${to}`);
    return [...arrows.values()].flatMap((all) =>
      all.slice(0, 1).map(({ from, to }) => ({
        from,
        to,
        inputs: [...new Set(all.map(({ input }) => input))].sort(),
      })),
    );
  }

  outside(tenant: string, tenants: ReadonlyMap<string, string | undefined>) {
    const own = this.#resources.filter(({ urn }) => tenants.get(urn) === tenant);
    return outsideOf(tenant, own, (resource) => this.#roomOf(resource).urn);
  }

  /** The component that a resource belongs to; itself where it stands alone, or is looked at closely. */
  #roomOf(resource: ResourceRecord): ResourceRecord {
    const parent = this.#parentOf(resource);
    return this.#level === "resources" || parent?.parent === undefined ? resource : parent;
  }

  #around(urn: string): Place[] {
    const parent = this.#parentOf(this.#byUrn.get(urn));
    // Two steps below the stack: what is right below it holds a whole tenant.
    if (this.#parentOf(parent)?.parent === undefined || parent === undefined) return [];
    return [...this.#around(parent.urn), { urn: parent.urn, kind: kindOf(parent.type) }];
  }

  #parentOf(record: ResourceRecord | undefined): ResourceRecord | undefined {
    return record?.parent === undefined ? undefined : this.#byUrn.get(record.parent);
  }
}

function countKinds(resources: readonly ResourceRecord[]): Room["contents"] {
  const kinds = Map.groupBy(resources, ({ type }) => kindOf(type));
  return [...kinds]
    .map(([kind, all]) => ({ kind, count: all.length }))
    .toSorted((a, b) => b.count - a.count);
}

/** `aws:dynamodb/table:Table` → `Table` */
const kindOf = (type: string): string => type.split(":").at(-1) ?? type;

const byName = (a: Room, b: Room): number => (a.urn < b.urn ? -1 : 1);
