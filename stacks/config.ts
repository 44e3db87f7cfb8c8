/** The stack's config: which environment it is and which tenants it has. One description, validated. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Fault } from "../components/fault.ts";
import { isRegion, partitionFaults, regions } from "../components/region.ts";
import { describeIssue } from "./reading/config-faults.ts";
import { keys, nearest, unknownKeys } from "./reading/config-keys.ts";
import type { Section } from "./reading/merge.ts";
import { asSource, mergeTenants, type Tenant } from "./tenant-config.ts";

export { sharedTenant, type Tenant } from "./tenant-config.ts";

export const environments = ["development", "staging", "production"] as const;
export type Environment = (typeof environments)[number];

const section = z.looseObject({});

const stackConfig = z.strictObject({
  environment: z.enum(environments),
  /** Each is judged with what it has from its tier and the stack's defaults; see `tenant-config.ts`. */
  tenants: z.array(section).min(1),
  /** Settings of all tenants of the stack, over their tiers. */
  defaults: section.optional(),
  /**
   * The account's role for API Gateway's logs, one per account and region: `"managed"` by this stack,
   * or `"existing"`. Default `"managed"`: without the role API Gateway refuses every stage that logs. Of
   * several stacks in one account and region one says `"managed"`, the others `"existing"`: each that
   * manages it puts its own role there. Logs go on meanwhile, since no role is deleted with its stack.
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

export interface StackConfig {
  readonly environment: Environment;
  readonly tenants: readonly Tenant[];
  readonly defaults?: Section;
  readonly apiGatewayAccount: "managed" | "existing";
  readonly permissionsBoundaryArn?: string;
}

/**
 * Reads the running stack's config.
 *
 * @throws pulumi.RunError listing every fault with stack file, path, what was found and what is allowed.
 */
export function readStackConfig(): StackConfig {
  const config = pulumi.runtime.allConfig();
  return parseStackConfig(config, pulumi.getProject(), `Pulumi.${pulumi.getStack()}.yaml`);
}

/**
 * The same of any stack's config.
 *
 * @param config namespaced, values as the engine hands them over.
 * @param project the project's name, which is the namespace of the keys that are read.
 * @param file for messages.
 */
export function parseStackConfig(
  config: Readonly<Record<string, string>>,
  project: string,
  file: string,
): StackConfig {
  if (Object.keys(config).every((key) => !key.startsWith(`${project}:`))) {
    throw new pulumi.RunError(`${file}: ${nothingSaid(project)}`);
  }
  const raw: Record<string, unknown> = {};
  for (const key of keys) {
    const value = config[`${project}:${key}`];
    if (value !== undefined) raw[key] = parseValue(value);
  }
  const place = (path: string) => `${file}: ${project}:${path}`;
  const region = config["aws:region"];
  const parsed = stackConfig.safeParse(raw, { reportInput: true });
  const listed = z.array(z.unknown()).safeParse(raw.tenants).data ?? [];
  const { tenants, faults } = mergeTenants(
    listed.map((own, at) => asSource(place(`tenants[${at}]`), own)),
    asSource(place("defaults"), raw.defaults),
    isRegion(region ?? "") ? region : undefined,
  );
  const issues = (parsed.error?.issues ?? []).flatMap(({ path: [key = "", ...path], ...issue }) =>
    describeIssue({ ...issue, path }, stackConfig, [
      asSource(place(String(key)), raw[String(key)]),
    ]),
  );
  const unknown = unknownKeys(config, project, file, [raw.defaults, ...listed]);
  const account = [...accountFaults(region, parsed.data?.permissionsBoundaryArn)].map(
    ([key, found, allowed]) =>
      `${file}: ${key.includes(":") ? key : `${project}:${key}`}: found ${JSON.stringify(found)}; allowed: ${allowed}`,
  );
  const all = [...new Set([...unknown, ...issues, ...account, ...faults])];
  if (!parsed.success || all.length > 0) throw new pulumi.RunError(all.join("\n"));
  return { ...parsed.data, tenants };
}

/** What to write into a stack file that is empty, or that speaks of other things alone. */
const nothingSaid = (project: string): string =>
  [
    `found no ${project}: key; allowed: an environment and tenants, for example`,
    "  config:",
    "    aws:region: us-east-1",
    `    ${project}:environment: ${environments[0]}`,
    `    ${project}:tenants:`,
    "      - id: acme",
    "        tier: basic",
  ].join("\n");

/** What the stack says of its account: the region that all is made in, and what caps its roles. */
function* accountFaults(
  region: string | undefined,
  permissionsBoundaryArn: string | undefined,
): Generator<Fault> {
  if (region === undefined) return;
  if (isRegion(region)) {
    yield* partitionFaults("permissionsBoundaryArn", permissionsBoundaryArn, region);
    return;
  }
  yield ["aws:region", region, regionsLike(region)];
}

/** The regions that a name which is none may have meant: the nearest first, then all of them. */
export function regionsLike(name: string): string {
  const meant = nearest(name, regions);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `an AWS region: ${regions.toSorted().join(", ")}${hint}`;
}

/** Pulumi hands structured values over as JSON and plain ones as they are. */
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
