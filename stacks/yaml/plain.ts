/** Decoded values as plain JavaScript, for schemas and comparisons. */
import { isList, isValueMap, type Value } from "./decode.ts";

/** Maps are objects, integers numbers, times the text that the engine makes of them. */
export function plainValue(value: Value): unknown {
  if (isList(value)) return value.map(plainValue);
  if (isValueMap(value)) {
    return Object.fromEntries([...value].map(([key, one]) => [key, plainValue(one)]));
  }
  if (typeof value === "bigint") return Number(value);
  return typeof value === "object" && value !== null ? value.time : value;
}
