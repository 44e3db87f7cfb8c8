import { type AccountValues, accountValues } from "../quotas/account-values.ts";
import { isObject, listOf, textAt } from "./read.ts";

/**
 * What the pack knows of the stack it judges. The engine starts a Node.js pack once per stack operation
 * with the stack's config in the environment variable `PULUMI_CONFIG` (JSON of `namespace:key` to text,
 * structured values as JSON text) and `PULUMI_DRY_RUN`: read in the engine's `constructEnv`. So levels are
 * settled when the pack is built, and the engine shows them before anything runs. The `ConfigureStack`
 * call carries the same config, but the Node.js SDK keeps only its tags.
 */
export interface StackConfig {
  /** `chatstack:environment`; absent means that no rule is raised to production's level. */
  readonly environment: string | undefined;
  readonly exemptions: readonly Exemption[];
  /** What is wrong with entries of `chatstack:exemptions` that could not be used. */
  readonly malformed: readonly string[];
  /** Whether the config names tenants, a folder of them included: the stack is one of chatstack's. */
  readonly hasTenants: boolean;
  /** Ids of `chatstack:tenants`, in their order; empty where the config lists none. */
  readonly tenants: readonly string[];
  /** `aws:region`. */
  readonly region?: string | undefined;
  /** What `chatstack:quotas` says of the account. */
  readonly quotas: AccountValues;
  /** ISO date against which exemptions expire. */
  readonly today: string;
  /** True in a preview: values that later resources provide are unknown. */
  readonly preview: boolean;
}

/** One entry of `chatstack:exemptions`. */
export interface Exemption {
  /** Id of the rule. */
  readonly rule: string;
  /** URN or logical name; `*` stands for any text. */
  readonly resource: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** Last day on which it holds, `2027-01-31`. */
  readonly expires: string;
}

export function readStackConfig(
  env: Readonly<Record<string, string | undefined>>,
  now: Date,
): StackConfig {
  const config = parse(env.PULUMI_CONFIG ?? "{}");
  // The text holds the stack's decrypted secrets: neither it nor the parser's excerpt may be shown.
  if (!isObject(config)) throw new Error("PULUMI_CONFIG is not a JSON object");
  const listed = parse(value(config, "exemptions") ?? "[]");
  const entries = Array.isArray(listed) ? listed.map(toExemption) : ["it is not a list"];
  return {
    environment: value(config, "environment"),
    region: textAt(config, ["aws:region"]) ?? textAt(config, ["aws:config:region"]),
    exemptions: entries.filter((entry) => typeof entry !== "string"),
    malformed: entries.filter((entry) => typeof entry === "string"),
    hasTenants: ["tenants", "tenantsFolder"].some((key) => value(config, key) !== undefined),
    tenants: listOf(parse(value(config, "tenants") ?? "[]")).flatMap(
      (tenant) => textAt(tenant, "id") ?? [],
    ),
    quotas: accountValues(parseOrText(value(config, "quotas"))),
    today: now.toISOString().slice(0, 10),
    preview: (env.PULUMI_DRY_RUN ?? env.PULUMI_NODEJS_DRY_RUN) === "true",
  };
}

function toExemption(entry: unknown, index: number): Exemption | string {
  const fields = ["rule", "resource", "reason", "owner", "expires"] as const;
  const [rule, resource, reason, owner, expires] = fields.map((field) =>
    textAt(entry, field)?.trim(),
  );
  if (!rule || !resource || !reason || !owner || !expires) {
    const missing = fields.filter((field) => !textAt(entry, field)?.trim());
    return `entry ${index} has no ${missing.join(", ")}`;
  }
  const day = dayOf(expires);
  if (!isDate(day))
    return `entry ${index} expires on "${expires}", which is no date like 2027-01-31`;
  return { rule, resource, reason, owner, expires: day };
}

/** Without quotes the engine takes a day for a point in time: `2027-01-31 00:00:00 +0000 UTC`. */
const dayOf = (text: string): string => text.replace(/[ T]00:00:00(Z| \+0000 \S+)$/, "");

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text.length === 10;
}

/** Older engines write keys as `chatstack:config:environment`. */
function value(config: Readonly<Record<string, unknown>>, key: string): string | undefined {
  return textAt(config, `chatstack:${key}`) ?? textAt(config, `chatstack:config:${key}`);
}

/** A plain value is no JSON: it is told as it is. */
const parseOrText = (text: string | undefined): unknown =>
  text === undefined ? undefined : (parse(text) ?? text);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
