import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { mergeLayers, type Section } from "../../stacks/reading/merge.ts";
import { memberOf, objectsOf, type Schema } from "../../stacks/reading/schema-walk.ts";
import { settings } from "../../stacks/settings.ts";

/** Every way to say something in a section: each setting absent, or of a value of its own. */
function sectionOf(schema: Schema, kindAt: (kinds: number) => number): fc.Arbitrary<Section> {
  const kinds = objectsOf(schema);
  const kind = kinds[kindAt(kinds.length)]!;
  if (kind instanceof z.ZodRecord) {
    const value = sectionOrLeaf(kind.valueType, kindAt);
    return fc.dictionary(fc.constantFrom("one", "two", "three"), value, { noNullPrototype: true });
  }
  const members = Object.entries(kind.shape).map(([key, member]) => [
    key,
    member instanceof z.ZodLiteral
      ? fc.constant([...member.values][0])
      : sectionOrLeaf(member, kindAt),
  ]);
  return fc.record(Object.fromEntries(members), { requiredKeys: [], noNullPrototype: true });
}

const leaf = fc.oneof(
  fc.integer({ min: 0, max: 99 }),
  fc.constantFrom("a", "b"),
  fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
);

const sectionOrLeaf = (schema: Schema, kindAt: (kinds: number) => number): fc.Arbitrary<unknown> =>
  objectsOf(schema).length > 0 ? sectionOf(schema, kindAt) : leaf;

/** Trees whose sections are of the same kinds, and which turn nothing off. */
const alike = fc.constantFrom(0, 1).chain((which) => {
  const tree = sectionOf(settings, (kinds) => which % kinds);
  return fc.tuple(tree, tree, tree);
});

const merged = (...layers: readonly Section[]) => mergeLayers(settings, layers);

/** Every value that is no section, by path; sections that say nothing too. */
function leaves(value: unknown, path = ""): Map<string, unknown> {
  const isSection = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isSection ? Object.entries(value) : [];
  if (entries.length === 0) return new Map([[path, value]]);
  return new Map(entries.flatMap(([key, one]) => [...leaves(one, `${path}.${key}`)]));
}

const withoutEmpty = (found: Map<string, unknown>) =>
  new Map([...found].filter(([, value]) => JSON.stringify(value) !== "{}"));

describe("settings of whatever the schema knows", () => {
  test("merge leaf by leaf: the last layer that says one wins, and its siblings stay", () => {
    fc.assert(
      fc.property(alike, (layers) => {
        const expected = new Map(layers.flatMap((layer) => [...withoutEmpty(leaves(layer))]));
        expect(withoutEmpty(leaves(merged(...layers)))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("merge in any grouping to the same", () => {
    fc.assert(
      fc.property(alike, ([a, b, c]) => {
        expect(merged(a, merged(b, c))).toEqual(merged(merged(a, b), c));
      }),
      { numRuns: 300 },
    );
  });

  test("change nothing where they say nothing, or the same again", () => {
    fc.assert(
      fc.property(alike, ([a]) => {
        expect(merged(a, {})).toEqual(a);
        expect(merged({}, a)).toEqual(a);
        expect(merged(a, a)).toEqual(a);
      }),
    );
  });

  test("of another kind, or over what is off, take nothing over", () => {
    fc.assert(
      fc.property(alike, ([a]) => {
        for (const [path, kinds] of sectionsOfSeveralKinds(settings)) {
          for (const [below, over] of kinds) {
            const layers = [at(path, below), at(path, over)] as const;
            expect(merged(a, ...layers)).toEqual(merged(a, at(path, "off"), layers[1]));
            expect(valueAt(merged(a, ...layers), path)).toEqual(over);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("are of several kinds in as many places as the schema says", () => {
    const paths = [...sectionsOfSeveralKinds(settings).keys()];
    expect(paths).toEqual([
      "table.capacity",
      "table.backups.vaultLock",
      "auth.managedLogin.domain",
      "auth.identityProviders.one",
    ]);
  });
});

/** For each such path, pairs of a section of one kind and one of another, with all that each may say. */
function sectionsOfSeveralKinds(schema: Schema, path = ""): Map<string, [Section, Section][]> {
  const kinds = objectsOf(schema);
  const found = new Map<string, [Section, Section][]>();
  const all = kinds.map((kind) => (kind instanceof z.ZodRecord ? {} : full(kind)));
  if (kinds.length > 1) {
    found.set(
      path,
      all.flatMap((one) =>
        all.filter((two) => two !== one).map((two): [Section, Section] => [one, two]),
      ),
    );
  }
  for (const kind of kinds) {
    const keys = kind instanceof z.ZodRecord ? ["one"] : Object.keys(kind.shape);
    for (const key of keys) {
      const inner = sectionsOfSeveralKinds(memberOf(kind, key)!, path ? `${path}.${key}` : key);
      for (const entry of inner) found.set(...entry);
    }
  }
  return found;
}

const full = (kind: z.ZodObject): Section =>
  Object.fromEntries(
    Object.entries(kind.shape).map(([key, member]) => [
      key,
      member instanceof z.ZodLiteral ? [...member.values][0] : "said",
    ]),
  );

const at = (path: string, value: unknown): Section =>
  path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Section;

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, key) => Object(inner)[key], value);
