/** The stack's config: which environment it is and which tenants it has. One description, validated. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type TenantState, tenantStates } from "../app/resources/tenant-state.ts";
import { tenantPattern } from "../components/component.ts";
import { mergeSettings, type Settings, settings } from "./settings.ts";
import { type Tier, tierNames, tiers } from "./tiers.ts";

export const environments = ["development", "staging", "production"] as const;
export type Environment = (typeof environments)[number];

/** Stands for a tenant in the tags of what all tenants of the account share. */
export const sharedTenant = "shared";

const tenant = settings
  .extend({
    id: z.string().regex(tenantPattern, `a name that matches ${tenantPattern.source}`),
    tier: z.enum(tierNames),
    /** Where the tenant is in its life; see `docs/life-cycle.md`. */
    state: z.enum(tenantStates).default("active"),
    /**
     * Last day until which the data of an off-boarding tenant must be kept. In quotes: YAML 1.1, which
     * the engine reads, takes a bare date for a time.
     */
    retainUntil: z.iso.date('a day of the calendar in quotes, e.g. "2027-03-31"').optional(),
  })
  .superRefine(({ state, retainUntil }, context) => {
    if (retainUntil === undefined || state === "off-boarding") return;
    const message = "nothing, unless the state is off-boarding";
    context.addIssue({ code: "custom", path: ["retainUntil"], message, input: retainUntil });
  });

const stackConfig = z.strictObject({
  environment: z.enum(environments),
  tenants: z
    .array(tenant)
    .min(1)
    .superRefine((tenants, context) => {
      const seen = new Set<string>([sharedTenant]);
      for (const [index, { id }] of tenants.entries()) {
        if (seen.has(id)) {
          context.addIssue({
            code: "custom",
            path: [index, "id"],
            message: 'an id that no other tenant of the stack has, nor "shared"',
            input: id,
          });
        }
        seen.add(id);
      }
    }),
  /** Settings of all tenants of the stack, over their tiers. */
  defaults: settings.optional(),
  /**
   * The account's role for API Gateway's logs, one per account and region: `"managed"` by this stack,
   * or `"existing"`. Default `"managed"`.
   */
  apiGatewayAccount: z.enum(["managed", "existing"]).default("managed"),
  /**
   * ARN of the managed policy that caps every role of the stack. The account's administrators make it,
   * apart from this stack, so that whoever runs `pulumi up` can give no role more than it allows; it
   * must allow what the roles' own policies do, e.g. `dynamodb:Query`, `s3:GetObject`, `kms:Decrypt`,
   * `logs:PutLogEvents`, `xray:PutTraceSegments` and AWS Backup's. Default: no cap.
   */
  permissionsBoundaryArn: z
    .string()
    .regex(/^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/\S+$/, "an ARN of an IAM managed policy")
    .optional(),
});

/** A tenant as the program builds it: tier, stack defaults and own settings merged. */
export interface Tenant {
  readonly id: string;
  readonly tier: Tier;
  readonly settings: Settings;
  /** Of these, what its own entry says. */
  readonly own: Settings;
  readonly state: TenantState;
  readonly retainUntil?: string;
}

export interface StackConfig {
  readonly environment: Environment;
  readonly tenants: readonly Tenant[];
  readonly defaults?: Settings;
  readonly apiGatewayAccount: "managed" | "existing";
  readonly permissionsBoundaryArn?: string;
}

/** Keys of the `chatstack:` namespace that the program reads. */
const keys = [
  "environment",
  "tenants",
  "defaults",
  "apiGatewayAccount",
  "permissionsBoundaryArn",
] as const;

/**
 * Reads the running stack's config.
 *
 * @throws pulumi.RunError listing every fault with stack file, path, what was found and what is allowed.
 */
export function readStackConfig(): StackConfig {
  const config = new pulumi.Config();
  return parseStackConfig((key) => config.get(key), `Pulumi.${pulumi.getStack()}.yaml`);
}

/**
 * The same of any stack's config.
 *
 * @param get the text of a key without its namespace.
 * @param file for messages.
 */
export function parseStackConfig(
  get: (key: string) => string | undefined,
  file: string,
): StackConfig {
  const raw: Record<string, unknown> = {};
  for (const key of keys) {
    const value = get(key);
    if (value !== undefined) raw[key] = parseValue(value);
  }
  const parsed = stackConfig.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    throw new pulumi.RunError(
      parsed.error.issues.map((issue) => describeIssue(file, issue)).join("\n"),
    );
  }
  const { tenants, defaults, ...rest } = parsed.data;
  return {
    ...rest,
    ...(defaults !== undefined && { defaults }),
    tenants: tenants.map(({ id, tier, state, retainUntil, ...own }) => ({
      id,
      tier,
      state,
      ...(retainUntil !== undefined && { retainUntil }),
      own,
      settings: mergeSettings(tiers[tier], defaults, own),
    })),
  };
}

/** Pulumi hands structured values over as JSON and plain ones as they are. */
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** `Pulumi.dev.yaml: chatstack:tenants[1].tier: found "gold"; allowed: basic, standard, enterprise` */
function describeIssue(file: string, issue: z.core.$ZodIssue): string {
  // Of a union's options, the one that got further is the one that was meant.
  const inner = issue.code === "invalid_union" && issue.errors.flat().find(reachesDeeper);
  if (inner) return describeIssue(file, { ...inner, path: [...issue.path, ...inner.path] });
  const [key, ...rest] = issue.path;
  const path = rest.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  const where = `${file}: chatstack:${String(key ?? "")}${path.join("")}`;
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.map((name) => `"${name}"`).join(", ");
    return `${where}: found unknown ${unknown}; allowed: ${keysAt(issue.path).join(", ")}`;
  }
  const found = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  return `${where}: found ${found}; allowed: ${allowed(issue)}`;
}

const reachesDeeper = ({ path, code }: z.core.$ZodIssue) =>
  path.length > 0 || code === "unrecognized_keys";

/** Keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schemas = alternatives(stackConfig);
  for (const part of path) {
    schemas = schemas.flatMap((schema) => {
      if (schema instanceof z.ZodObject) return alternatives(schema.shape[String(part)]);
      if (schema instanceof z.ZodRecord) return alternatives(schema.valueType);
      return schema instanceof z.ZodArray ? alternatives(schema.element) : [];
    });
  }
  const keys = schemas.flatMap((s) => (s instanceof z.ZodObject ? Object.keys(s.shape) : []));
  return [...new Set(keys)];
}

/** A schema out of its wrappers, or each option of a union. */
function alternatives(schema: z.core.$ZodType | undefined): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return alternatives(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  return schema ? [schema] : [];
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.map(String).join(", ");
    case "invalid_type":
      return issue.expected;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_union":
      return [...new Set(issue.errors.flat().map(allowed))].join(", or ");
    default:
      return issue.message;
  }
}
