import fc from "fast-check";
import { expect, test } from "vitest";
import { compare } from "../../offline/plan/compare.ts";
import { plainOptions, type ResourceRecord } from "../../offline/record.ts";

/** A resource of a service that has no replacing properties in our tables, so that an edit is an edit. */
const type = "example:index:Thing";
const stack = "urn:pulumi:test::chatstack::pulumi:pulumi:Stack::chatstack-test";

const record = (name: string, inputs: Record<string, unknown>): ResourceRecord => ({
  urn: `urn:pulumi:test::chatstack::${type}::${name}`,
  type,
  name,
  parent: stack,
  custom: true,
  id: `id-of-${name}`,
  inputs,
  secrets: [],
  outputs: inputs,
  options: plainOptions,
  propertyDependencies: {},
});

const key = fc.stringMatching(/^[a-z]{1,6}$/);
const scalar = fc.oneof(fc.stringMatching(/^[ -Z^-z]{0,12}$/), fc.integer(), fc.boolean());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const inputs = fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true });
const records = fc
  .dictionary(key, inputs, { minKeys: 1, maxKeys: 8, noNullPrototype: true })
  .map((all) => Object.entries(all).map(([name, fields]) => record(name, fields)));

const replaceAt = <T>(list: readonly T[], index: number, entry: T): T[] => list.with(index, entry);

test("nothing differs from itself, in whatever order it is registered", () => {
  fc.assert(
    fc.property(records, (all) => {
      const { changes, unchanged } = compare(all, structuredClone(all).reverse());
      expect(changes).toEqual([]);
      expect(unchanged).toBe(all.length);
    }),
  );
});

test("a value that comes anywhere in a resource is the one change, at its path", () => {
  const edit = fc.tuple(records, fc.nat(), fc.array(key, { minLength: 1, maxLength: 3 }), scalar);
  fc.assert(
    fc.property(edit, ([all, place, path, added]) => {
      const index = place % all.length;
      const base = withPath(all[index]!.inputs, path, undefined);
      const before = replaceAt(all, index, record(all[index]!.name, base));
      const after = replaceAt(all, index, record(all[index]!.name, withPath(base, path, added)));
      expect(compare(before, after).changes).toMatchObject([
        {
          kind: "changed",
          name: all[index]!.name,
          options: [],
          properties: [{ path: path.join("."), kind: "added", after: added, replaces: false }],
        },
      ]);
      expect(compare(after, before).changes).toMatchObject([
        { properties: [{ path: path.join("."), kind: "removed", before: added }] },
      ]);
    }),
  );
});

test("an entry of a list that goes is the one change, whatever is left around it", () => {
  const list = fc.uniqueArray(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(list, fc.nat(), fc.boolean(), (names, place, isNamed) => {
      const gone = place % names.length;
      const entries = names.map((name) => (isNamed ? { name, on: true } : { title: { name } }));
      const before = [record("a", { entries })];
      const after = [record("a", { entries: entries.toSpliced(gone, 1) })];
      const [change, ...others] = compare(before, after).changes;
      expect(others).toEqual([]);
      expect(change?.properties).toMatchObject([{ kind: "removed", before: entries[gone] }]);
    }),
  );
});

test("what one side adds the other side removes", () => {
  fc.assert(
    fc.property(records, records, (left, right) => {
      const names = (kind: string, changes: readonly { kind: string; name: string }[]) =>
        changes
          .filter((one) => one.kind === kind)
          .map(({ name }) => name)
          .sort();
      const forth = compare(left, right).changes;
      const back = compare(right, left).changes;
      expect(names("added", forth)).toEqual(names("removed", back));
      expect(names("removed", forth)).toEqual(names("added", back));
      expect(names("changed", forth)).toEqual(names("changed", back));
    }),
  );
});

/** The object with a value at a path, or with nothing there; what stands in the way becomes an object. */
function withPath(
  object: Record<string, unknown>,
  [first = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) {
    const { [first]: _, ...others } = object;
    return value === undefined ? others : { ...others, [first]: value };
  }
  const inner = object[first];
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  return {
    ...object,
    [first]: withPath(isObject ? (inner as Record<string, unknown>) : {}, rest, value),
  };
}
