/** The stack's config: which environment it is and which tenants it has. One description, validated. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { accountFaults, partitionFaults } from "../components/arn.ts";
import type { Fault } from "../components/fault.ts";
import { type Home, homeIn, isRegion, regions } from "../components/region.ts";
import { describeIssue } from "./reading/config-faults.ts";
import { keys, nearest, unknownKeys } from "./reading/config-keys.ts";
import type { Section } from "./reading/merge.ts";
import { FolderError, folderKey, listTenantFiles, readTenantFiles } from "./registry/folder.ts";
import { asEntry, asSource, mergeTenants, type Tenant } from "./tenant-config.ts";

export { sharedTenant, type Tenant } from "./tenant-config.ts";

export const environments = ["development", "staging", "production"] as const;
export type Environment = (typeof environments)[number];

const section = z.looseObject({});

const stackConfig = z.strictObject({
  environment: z.enum(environments),
  /** Each is judged with what it has from its tier and the stack's defaults; see `tenant-config.ts`. */
  tenants: z.array(section).min(1),
  /** Folder below that of Pulumi.yaml with a file for each tenant, `<id>.yaml`: they join those of the list. */
  tenantsFolder: z.string().optional(),
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
   * ARN of a managed policy that limits what the stack's roles can do, whatever their own policies
   * allow (IAM User Guide, "Permissions boundaries for IAM entities"). Default: no limit.
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
 * @param given entries of tenants that the program names itself.
 * @throws pulumi.RunError listing every fault with stack file, path, what was found and what is allowed.
 */
export function readStackConfig(given: readonly unknown[] = []): StackConfig {
  const config = pulumi.runtime.allConfig();
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  // Offline nothing sets it, and what the folder holds is in the config already.
  const root = pulumi.getRootDirectory() || process.cwd();
  return parseStackConfig(config, pulumi.getProject(), file, { root, given });
}

/** Where tenants stand that are not in the config. */
interface Beside {
  /** The project's folder, in which `tenantsFolder` is. Default: the working directory. */
  readonly root?: string;
  /** Entries that the program names itself. */
  readonly given?: readonly unknown[];
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
  { root = process.cwd(), given = [] }: Beside = {},
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
  const boundary = typeof raw.permissionsBoundaryArn === "string" ? raw.permissionsBoundaryArn : "";
  const named = homeIn(config, boundary);
  // What is no region is told of once, not with each tenant.
  const home: Home = { ...named, region: isRegion(named.region ?? "") ? named.region : undefined };
  const listed = z.array(z.unknown()).safeParse(raw.tenants).data ?? [];
  const inFolder = readFolder(raw[folderKey], root, place(folderKey));
  const entries = [
    ...listed.map((own, at) => asEntry(place(`tenants[${at}]`), own)),
    ...inFolder.entries.map((own) => asEntry(place(folderKey), own)),
    ...given.map((own, at) => asSource(`the program's tenants[${at}]`, own)),
  ];
  const isBeside = raw[folderKey] !== undefined || given.length > 0;
  const isList = raw.tenants === undefined || Array.isArray(raw.tenants);
  const all = isBeside && isList ? { tenants: entries.map(({ values }) => values) } : {};
  const parsed = stackConfig.safeParse({ ...raw, ...all }, { reportInput: true });
  const { tenants, faults } = mergeTenants(
    entries,
    asSource(place("defaults"), raw.defaults),
    home,
  );
  const found = (parsed.error?.issues ?? []).filter(
    // Which tenants there are is not known where some cannot be read.
    ({ path: [key] }) => key !== "tenants" || inFolder.faults.length === 0,
  );
  const issues = found.flatMap(({ path: [key = "", ...path], ...issue }) =>
    describeIssue({ ...issue, path }, stackConfig, [
      asSource(place(String(key)), raw[String(key)]),
    ]),
  );
  const unknown = unknownKeys(config, project, file, [
    raw.defaults,
    ...entries.map(({ values }) => values),
  ]);
  const account = [...placeFaults(named, parsed.data?.permissionsBoundaryArn)].map(
    ([key, found, allowed]) =>
      `${file}: ${key.includes(":") ? key : `${project}:${key}`}: found ${JSON.stringify(found)}; allowed: ${allowed}`,
  );
  const every = [...new Set([...unknown, ...issues, ...account, ...inFolder.faults, ...faults])];
  if (!parsed.success || every.length > 0) throw new pulumi.RunError(every.join("\n"));
  return { ...parsed.data, tenants };
}

/** The entries of the folder's files, if the config names a folder. */
function readFolder(folder: unknown, root: string, where: string) {
  if (typeof folder !== "string") return { entries: [], faults: [] };
  try {
    return { entries: readTenantFiles(listTenantFiles({ root, folder, where })), faults: [] };
  } catch (error) {
    if (!(error instanceof FolderError)) throw error;
    return { entries: [], faults: error.faults };
  }
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
function* placeFaults(
  { region, accounts }: Home,
  permissionsBoundaryArn: string | undefined,
): Generator<Fault> {
  const page = "IAM API reference, PutRolePermissionsBoundary";
  yield* accountFaults("permissionsBoundaryArn", permissionsBoundaryArn, accounts, page);
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
