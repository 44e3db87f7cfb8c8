/** Walking a zod schema beside a value that it describes: what may stand where. */
import { z } from "zod";

export type Schema = z.core.$ZodType;
export type ObjectSchema = z.ZodObject | z.ZodRecord;

/** A schema out of its wrappers, or each option of a union. */
export function alternatives(schema: Schema | undefined): Schema[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return alternatives(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  return schema ? [schema] : [];
}

export const objectsOf = (schema: Schema | undefined): ObjectSchema[] =>
  alternatives(schema).filter((one) => one instanceof z.ZodObject || one instanceof z.ZodRecord);

/** What stands at a key of an object; undefined where the object has no such key. */
export const memberOf = (schema: ObjectSchema, key: string): Schema | undefined =>
  schema instanceof z.ZodRecord ? schema.valueType : schema.shape[key];

/** Keys that the schema knows at a path. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  let schemas = alternatives(schema);
  for (const part of path) {
    schemas = schemas.flatMap((one) => {
      if (one instanceof z.ZodArray) return alternatives(one.element);
      return one instanceof z.ZodObject || one instanceof z.ZodRecord
        ? alternatives(memberOf(one, String(part)))
        : [];
    });
  }
  const keys = schemas.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
  return [...new Set(keys)];
}
