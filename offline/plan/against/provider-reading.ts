/**
 * A state as the provider reads it when it is asked for differences: against what the resource is, not
 * against what it was last asked to be. After a `pulumi refresh` the state's inputs are what AWS answered:
 * sets in another order, defaults filled in, nothing spelt in another way.
 */
import { differences } from "../../differences.ts";
import { structureIn } from "../../fields.ts";
import type { ResourceRecord } from "../../record.ts";
import { successors } from "../../upgrade/identity.ts";
import { asCompared, keepsUnset } from "../../upgrade/provider.ts";
import { inOrder } from "../../upgrade/sets.ts";

/**
 * @param deployed records of a state.
 * @param wanted what the program asks for, evaluated with the state's outputs.
 * @returns the deployed records; an input in which the provider sees no difference is as it is wanted.
 */
export function asProviderReads(
  deployed: readonly ResourceRecord[],
  wanted: readonly ResourceRecord[],
): readonly ResourceRecord[] {
  const successor = successors(deployed, wanted);
  return deployed.map((record) => {
    const now = successor.get(record.urn);
    return now && record.custom ? { ...record, inputs: inputsOf(record, now) } : record;
  });
}

function inputsOf(record: ResourceRecord, now: ResourceRecord): Record<string, unknown> {
  const { type, inputs, outputs } = record;
  const properties = new Set([...Object.keys(inputs), ...Object.keys(now.inputs)]);
  const read = [...properties].flatMap((property) => {
    const [was, is, wants] = [inputs[property], outputs[property], now.inputs[property]];
    const isSame = (value: unknown) => isAlike(type, property, value, wants);
    if (wants === undefined) {
      return keepsUnset(type, property) || isEmpty(was) ? [] : [[property, was] as const];
    }
    return [[property, isSame(was) || isSame(is) ? wants : was] as const];
  });
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** Sets in any order; `null`, `""`, `[]` and `{}` are all nothing to the provider. */
const isAlike = (type: string, property: string, value: unknown, wants: unknown): boolean => {
  const [left, right] = [value, wants].map((one) =>
    inOrder(type, property, withoutEmpties(parsed(asCompared(type, property, one)))),
  );
  return differences(left, right).length === 0;
};

function withoutEmpties(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(withoutEmpties);
    return entries.length === 0 ? undefined : entries;
  }
  if (typeof value !== "object" || value === null) return isEmpty(value) ? undefined : value;
  const fields = Object.entries(value)
    .map(([key, field]) => [key, withoutEmpties(field)] as const)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Documents in JSON are compared by what they say. */
const parsed = (value: unknown): unknown =>
  typeof value === "string" ? (structureIn(value) ?? value) : value;
