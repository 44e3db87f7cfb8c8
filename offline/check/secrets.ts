/** Rules are shown secrets in clear, and quote what they find: none of it may reach a report. */
import { structureIn } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";

/** Shorter ones, such as `true`, say nothing and stand everywhere. */
const shortest = 6;

/** Replaces the values of the records' secrets in a text, also those of JSON within them. */
export function redactor(records: readonly ResourceRecord[]): (text: string) => string {
  const values = new Set(
    records.flatMap(({ secrets, inputs, outputs }) =>
      secrets.flatMap((name) => [...textsIn(inputs[name]), ...textsIn(outputs[name])]),
    ),
  );
  // A longer one may hold a shorter one.
  const longestFirst = [...values].sort((one, other) => other.length - one.length);
  return (text) => longestFirst.reduce((safe, value) => safe.replaceAll(value, "[secret]"), text);
}

/** JSON too: a policy document is text, and a rule looks into it. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [...(value.length < shortest ? [] : [value]), ...textsIn(structureIn(value))];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
