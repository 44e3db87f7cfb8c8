/** Holds texts, numbers and lists of resources against what AWS's API references allow. */
import { readFileSync } from "node:fs";
import type { ResourceRecord } from "../../offline/record.ts";

export interface Constraint {
  /** Characters of a text. */
  readonly min?: number;
  readonly max?: number;
  /** Of the whole text. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Of a number. */
  readonly least?: number;
  readonly most?: number;
  /** Entries of a list, where the path ends in `[]`. */
  readonly items?: number;
}

/** By type without its last part, and by path without indexes. */
export const constraints: Readonly<Record<string, Readonly<Record<string, Constraint>>>> =
  JSON.parse(readFileSync(new URL("constraints.json", import.meta.url), "utf8")).types;

export interface Held {
  /** Values that were held against a constraint. */
  values: number;
  /** Constraints that a value was held against, as `type path`. */
  readonly constraints: Set<string>;
  readonly faults: string[];
}

export function holdConstraints(records: readonly ResourceRecord[]): Held {
  const held: Held = { values: 0, constraints: new Set(), faults: [] };
  for (const record of records) {
    const [service = "", type = ""] = record.type.split(":");
    const named = `${service}:${type}`;
    for (const [path, constraint] of Object.entries(constraints[named] ?? {})) {
      for (const value of valuesAt(record, path)) {
        held.values++;
        held.constraints.add(`${named} ${path}`);
        const problem = problemOf(value, constraint);
        if (problem) held.faults.push(`${named} ${record.name}: ${path}: ${problem}`);
      }
    }
  }
  return held;
}

/** A name that Pulumi or the provider gives is an output alone. */
function valuesAt({ inputs, outputs }: ResourceRecord, path: string): unknown[] {
  const isList = path.endsWith("[]");
  const names = path.replace(/\[\]$/, "").split(".");
  const [first = ""] = names;
  let found: unknown[] = [first in inputs || !isGivenName(first) ? inputs : outputs];
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    found = found
      .map((one) => Object(one)[name])
      .flatMap((one) => (Array.isArray(one) && !(isLast && isList) ? one : [one]));
  }
  return found.filter((one) => one !== undefined);
}

const isGivenName = (property: string): boolean => property === "name" || property === "bucket";

function problemOf(value: unknown, constraint: Constraint): string | undefined {
  const { items, least, most, min, max, pattern } = constraint;
  if (items !== undefined) {
    const { length } = Array.isArray(value) ? value : [];
    return length > items ? `${length} entries, at most ${items}` : undefined;
  }
  if (least !== undefined || most !== undefined) {
    const number = Number(value);
    const isWithin = number >= (least ?? number) && number <= (most ?? number);
    return isWithin ? undefined : `${value} is not from ${least} to ${most}`;
  }
  const text = String(value);
  if (text.length < (min ?? 0)) return `"${text}" is shorter than ${min}`;
  if (text.length > (max ?? text.length)) return `"${text}" is longer than ${max}`;
  if (constraint.enum && !constraint.enum.includes(text)) return `"${text}" is no value of AWS's`;
  if (pattern !== undefined && !whole(pattern).test(text)) return `"${text}" is not ${pattern}`;
  return undefined;
}

/** Some escape what JavaScript takes unescaped only; those with classes of characters do not. */
const whole = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");
