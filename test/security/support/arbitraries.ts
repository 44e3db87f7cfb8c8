import fc, { type Arbitrary } from "fast-check";
import { document, type Parameter, type Schema } from "./operations.ts";

/** Values that a schema of the document allows, as far as a schema says. */
export function allowedBy(schema: Schema): Arbitrary<unknown> {
  const { $ref, enum: values, anyOf, oneOf, type, properties, items } = schema;
  if (typeof $ref === "string") return allowedBy(resolved($ref));
  if (Array.isArray(values)) return fc.constantFrom(...values);
  const variants = anyOf ?? oneOf;
  if (Array.isArray(variants)) return fc.oneof(...variants.map(allowedBy));
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((one) => allowedBy({ ...schema, type: one })));
  }
  switch (type) {
    case "string":
      return textOf(schema);
    case "integer":
      return fc
        .oneof(fc.integer(bounds(schema, 1_000)), fc.maxSafeInteger())
        .filter(within(schema));
    case "number":
      return fc.oneof(
        fc.double({ ...limits(schema), noNaN: true, noDefaultInfinity: true }),
        // Nearer to 0 than a store keeps, should the limits allow it.
        fc.constantFrom(0, Number.MIN_VALUE, 1e-130, 1).filter(within(schema)),
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(allowedBy(isSchema(items) ? items : {}), { maxLength: 3 });
    case "object":
      return isSchema(properties)
        ? objectOf(properties, Array.isArray(schema.required) ? schema.required : [])
        : fc.dictionary(fc.string({ minLength: 1, maxLength: 64 }), fc.jsonValue());
    default:
      return fc.jsonValue();
  }
}

/** Values that are allowed but for one thing, at any depth. */
export function almostAllowedBy(schema: Schema): Arbitrary<unknown> {
  return fc.tuple(allowedBy(schema), fc.nat(), junk).map(([value, at, odd]) => {
    const places = placesIn(value);
    const place = places[at % places.length] ?? [];
    return changed(value, place, at % 7 === 0 ? undefined : odd);
  });
}

const odd = [
  ...["", "\0", "\ud800", "\u202e", "a#b", "../..", "%23", "__proto__", "x".repeat(5_000), "\n"],
  ...[-1, 0, 0.5, -0, 1e21, 1e300, Number.MAX_SAFE_INTEGER + 1, null, true, [], {}, [[]]],
  ...[{ __proto__: null, constructor: { prototype: {} } }, { $ne: null }, { S: "x" }],
  JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`),
  JSON.parse('{"__proto__": {"isAdmin": true}}'),
];

/** What no schema was made for. */
export const junk: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...odd),
  fc.jsonValue(),
  fc.string({ unit: "binary" }),
);

/** A parameter's text, of any of the three kinds; undefined leaves it out. */
export function parameterText({ schema, required }: Parameter): Arbitrary<string | undefined> {
  const text = fc.oneof(
    { weight: 3, arbitrary: allowedBy(schema).map(String) },
    fc.string({ unit: "binary-ascii", maxLength: 100 }),
    junk.map((value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""))),
  );
  return required === true ? text : fc.option(text, { nil: undefined });
}

function objectOf(properties: object, required: readonly string[]): Arbitrary<unknown> {
  const parts = Object.entries(properties).map(([name, part]) => [name, allowedBy(part)] as const);
  return fc.record(Object.fromEntries(parts), {
    requiredKeys: parts.map(([name]) => name).filter((name) => required.includes(name)),
  });
}

function textOf({ pattern, format, minLength, maxLength }: Schema): Arbitrary<string> {
  switch (format) {
    case "date-time":
      return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    case "date":
      return fc
        .date({ noInvalidDate: true, min: new Date(0) })
        .map((it) => it.toISOString().slice(0, 10));
    case "email":
      return fc.emailAddress();
    case "uri":
      return fc.webUrl();
  }
  const shortest = Number(minLength ?? 0);
  const longest = Math.max(shortest, Math.min(Number(maxLength ?? 60), 60));
  const text = fc.string({ unit: "grapheme", minLength: shortest, maxLength: longest });
  if (typeof pattern !== "string") return text;
  // Properties of characters are beyond what the generator knows.
  if (/\\p/i.test(pattern)) return text.filter((it) => new RegExp(pattern, "u").test(it));
  return fc.stringMatching(new RegExp(pattern));
}

function bounds({ minimum, maximum }: Schema, usual: number) {
  const min = Number(minimum ?? -usual);
  return { min, max: Math.min(Number(maximum ?? min + 2 * usual), 2 ** 31 - 1) };
}

function limits({ minimum, maximum }: Schema) {
  return {
    min: Number(minimum ?? -Number.MAX_VALUE),
    max: Number(maximum ?? Number.MAX_VALUE),
  };
}

function within(schema: Schema) {
  const { min, max } = limits(schema);
  return (value: number) => value >= min && value <= max;
}

type Place = readonly string[];

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [[]];
  const inner = Object.entries(value).slice(0, 20);
  return [
    [],
    ["extra"],
    ...inner.flatMap(([name, member]) => placesIn(member).map((it) => [name, ...it])),
  ];
}

function changed(value: unknown, [first, ...rest]: Place, to: unknown): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === first ? changed(item, rest, to) : item));
  }
  const members = Object.entries(value ?? {}).filter(([name]) => name !== first);
  const member: unknown = Reflect.get(Object(value), first);
  return Object.fromEntries([...members, [first, changed(member, rest, to)]]);
}

function resolved(ref: string): Schema {
  return ref
    .split("/")
    .slice(1)
    .reduce((found, name) => found[name], document);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}
