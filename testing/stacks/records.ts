import { type EvaluateOptions, type Evaluation, evaluate } from "../../offline/evaluate.ts";
import type { ResourceRecord } from "../../offline/record.ts";

export interface Records {
  /** The only record of a type (last part of the token), or the one with the given name. */
  one(type: string, name?: string): ResourceRecord;
  all(type: string): ResourceRecord[];
}

/** Evaluates an inline program and looks its records up by type. */
export async function recordsOf(
  program: () => unknown,
  options?: EvaluateOptions,
): Promise<Records> {
  return lookUp(await evaluate(program, options));
}

export function lookUp({ records }: Evaluation): Records {
  const all = (type: string) => records.filter((record) => record.type.endsWith(`:${type}`));
  return {
    all,
    one(type, name) {
      const found = all(type).filter((record) => name === undefined || record.name === name);
      if (found.length !== 1) {
        const names = records.map((record) => `${record.type} ${record.name}`);
        throw new Error(`${found.length} records of ${type} ${name ?? ""}:\n${names.join("\n")}`);
      }
      return found[0]!;
    },
  };
}

/** Statements of an identity policy document in a record. */
export function statements(document: unknown): { Action: string[]; Resource: string[] }[] {
  return JSON.parse(String(document)).Statement;
}
