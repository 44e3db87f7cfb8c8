/**
 * `offline/upgrade/`: what a new version of a component would do to what stands deployed.
 *
 * The part of a component that is a contract with everybody who has deployed it: which resources it
 * makes, by type, name and parents. Under another name the engine makes a new resource and deletes
 * the old one, data included.
 */
import type { ResourceRecord } from "../record.ts";
import { formerPlaces, placeOf } from "./identity.ts";

export interface ContractEntry {
  readonly type: string;
  readonly name: string;
  /** Types of its parents, outermost first. */
  readonly parents: readonly string[];
  /** Places, `<types>::<name>`, that its aliases give it beside its own. */
  readonly aliases: readonly string[];
}

/** The entries of a program's records, sorted; the stack itself and functions' reads are none. */
export function contractOf(records: readonly ResourceRecord[]): ContractEntry[] {
  const places = formerPlaces(records);
  return records
    .filter(({ parent }) => parent !== undefined)
    .map((record) => {
      const [types = ""] = placeOf(record.urn).split("::");
      const [, ...aliases] = places.get(record.urn) ?? [];
      return {
        type: record.type,
        name: record.name,
        parents: types.split("$").slice(0, -1),
        aliases,
      };
    })
    .sort((a, b) => (placeIn(a) < placeIn(b) ? -1 : 1));
}

export interface ContractFault {
  readonly kind: "lost" | "unrecorded";
  /** `<types>::<name>` */
  readonly place: string;
  readonly problem: string;
}

/**
 * What of a recorded contract the records no longer keep, and what they add that is not recorded.
 * Recording is what protects an addition from the next rename.
 */
export function contractFaults(
  recorded: readonly ContractEntry[],
  records: readonly ResourceRecord[],
): ContractFault[] {
  const current = contractOf(records);
  const reachable = new Set(current.flatMap((entry) => [placeIn(entry), ...entry.aliases]));
  const known = new Set(recorded.map(placeIn));
  const lost = recorded.flatMap((entry) => {
    const missing = [placeIn(entry), ...entry.aliases].filter((place) => !reachable.has(place));
    return missing.map((place) => ({
      kind: "lost" as const,
      place,
      problem:
        "whoever has deployed it would get a new resource, and lose this one with its data. Keep the " +
        `name and parents, or give the resource that takes its place ${aliasFor(entry)}`,
    }));
  });
  const added = current
    .filter((entry) => !known.has(placeIn(entry)))
    .map((entry) => ({
      kind: "unrecorded" as const,
      place: placeIn(entry),
      problem: "is not recorded yet: `npm run contract` records it",
    }));
  return [...lost, ...added];
}

const placeIn = ({ parents, type, name }: ContractEntry): string =>
  `${[...parents, type].join("$")}::${name}`;

const aliasFor = ({ type, name }: ContractEntry): string =>
  `the option \`aliases: [{ type: "${type}", name: "${name}" }]\``;
