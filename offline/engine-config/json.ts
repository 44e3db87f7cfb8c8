/**
 * `offline/engine-config/`: config as the engine reads it and hands it to the program.
 *
 * Values as Go's `encoding/json` writes them: that is how structured config travels to the program.
 */
import { isList, isValueMap, type Value } from "../../stacks/yaml/decode.ts";

/** A value that JSON has no way to write: the engine fails on it. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

/** @throws JsonError for infinities and what is no number. */
export function goJson(value: Value): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return goString(value);
    case "bigint":
      return integer(value);
    case "number":
      return float(value);
    case "boolean":
      return String(value);
  }
  if (isValueMap(value)) {
    const members = [...value].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${members.map(([key, one]) => `${goString(key)}:${goJson(one)}`).join(",")}}`;
  }
  if (isList(value)) return `[${value.map(goJson).join(",")}]`;
  return goString(value.time);
}

export const goString = (text: string): string => goEscaped(JSON.stringify(text.toWellFormed()));

/** JSON's own text, with what HTML gives a meaning escaped, as Go's `encoding/json` writes it. */
export const goEscaped = (json: string): string =>
  json.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Nested integers are `int64` or `uint64`; above the former they pass through a float on their way. */
const integer = (value: bigint): string =>
  value > 2n ** 63n - 1n ? float(Number(value)) : String(value);

function float(value: number): string {
  if (!Number.isFinite(value)) throw new JsonError(`${value} cannot be written as JSON`);
  // Written as YAML in between, where minus zero is the integer zero.
  if (Object.is(value, -0)) return "0";
  return String(value);
}
