/**
 * Policy config (`--policy-pack-config`), reconciled as the engine does it and the SDK does not: the
 * rules' own levels and defaults, then the pack's, then what was given, validated against each rule's
 * schema (`ReconcilePolicyPackConfig` in pulumi/pulumi, pkg/resource/analyzer/config.go). Stricter in one
 * thing: an unknown rule or setting, which the engine ignores, is an error; a typo must not pass.
 */
import { Ajv } from "ajv";
import { z } from "zod";
import { readText } from "../../files/files.ts";

export const enforcementLevels = ["advisory", "mandatory", "remediate", "disabled"] as const;
export type EnforcementLevel = (typeof enforcementLevels)[number];

export interface PolicySettings {
  readonly level: EnforcementLevel;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The policy config is missing, malformed or not what a rule's schema allows. */
export class PolicyConfigError extends Error {
  override readonly name = "PolicyConfigError";
}

const level = z.enum(enforcementLevels);

/** `{ "all": "advisory", "ddb-pitr-days": { "enforcementLevel": "mandatory", "days": 14 } }` */
const policyConfigFile = z.record(
  z.string(),
  z.union([
    level.transform((enforcementLevel) => ({ enforcementLevel })),
    z.looseObject({ enforcementLevel: level.optional() }),
  ]),
);

export type PolicyConfig = z.infer<typeof policyConfigFile>;

/** @throws PolicyConfigError or UsageError naming the file. */
export function readPolicyConfig(file: string): PolicyConfig {
  let content: unknown;
  try {
    content = JSON.parse(readText(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PolicyConfigError(`${file}: not valid JSON: ${error.message}`);
  }
  const parsed = policyConfigFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PolicyConfigError(
    `${file}: ${issue?.path.join(".")}: allowed: ${enforcementLevels.join(", ")}, or an object with settings`,
  );
}

/** What a pack says of one of its policies. */
export interface PolicyInfo {
  readonly id: string;
  /** Its own level, or the pack's for it. */
  readonly level: EnforcementLevel;
  /** Settings as a JSON schema of each. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  /** Settings that the pack gives it, over the defaults of the schema. */
  readonly initial: Readonly<Record<string, unknown>>;
}

/**
 * What each policy of the pack runs with.
 *
 * @throws PolicyConfigError listing every fault.
 */
export function reconcile(
  policies: readonly PolicyInfo[],
  given: PolicyConfig,
): Map<string, PolicySettings> {
  const { all, ...named } = given;
  const faults: string[] = [];
  const settings = new Map<string, PolicySettings>();
  for (const policy of policies) {
    const { enforcementLevel, ...own } = named[policy.id] ?? {};
    const reconciled = {
      level: enforcementLevel ?? all?.enforcementLevel ?? policy.level,
      properties: { ...defaultsOf(policy), ...policy.initial, ...own },
    };
    faults.push(...faultsOf(policy, reconciled.properties));
    settings.set(policy.id, reconciled);
  }
  const unknown = Object.keys(named).filter((id) => !settings.has(id));
  faults.push(...unknown.map((id) => `${id}: no such rule`));
  if (faults.length > 0) throw new PolicyConfigError(`policy config: ${faults.join("; ")}`);
  return settings;
}

function defaultsOf({ schema }: PolicyInfo): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, setting]) =>
      typeof setting === "object" && setting !== null && "default" in setting
        ? [[name, setting.default]]
        : [],
    ),
  );
}

const ajv = new Ajv({ allErrors: true, strict: false });

function faultsOf(policy: PolicyInfo, properties: Record<string, unknown>): string[] {
  // Without settings there is nothing to judge, and a validator takes milliseconds to make.
  if (Object.keys(policy.schema).length === 0 && Object.keys(properties).length === 0) return [];
  const validate = ajv.compile({
    type: "object",
    properties: policy.schema,
    required: policy.required,
    additionalProperties: false,
  });
  if (validate(properties)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = params.additionalProperty ? ` "${params.additionalProperty}"` : "";
    const where = [policy.id, ...instancePath.split("/").filter(Boolean)].join(".");
    return `${where}: ${message}${extra}`;
  });
}
