import { z } from "zod";
import { invalidParameter } from "./errors.ts";
import type { CognitoStore } from "./store.ts";

export interface Context {
  readonly store: CognitoStore;
  /** Region of the request's signature: new pools live there. */
  readonly region: string;
  readonly accountId: string;
}

/** Input as it came over the wire; the answer becomes the JSON body. */
export type Operation = (input: unknown, context: Context) => object | Promise<object>;

/** An API operation: input that does not fit the schema is refused the way Cognito does. */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, context: Context) => object | Promise<object>,
): Operation {
  return (input, context) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data, context);
    const problems = parsed.error.issues.map(
      (issue) => `'${issue.path.join(".")}': ${issue.message}`,
    );
    throw invalidParameter(`${problems.length} validation error(s): ${problems.join("; ")}`);
  };
}

/** Attributes travel as `[{Name, Value}]` and are kept as a record. */
export const attributesSchema = z
  .array(z.object({ Name: z.string(), Value: z.string().default("") }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ Name, Value }) => [Name, Value])));

export const attributeList = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));

export const epochSeconds = () => Math.floor(Date.now() / 1000);
