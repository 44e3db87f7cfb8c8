import { at, entriesOf, isObject, type Json, type JsonObject } from "./json.ts";

/**
 * A value that a schema allows, for examples in the document. It takes the schema's own example, else
 * its default, else one made up; where only an own example can match a `pattern`, the test of the
 * document says so.
 *
 * @param purpose `request` leaves out what may be left out, unless it has a default; `answer` is whole.
 */
export function sample(
  schema: Json | undefined,
  document: JsonObject,
  purpose: "request" | "answer",
): Json {
  if (!isObject(schema)) return null;
  const { $ref } = schema;
  const again = (part: Json | undefined) => sample(part, document, purpose);
  if (typeof $ref === "string") return again(at(document, ...$ref.split("/").slice(1)));
  if (purpose === "request" && schema.default === null) return null;
  const given = givenSample(schema);
  if (given !== undefined) return given;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return again(alternatives[0]);
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map(again));
  switch (typeOf(schema)) {
    case "object":
      return Object.fromEntries(
        propertiesOf(schema, purpose).map(([name, part]) => [name, again(part)]),
      );
    case "array":
      return [again(schema.items)];
    case "string":
      return sampleText(schema);
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? Math.max(schema.minimum, 1) : 1;
    case "boolean":
      return true;
    default:
      return null;
  }
}

/** Of a request: what must be there or has a default; where nothing is either, everything. */
function propertiesOf(schema: JsonObject, purpose: "request" | "answer"): [string, Json][] {
  const all = entriesOf(schema.properties);
  const required: readonly Json[] = Array.isArray(schema.required) ? schema.required : [];
  const usual = all.filter(
    ([name, part]) => required.includes(name) || at(part, "default") !== undefined,
  );
  return purpose === "answer" || usual.length === 0 ? all : usual;
}

function givenSample({ example, examples, const: only, enum: some, default: usual }: JsonObject) {
  if (example !== undefined) return example;
  if (Array.isArray(examples)) return examples[0];
  if (only !== undefined) return only;
  if (usual !== undefined && usual !== null) return usual;
  return Array.isArray(some) ? some[0] : undefined;
}

/** The first type that is not null. */
function typeOf({ type }: JsonObject): Json | undefined {
  return Array.isArray(type) ? type.find((one) => one !== "null") : type;
}

const formats: Readonly<Record<string, string>> = {
  date: "2026-11-20",
  "date-time": "2026-11-20T09:30:00.000Z",
  email: "ada@example.org",
  uri: "https://example.org/guide",
  uuid: "0b8ab0a4-7f6f-4d2c-9a3c-4f3c1a4f7d10",
};

function sampleText({ format, pattern }: JsonObject): string {
  const candidates = [formats[String(format)], "text", "1", formats.date, "2026-11"];
  const fits = (text: string) => typeof pattern !== "string" || new RegExp(pattern).test(text);
  return candidates.find((text) => text !== undefined && fits(text)) ?? "text";
}
