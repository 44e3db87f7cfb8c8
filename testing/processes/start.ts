import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Tenant } from "../../local/environment.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A data folder for the tests of one file. */
export async function temporaryDataDir() {
  const parent = await mkdtemp(join(tmpdir(), "chatstack-start-"));
  return { path: join(parent, "data"), remove: () => rm(parent, { recursive: true }) };
}

/** A project of its own with this repository's program: the dev stack, its file changed. */
export function projectWith(folder: string, change: (stackFile: string) => string): string {
  mkdirSync(folder);
  const read = (name: string) => readFileSync(join(root, name), "utf8");
  const main = join(relative(folder, root), "stacks/main.js");
  writeFileSync(join(folder, "Pulumi.yaml"), read("Pulumi.yaml").replace("stacks/main.js", main));
  writeFileSync(join(folder, "Pulumi.dev.yaml"), change(read("Pulumi.dev.yaml")));
  return folder;
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Process {
  /** Folder of the sources that run. Default: this repository. */
  readonly checkout?: string;
  /** Default: `checkout`. */
  readonly cwd?: string;
  readonly env?: object;
  /** Is given what was printed so far, whenever there is more of it. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
}

function spawnCommand(args: readonly string[], options: Process = {}) {
  const { checkout = root, cwd = checkout, env = {} } = options;
  // A test runner's own npm is no reason for the command to watch over it.
  const { npm_lifecycle_event: _, ...inherited } = process.env;
  return spawn(process.execPath, [join(checkout, "bin/chatstack.js"), ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the command to its end. */
export async function run(args: readonly string[], options: Process = {}): Promise<Run> {
  const child = spawnCommand(args, options);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => {
    output.stdout += data;
    options.onOutput?.(output.stdout, child);
  });
  child.stderr.on("data", (data) => {
    output.stderr += data;
  });
  const [code] = await once(child, "close");
  return { code, ...output };
}

export interface Started {
  /** Address of the chat page. */
  readonly page: string;
  readonly tenants: readonly Tenant[];
  readonly endpoints: { readonly cognito: string };
  /** Everything printed to stdout until it was ready, parsed. */
  readonly events: readonly { event: string }[];
  readonly child: ChildProcess;
  /** Ends the process and returns how it ended. */
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }>;
}

/** `chatstack start --json` on any port, once it is ready. */
export async function start(
  dataDir: string,
  args: readonly string[] = [],
  options: Process = {},
): Promise<Started> {
  const command = ["start", "--json", "--port", "0", "--data-dir", dataDir, ...args];
  const child = spawnCommand(command, options);
  const closed = once(child, "close");
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const events: { event: string; page?: string; tenants?: readonly Tenant[] }[] = [];
  for await (const line of createInterface(child.stdout)) {
    const event = JSON.parse(line);
    events.push(event);
    if (event.event !== "ready") continue;
    const stop = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      const [code, endedBy] = await closed;
      return { code, signal: endedBy };
    };
    const { page, tenants, endpoints } = event;
    return { page, tenants, endpoints, events, child, stop };
  }
  throw new Error(`chatstack start ended before it was ready: ${stderr}`);
}
