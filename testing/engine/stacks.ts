/** The stacks that the engine's tests run: those of the repository, and tenants with every option on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ResourceRecord } from "../../offline/record.ts";
import { fullestSettings, otherSettings } from "../stacks/fullest-tenant.ts";
import { isSigned } from "./plugin/wire.ts";
import { type EngineProject, repository } from "./project.ts";

export const stackNames = ["dev", "prod", "full", "other"] as const;
export type StackName = (typeof stackNames)[number];

/** Config of a production stack with the given tenants. */
export const production = (tenants: readonly object[]): Record<string, unknown> => ({
  "aws:region": "us-east-1",
  "chatstack:environment": "production",
  "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
  "chatstack:tenants": tenants,
});

export const fullTenant = (settings: object): object => ({
  id: "full",
  tier: "enterprise",
  ...settings,
});

/** Writes the stack's file into the project and makes the stack. */
export async function initialized(project: EngineProject, stack: StackName): Promise<void> {
  if (stack === "dev" || stack === "prod") {
    const file = `Pulumi.${stack}.yaml`;
    project.write(file, readFileSync(join(repository, file), "utf8"));
  } else {
    const settings = stack === "full" ? fullestSettings : otherSettings;
    project.configure(stack, production([fullTenant(settings)]));
  }
  await project.must("stack", "init", stack);
  if (stack === "full") {
    const secret = ["chatstack:fullDirectorySecret", "s3cret"];
    await project.must("config", "set", "--secret", "--stack", stack, ...secret);
  }
}

const fixtures = join(repository, "test/engine/fixtures");

export type Moment = "after-up" | "after-refresh";

/** What a test needs to plan without the CLI and without the program of that day. */
export interface Recorded {
  /** As `pulumi stack export` wrote it, secrets encrypted. */
  readonly state: unknown;
  /** What the program asked for, as `plan` evaluated it over that state. */
  readonly records: readonly ResourceRecord[];
}

export const recordingPath = (stack: StackName, moment: Moment): string =>
  join(fixtures, `${stack}-${moment}.json.gz`);

export const recording = (stack: StackName, moment: Moment): Recorded =>
  JSON.parse(gunzipSync(readFileSync(recordingPath(stack, moment))).toString("utf8"));

/** A state, or what has one in it, without what is of one machine: paths, and where the program's lines stood. */
export function packed(exported: unknown): Buffer {
  const text = JSON.stringify(exported, (key, value) => {
    if (key === "sourcePosition" || key === "stackTrace") return undefined;
    // An archive by its content; a role has a path as well, which stays.
    return isSigned(value) && "path" in value ? { ...value, path: "/project/dist/lambda" } : value;
  });
  return gzipSync(text, { level: 9 });
}
