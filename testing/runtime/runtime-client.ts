/** AWS's own runtime client with a built bundle, as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildLambdaBundle } from "../../app/bundle/bundle.ts";
import type { RuntimeApi } from "./runtime-api.ts";

/**
 * `index.mjs` of the package `aws-lambda-ric`: in the folder that `AWS_LAMBDA_RIC` names, or where this
 * project resolves it. It is not among the dependencies: its install script builds curl and needs cmake.
 */
export function findRuntimeClient(): string | undefined {
  const named = process.env.AWS_LAMBDA_RIC;
  if (named !== undefined)
    return [named, join(named, "index.mjs")].find((one) => one.endsWith(".mjs") && existsSync(one));
  try {
    return createRequire(import.meta.url).resolve("aws-lambda-ric");
  } catch {
    return undefined;
  }
}

export interface RuntimeProcess {
  readonly child: ChildProcess;
  /** Lines that function and runtime printed so far. */
  readonly output: readonly string[];
  /** Resolves with how the process ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** @param bundle its folder. Default: the app's. */
export function startRuntime(
  client: string,
  api: RuntimeApi,
  environment: Readonly<Record<string, string>>,
  bundle: string = buildLambdaBundle(),
): RuntimeProcess {
  const child = spawn(process.execPath, [client, "index.handler"], {
    cwd: bundle,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: api.address,
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: bundle,
      AWS_LAMBDA_FUNCTION_NAME: "acme-api",
      AWS_LAMBDA_FUNCTION_VERSION: "1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/acme-api",
      AWS_LAMBDA_LOG_STREAM_NAME: "stream",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      ...environment,
    },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes) => output.push(...String(bytes).split("\n")));
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return { child, output, ended };
}
