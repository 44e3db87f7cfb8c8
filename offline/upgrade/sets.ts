/** Lists that are sets to the provider, in an order of their own, so that equal sets are equal lists. */
import { typeSchema } from "./provider.ts";

/**
 * @param path of the value in the inputs of a resource of this type.
 * @returns the value with every set in it sorted and without repetitions, down to its entries' fields.
 */
export function inOrder(type: string, path: string, value: unknown): unknown {
  const sets = typeSchema(type)?.sets ?? [];
  // Most types have none, and most properties of the others neither.
  const isNear = sets.some((set) => set === path || set.startsWith(`${path}.`));
  return isNear ? ordered(new Set(sets), path, value) : value;
}

function ordered(sets: ReadonlySet<string>, path: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => ordered(sets, path, entry));
    return sets.has(path) ? distinct(entries) : entries;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, ordered(sets, `${path}.${key}`, field)]),
  );
}

function distinct(entries: readonly unknown[]): unknown[] {
  const byText = new Map(entries.map((entry) => [textOf(entry), entry]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** The same for equal entries, whatever order their fields have. */
const textOf = (entry: unknown): string =>
  JSON.stringify(entry, (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  ) ?? "";
