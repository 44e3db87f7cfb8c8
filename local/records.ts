import type { z } from "zod";
import type { ResourceRecord } from "../offline/record.ts";

/**
 * Records of one type, with the inputs that `schema` picks out.
 *
 * @throws Error naming the record and the input that this machine cannot play.
 */
export function recordsOf<Schema extends z.ZodType>(
  records: readonly ResourceRecord[],
  type: string,
  schema: Schema,
): { record: ResourceRecord; inputs: z.output<Schema> }[] {
  return records
    .filter((record) => record.type === type)
    .map((record) => {
      const parsed = schema.safeParse(record.inputs);
      if (parsed.success) return { record, inputs: parsed.data };
      const faults = parsed.error.issues.map(
        ({ path, message }) => `${path.join(".")}: ${message}`,
      );
      throw new Error(`${type} "${record.name}" cannot run locally: ${faults.join("; ")}`);
    });
}

/**
 * URN of the function that the ARN of a function, a version or an alias leads to.
 *
 * @throws Error when no function of the records does.
 */
export function functionOf(records: readonly ResourceRecord[], arn: string): string {
  const target = records.find(
    ({ type, outputs }) =>
      type === "aws:lambda/function:Function" &&
      (arn === outputs.arn || arn.startsWith(`${outputs.arn}:`)),
  );
  if (target === undefined) throw new Error(`No function of this stack is behind ${arn}.`);
  return target.urn;
}
