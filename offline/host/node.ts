/** Starts a program that Node.js runs, by the SDK that the program itself has. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { ProjectError } from "../usage-error.ts";
import { type HostedProgram, organization, type Running } from "./process.ts";

export function runNode(program: HostedProgram, address: string): Running {
  const { folder, entry, project, stack, root, runtimeOptions } = program;
  refuseWithoutSdk(folder);
  const { nodeargs, typescript, tsconfig } = runtimeOptions;
  const script = fileURLToPath(
    new URL(`./run-node${extname(import.meta.filename)}`, import.meta.url),
  );
  const settings = {
    ORGANIZATION: organization,
    PROJECT: project,
    ROOT_DIRECTORY: root,
    STACK: stack,
    DRY_RUN: "true",
    PARALLEL: "16",
    MONITOR: address,
    ENGINE: address,
    TYPESCRIPT: String(typescript !== false),
    // Types are the compiler's business; to check them takes longer than all the rest.
    TRANSPILE_ONLY: process.env.PULUMI_NODEJS_TRANSPILE_ONLY ?? "true",
    ...(typeof tsconfig === "string" && { TSCONFIG_PATH: tsconfig }),
  };
  const child = spawn(
    process.execPath,
    [
      ...(typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : []),
      ...[script, folder, String(program.idleSeconds)],
      ...["--organization", organization, "--project", project, "--stack", stack],
      ...["--root-directory", root, "--parallel", "16", "--dry-run", "--pwd", folder],
      ...["--monitor", address, "--engine", address, entry],
    ],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(program.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(program.secretKeys),
        ...Object.fromEntries(
          Object.entries(settings).map(([name, value]) => [`PULUMI_NODEJS_${name}`, value]),
        ),
      },
    },
  );
  const done = new Promise<string | undefined>((ended) => {
    child.once("error", (error) => ended(error.message));
    child.once("close", (code, signal) =>
      ended(code === 0 ? undefined : `the program ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  return { child, done, tellsBeginning: true };
}

function refuseWithoutSdk(folder: string): void {
  try {
    createRequire(`${folder}/`).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new ProjectError(
      `${folder}: @pulumi/pulumi is not installed there; install the program's packages, as with \`npm ci\``,
    );
  }
}
