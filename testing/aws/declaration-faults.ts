/** Compares a resource's inputs with what is declared of its type. */
import type { ResourceRecord } from "../../offline/record.ts";
import {
  argumentsOf,
  type Field,
  type Fields,
  fieldsOf,
  publishedValues,
} from "./aws-declarations.ts";

export interface Comparison {
  /** Inputs that were compared, at any depth. */
  names: number;
  /** Texts that were found in a list of published values. */
  values: number;
  readonly faults: string[];
}

export function compareWithDeclarations(records: readonly ResourceRecord[]): Comparison {
  const comparison: Comparison = { names: 0, values: 0, faults: [] };
  for (const record of records) {
    if (!record.custom || !record.type.startsWith("aws:")) continue;
    const [, service = ""] = record.type.split(/[:/]/);
    const context = {
      service,
      comparison,
      where: `${record.type.split(":").at(-1)} ${record.name}`,
    };
    compareFields(record.inputs, argumentsOf(record.type), "", context);
  }
  return comparison;
}

interface Context {
  readonly service: string;
  readonly where: string;
  readonly comparison: Comparison;
}

function compareFields(inputs: object, fields: Fields, path: string, context: Context): void {
  const fault = (at: string, problem: string) =>
    context.comparison.faults.push(`${context.where}: ${path}${at}: ${problem}`);
  for (const [name, { isRequired }] of fields) {
    if (isRequired && !(name in inputs)) fault(name, "required, and missing");
  }
  for (const [name, value] of Object.entries(inputs)) {
    const field = fields.get(name);
    context.comparison.names++;
    if (field === undefined) fault(name, "not declared");
    else if (field.isList !== Array.isArray(value) && field.kind !== "any")
      fault(name, field.isList ? "no list" : "a list");
    else for (const one of [value].flat()) compareValue(one, field, name, path, context);
  }
}

function compareValue(
  value: unknown,
  field: Field,
  name: string,
  path: string,
  context: Context,
): void {
  const { comparison, where, service } = context;
  const fault = (problem: string) => comparison.faults.push(`${where}: ${path}${name}: ${problem}`);
  if (field.kind === "any") return;
  if (field.kind === "object" && field.type !== undefined) {
    if (typeof value !== "object" || value === null) fault(`${JSON.stringify(value)} is no object`);
    else compareFields(value, fieldsOf(field.type), `${path}${name}.`, context);
    return;
  }
  const expected = field.kind === "map" ? "object" : field.kind;
  if (typeof value !== expected) return void fault(`${JSON.stringify(value)} is no ${expected}`);
  if (typeof value !== "string") return;
  const lists = [field.values, publishedValues(service, name)].filter((list) => list !== undefined);
  for (const list of lists) {
    comparison.values++;
    const allowed = [...list];
    if (!allowed.some((one) => plain(one) === plain(value)))
      fault(`"${value}" is none of ${allowed.join(", ")}`);
  }
}

/** The provider's documentation is rewritten by a machine: `phone_number` has become `phoneNumber` in it. */
const plain = (value: string) => value.replaceAll(/[_-]/g, "");
