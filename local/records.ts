import type { z } from "zod";
import type { ResourceRecord } from "../offline/record.ts";

/** Records of one type, with the inputs that `schema` picks out. */
export function recordsOf<Schema extends z.ZodType>(
  records: readonly ResourceRecord[],
  type: string,
  schema: Schema,
): { record: ResourceRecord; inputs: z.output<Schema> }[] {
  return records
    .filter((record) => record.type === type)
    .map((record) => ({ record, inputs: schema.parse(record.inputs) }));
}
