import { everyType } from "../contract/any-json.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/**
 * The document with references that may be null as `anyOf`: the generator writes them as `allOf` of the
 * reference and of `object` or null, which nothing but an object matches. And with any JSON as the empty schema: of
 * a list of every type, which the generator asks for, programs that read the document want to know what an array holds.
 */
export function withNullableReferences(document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, rewritten(value)]),
  );
}

function rewritten(value: Json): Json {
  if (Array.isArray(value)) return value.map(rewritten);
  if (!isObject(value)) return value;
  if (Array.isArray(value.type) && value.type.length === everyType.length) {
    const { type: _, ...description } = value;
    return withNullableReferences(description);
  }
  const { allOf, ...rest } = value;
  const [reference, more, ...others] = Array.isArray(allOf) ? allOf : [];
  const isNullable = isObject(more) && Array.isArray(more.type) && more.type.includes("null");
  if (!isNullable || reference === undefined || others.length > 0) {
    return withNullableReferences(value);
  }
  const { type: _, ...description } = more;
  return { ...rest, anyOf: [reference, { type: "null" }], ...description };
}
