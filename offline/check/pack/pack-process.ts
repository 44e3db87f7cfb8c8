/** The process of a policy pack: arguments and environment as the engine gives them. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { organization } from "../../host/process.ts";

export interface PackContext {
  readonly project: string;
  readonly stack: string;
  /** Namespaced config as the engine hands it over. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** The pack did not start, ended, did not answer, or one of its rules threw. */
export class PackError extends Error {
  override readonly name = "PackError";
}

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Nothing listens there: policies cannot reach an engine, and the SDK does not try. */
export const engineAddress = "127.0.0.1:0";
export function spawnPack(folder: string, { project, stack, config }: PackContext): Child {
  const requireFromPack = createRequire(join(resolve(folder), "package.json"));
  const program = resolveFrom(requireFromPack, folder);
  return spawn(
    process.execPath,
    ["--import", endWithParent, program, engineAddress, ".", "-typescript=false"],
    {
      cwd: resolve(folder),
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_ORGANIZATION: organization,
        PULUMI_PROJECT: project,
        PULUMI_STACK: stack,
        PULUMI_DRY_RUN: "true",
        PULUMI_NODEJS_ORGANIZATION: organization,
        PULUMI_NODEJS_PROJECT: project,
        PULUMI_NODEJS_STACK: stack,
        PULUMI_NODEJS_DRY_RUN: "true",
      },
    },
  );
}

function resolveFrom(require: NodeJS.Require, folder: string): string {
  try {
    return require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch {
    throw new PackError(`policy pack "${folder}": @pulumi/pulumi is not installed there`);
  }
}

/** Ours alone, and unseen by the pack: it ends when our end of its stdin closes, however we died. */
const endWithParent = `data:text/javascript,${encodeURIComponent(
  'process.stdin.on("end", () => process.exit()).resume().unref();',
)}`;
