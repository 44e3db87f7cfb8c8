import * as z from "zod";

/** What the Lambda function's environment says. No secret is among it. */
const schema = z.object({
  /** The tenant's id, for logs. */
  TENANT: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  USER_POOL_ID: z.string().min(1),
  /** Comma separated. */
  USER_POOL_CLIENT_IDS: z
    .string()
    .min(1)
    .transform((ids) => ids.split(",").map((id) => id.trim())),
});

export type Environment = z.infer<typeof schema>;

/** Throws an error that names each variable that is missing or empty, and repeats no value. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>) {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))];
  throw new Error(`environment: ${names.join(", ")} must be set and not empty`);
}
