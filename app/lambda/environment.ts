import * as z from "zod";
import { guardrailsPattern, limitsPattern, modelsPattern } from "../models/models.ts";
import { tenantStates } from "../resources/tenant-state.ts";

const quota = z.coerce.number().int().min(1).optional();

/** What the Lambda function's environment says. No secret is among it. */
const schema = z.object({
  /** The tenant's id, for logs. */
  TENANT: z.string().min(1),
  TENANT_STATE: z.enum(tenantStates).default("active"),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** Whether the bucket locks new objects: uploads then need a checksum. */
  OBJECT_LOCK: z.enum(["off", "on"]).default("off"),
  /** Where conversations are kept. */
  HISTORY: z.enum(["dynamodb", "s3"]).default("dynamodb"),
  USER_POOL_ID: z.string().min(1),
  /** Comma separated. */
  USER_POOL_CLIENT_IDS: z
    .string()
    .min(1)
    .transform((ids) => ids.split(",").map((id) => id.trim())),
  /**
   * Ids of Bedrock's models, comma separated, the default first, each with `=` and the ARN of the
   * inference profile that it is asked through, if any; or `embedded`.
   */
  MODELS: z.string().regex(modelsPattern).default(""),
  /** `id=context/output`, comma separated: tokens of models that differ from what is known of them. */
  MODEL_LIMITS: z.string().regex(limitsPattern).default(""),
  /** `name=id/version`, comma separated: guardrails that conversations may choose from. */
  GUARDRAILS: z.string().regex(guardrailsPattern).default(""),
  /** Name or ARN of the event bus that is told of what happens; default none is. */
  EVENT_BUS: z.string().min(1).optional(),
  /** Tokens that each user may take; default unlimited. */
  TOKENS_PER_DAY: quota,
  TOKENS_PER_MONTH: quota,
});

export type Environment = z.infer<typeof schema>;

/** Throws an error that names each variable that is missing or not valid, and repeats no value. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>) {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))];
  const missing = names.filter((name) => !variables[name]);
  const invalid = names.filter((name) => variables[name]);
  const faults = [
    ...(missing.length > 0 ? [`${missing.join(", ")} must be set and not empty`] : []),
    ...(invalid.length > 0 ? [`${invalid.join(", ")} must be valid`] : []),
  ];
  throw new Error(`environment: ${faults.join("; ")}`);
}
