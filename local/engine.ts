import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { tailOf } from "../offline/host/process.ts";

/** A running emulator of one AWS service. */
export interface Engine {
  /** Base URL to give to the AWS SDK, e.g. `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  /** Resolves when the engine has let go of its port and files. Safe to call twice. */
  stop(): Promise<void>;
}

export interface EngineCommand {
  /** What messages call it, e.g. "DynamoDB engine (dynoxide)". */
  readonly name: string;
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  /** Working directory; default: ours. */
  readonly cwd?: string;
  /** True once the engine answers at `endpoint`; a refused connection may throw. */
  readonly answers: (endpoint: string) => Promise<boolean>;
  /** Longest time until the first answer. */
  readonly startSeconds: number;
  /** Called at most once, when the engine ends without `stop()`. */
  readonly onCrash: (error: Error) => void;
  /** What ends the engine with this process. Default: a shell, which is lighter; on Windows Node. */
  readonly leash?: keyof typeof leashes;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Runs an engine as a child process on a free port of 127.0.0.1 and resolves when it answers.
 * The engine never outlives this process, not even a `kill -9` of it.
 */
export async function startEngine(engine: EngineCommand): Promise<Engine> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawnLeashed(engine, engine.args(port));
  const exit = exited(child);
  const lastWords = tailOf([child.stdout, child.stderr], 2_000);

  let stopping = false;
  const stop = async () => {
    stopping = true;
    child.stdin.end();
    await exit;
  };

  const ended = exit.then((reason) => {
    throw new Error(`${engine.name} ended (${reason}). ${lastWords()}`.trim());
  });
  try {
    await Promise.race([untilAnswering(engine, endpoint), ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  ended.catch((error: Error) => {
    if (!stopping) engine.onCrash(error);
  });
  return { endpoint, stop };
}

/**
 * The engine runs under a process that waits for our end of its stdin to close, which the kernel does for us however we
 * die. In a session of its own, so that Ctrl-C in a terminal reaches only us and the engine still works while requests drain.
 */
const leashes = {
  shell: [
    "/bin/sh",
    "-c",
    `
exec 3<&0
"$@" 3<&- </dev/null & engine=$!
{ read -r _ <&3; kill "$engine"; } 2>/dev/null & leash=$!
wait "$engine"; status=$?
kill "$leash" 2>/dev/null
exit "$status"`,
    "sh",
  ],
  node: [
    process.execPath,
    "-e",
    `
const { spawn } = require("node:child_process");
const [command, ...args] = process.argv.slice(1);
const engine = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], windowsHide: true });
engine.on("error", ({ message }) => { console.error(message); process.exit(127); });
engine.on("exit", (code) => process.exit(code ?? 1));
process.stdin.on("close", () => engine.kill()).resume();`,
    "--",
  ],
} as const;

function spawnLeashed(engine: EngineCommand, args: readonly string[]): Child {
  const { command, cwd, leash = process.platform === "win32" ? "node" : "shell" } = engine;
  const [program, ...own] = leashes[leash];
  return spawn(program, [...own, command, ...args], {
    cwd,
    detached: true,
    windowsHide: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Resolves, never rejects, with how the process ended. */
async function exited(child: Child): Promise<string> {
  child.stdin.on("error", () => {});
  try {
    const [code, signal] = await once(child, "close");
    return signal ? `signal ${signal}` : `exit code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function untilAnswering(engine: EngineCommand, endpoint: string): Promise<void> {
  const deadline = Date.now() + engine.startSeconds * 1000;
  while (!(await engine.answers(endpoint).catch(() => false))) {
    if (Date.now() > deadline) {
      throw new Error(`${engine.name} did not answer within ${engine.startSeconds} s.`);
    }
    await sleep(10);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No free TCP port.");
  return address.port;
}
