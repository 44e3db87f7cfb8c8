/**
 * One set of settings out of several: tier, then the stack's defaults, then the tenant's own. The schema
 * says what merges; nothing here names a setting.
 *
 * - A section merges key by key, as deep as sections nest. So does what is listed by name (`auth.clients`).
 * - Everything else is replaced as a whole: a value, a list, `"off"` over a section.
 * - A section that can be one of several kinds (`capacity` by its `mode`) merges with a section of its kind.
 *   One of another kind replaces it, and takes nothing over from it. One that does not say its kind is of
 *   the kind that is there.
 * - A section over `"off"` starts from nothing: the components' defaults fill it, not what was there before
 *   it was turned off.
 */
import { z } from "zod";
import { memberOf, type ObjectSchema, objectsOf, type Schema } from "./schema-walk.ts";

export type Section = Readonly<Record<string, unknown>>;

/**
 * The layers, each over those before it. Values that the schema does not allow are taken over as they are:
 * whoever validates the result can name them.
 *
 * @param schema of an object.
 */
export function mergeLayers(schema: Schema, layers: readonly (Section | undefined)[]): Section {
  return layers.reduce<Section>((below, over) => {
    const merged = over === undefined ? below : merge(schema, below, over);
    return isSection(merged) ? merged : below;
  }, {});
}

function merge(schema: Schema | undefined, below: unknown, over: unknown): unknown {
  if (!isSection(below) || !isSection(over)) return over;
  const kinds = objectsOf(schema);
  const kind = kinds.find((one) => isOf(one, kinds, below) && isOf(one, kinds, over));
  if (kind === undefined) return over;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(over)) {
    define(
      merged,
      key,
      Object.hasOwn(below, key) ? merge(memberOf(kind, key), below[key], value) : value,
    );
  }
  return merged;
}

export const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a section says nothing that another kind alone could say. */
function isOf(kind: ObjectSchema, kinds: readonly ObjectSchema[], section: Section): boolean {
  if (kind instanceof z.ZodRecord) return true;
  return Object.entries(section).every(([key, value]) => {
    const member = kind.shape[key];
    // A key that no kind knows is for the validation to refuse.
    if (member === undefined) return kinds.every((one) => memberOf(one, key) === undefined);
    return !(member instanceof z.ZodLiteral) || [...member.values].some((one) => one === value);
  });
}

/** As JSON has it: `__proto__` is a key like any other. */
function define(section: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(section, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
