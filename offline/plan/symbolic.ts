/**
 * Inputs as the program wrote them, so that two evaluations compare: an output of another resource
 * (a physical name, an ARN, an id; real or a fake's) reads `${kms.Key acme-key.arn}`, JSON in a
 * string is the structure it holds, and a list that is a set in IAM's grammar is sorted.
 */
import { structureIn } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";
import { shortType } from "../text.ts";
import { inOrder } from "../upgrade/sets.ts";

/** Where a resource stands, for both sides of a comparison the same; in short, for people. */
export type Label = (urn: string) => string;

/** @param label names the resource that an output comes from. */
export function symbolicRecords(
  records: readonly ResourceRecord[],
  label: Label,
): ReadonlyMap<string, ResourceRecord> {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  const known = new Map<string, readonly Output[]>();
  const outputsOf = (urn: string): readonly Output[] => {
    const record = byUrn.get(urn);
    if (!record) return [];
    const found = known.get(urn) ?? providedOutputs(record, label(urn));
    known.set(urn, found);
    return found;
  };
  return new Map(
    records.map((record) => {
      const inputs = Object.entries(record.inputs).map(([property, value]) => {
        const from = new Set(record.propertyDependencies[property]);
        const outputs = [...from].flatMap(outputsOf).sort(longestFirst);
        return [property, inOrder(record.type, property, symbolic(value, outputs))];
      });
      return [record.urn, { ...record, inputs: Object.fromEntries(inputs) }];
    }),
  );
}

/** `${kms.Key acme-key.arn}` without the property: `kms.Key acme-key`. */
export const labelOf = (type: string, name: string): string => `${shortType(type)} ${name}`;

interface Output {
  readonly value: string;
  readonly symbol: string;
}

/** Shorter ones would be found inside words that have nothing to do with them. */
const shortestId = 6;
const shortestOutput = 8;

/** What the provider made up: an output that repeats an input is what the program said already. */
function providedOutputs({ id, inputs, outputs }: ResourceRecord, label: string): Output[] {
  const provided = new Map<string, string>();
  const add = (property: string, value: unknown, shortest: number) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, field] of Object.entries(value)) add(`${property}.${key}`, field, shortest);
    }
    if (typeof value !== "string" || value.length < shortest || property === "region") return;
    // Two properties of one value, e.g. a table's id and name: the first by name stands for both.
    const known = provided.get(value);
    if (known === undefined || property < known) provided.set(value, property);
  };
  for (const [property, value] of Object.entries(outputs)) {
    // `tagsAll` is the program's own tags again.
    if (inputs[property] === undefined && property !== "tagsAll") {
      add(property, value, shortestOutput);
    }
  }
  add("id", id, shortestId);
  return [...provided].map(([value, property]) => ({
    value,
    symbol: `\${${label}.${property}}`,
  }));
}

const longestFirst = (a: Output, b: Output): number =>
  b.value.length - a.value.length || (a.symbol < b.symbol ? -1 : 1);

function symbolic(value: unknown, outputs: readonly Output[]): unknown {
  if (typeof value === "string") {
    const parsed = structureIn(value);
    return parsed === undefined ? withSymbols(value, outputs) : symbolic(parsed, outputs);
  }
  if (Array.isArray(value)) return value.map((entry) => symbolic(entry, outputs));
  if (typeof value !== "object" || value === null) return value;
  // In the order of their names, so that equal structures are equal as text.
  const fields = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => [key, symbolic(field, outputs)]);
  const structure = Object.fromEntries(fields);
  return "Statement" in structure ? canonicalPolicy(structure) : structure;
}

/** In one pass from left to right, so that no symbol is looked into. */
function withSymbols(text: string, outputs: readonly Output[]): string {
  const present = outputs.filter(({ value }) => text.includes(value));
  if (present.length === 0) return text;
  let result = "";
  for (let at = 0; at < text.length; ) {
    const found = present.find(({ value }) => text.startsWith(value, at));
    result += found ? found.symbol : text[at];
    at += found ? found.value.length : 1;
  }
  return result;
}

/** One value and a list of it mean the same, and order means nothing (IAM User Guide, policy grammar). */
function canonicalPolicy(document: Record<string, unknown>): Record<string, unknown> {
  return { ...document, Statement: asList(document.Statement).map(canonicalStatement) };
}

function canonicalStatement(statement: unknown): unknown {
  if (typeof statement !== "object" || statement === null) return statement;
  const fields = Object.entries(statement).map(([key, value]) => {
    if (/^(Not)?(Action|Resource)$/.test(key)) return [key, sorted(value)];
    if (/^(Not)?Principal$/.test(key)) return [key, mapValues(value, sorted)];
    if (key === "Condition") return [key, mapValues(value, (keys) => mapValues(keys, sorted))];
    return [key, value];
  });
  return Object.fromEntries(fields);
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const sorted = (value: unknown): unknown => asList(value).map(String).sort();

const mapValues = (value: unknown, change: (value: unknown) => unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, change(field)]))
    : value;
