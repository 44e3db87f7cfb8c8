/**
 * Policy config (`--policy-pack-config`), reconciled as the engine does it and the SDK does not: the
 * rules' own levels and defaults, then the pack's, then what was given, validated against each rule's
 * schema (`ReconcilePolicyPackConfig` in pulumi/pulumi, pkg/resource/analyzer/config.go). Stricter in one
 * thing: an unknown rule or setting, which the engine ignores, is an error; a typo must not pass.
 */
import { readFileSync } from "node:fs";
import type * as wire from "@pulumi/pulumi/proto/analyzer_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Ajv } from "ajv";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { z } from "zod";

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

/** @throws PolicyConfigError naming the file. */
export function readPolicyConfig(file: string): PolicyConfig {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PolicyConfigError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = policyConfigFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PolicyConfigError(
    `${file}: ${issue?.path.join(".")}: allowed: ${enforcementLevels.join(", ")}, or an object with settings`,
  );
}

/**
 * What each policy of the pack runs with.
 *
 * @throws PolicyConfigError listing every fault.
 */
export function reconcile(
  info: wire.AnalyzerInfo,
  given: PolicyConfig,
): Map<string, PolicySettings> {
  const { all, ...named } = given;
  const faults: string[] = [];
  const settings = new Map<string, PolicySettings>();
  for (const policy of info.getPoliciesList()) {
    const id = policy.getName();
    const initial = info.getInitialconfigMap().get(id);
    const { enforcementLevel, ...properties } = named[id] ?? {};
    const reconciled = {
      level:
        enforcementLevel ??
        all?.enforcementLevel ??
        nameOf(initial?.getEnforcementlevel() ?? policy.getEnforcementlevel()),
      properties: {
        ...defaultsOf(policy),
        ...initial?.getProperties()?.toJavaScript(),
        ...properties,
      },
    };
    faults.push(...faultsOf(policy, reconciled.properties));
    settings.set(id, reconciled);
  }
  const unknown = Object.keys(named).filter((id) => !settings.has(id));
  faults.push(...unknown.map((id) => `${id}: no such rule`));
  if (faults.length > 0) throw new PolicyConfigError(`policy config: ${faults.join("; ")}`);
  return settings;
}

export function configureRequest(
  settings: ReadonlyMap<string, PolicySettings>,
): wire.ConfigureAnalyzerRequest {
  const request = new analyzer.ConfigureAnalyzerRequest();
  for (const [id, { level, properties }] of settings) {
    const config = new analyzer.PolicyConfig()
      .setEnforcementlevel(wireLevels[level])
      .setProperties(struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties))));
    request.getPolicyconfigMap().set(id, config);
  }
  return request;
}

const wireLevels = {
  advisory: analyzer.EnforcementLevel.ADVISORY,
  mandatory: analyzer.EnforcementLevel.MANDATORY,
  remediate: analyzer.EnforcementLevel.REMEDIATE,
  disabled: analyzer.EnforcementLevel.DISABLED,
} satisfies Record<EnforcementLevel, wire.EnforcementLevel>;

export function nameOf(wireLevel: wire.EnforcementLevel): EnforcementLevel {
  const found = enforcementLevels.find((name) => wireLevels[name] === wireLevel);
  if (found === undefined) throw new PolicyConfigError(`unknown enforcement level ${wireLevel}`);
  return found;
}

function schemaOf(policy: wire.PolicyInfo): Record<string, unknown> {
  return policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
}

function defaultsOf(policy: wire.PolicyInfo): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schemaOf(policy)).flatMap(([name, setting]) =>
      typeof setting === "object" && setting !== null && "default" in setting
        ? [[name, setting.default]]
        : [],
    ),
  );
}

const ajv = new Ajv({ allErrors: true, strict: false });

function faultsOf(policy: wire.PolicyInfo, properties: Record<string, unknown>): string[] {
  const validate = ajv.compile({
    type: "object",
    properties: withoutNulls(schemaOf(policy)),
    required: policy.getConfigschema()?.getRequiredList() ?? [],
    additionalProperties: false,
  });
  if (validate(properties)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = params.additionalProperty ? ` "${params.additionalProperty}"` : "";
    const where = [policy.getName(), ...instancePath.split("/").filter(Boolean)].join(".");
    return `${where}: ${message}${extra}`;
  });
}

/** What the SDK leaves undefined arrives as null, which JSON Schema does not know as absent. */
function withoutNulls(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).map(([name, setting]) => [
      name,
      Object.fromEntries(Object.entries(setting ?? {}).filter(([, value]) => value !== null)),
    ]),
  );
}
