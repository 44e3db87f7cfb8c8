/** Runs a program in a process of its own until it is done, fails, or does nothing for too long. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { RecordingMonitor } from "../monitor.ts";
import type { Engine } from "./engine.ts";
import { type HostMessage, hostChannel } from "./messages.ts";
import { errorText, neverSettled, placeIn, stuckText, withoutColours } from "./stack-text.ts";

/** What to run, as the engine tells its language hosts. */
export interface HostedProgram {
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Working directory of the program. */
  readonly folder: string;
  /** File in `folder`, or `.` for what its package names. */
  readonly entry: string;
  readonly runtime: string;
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Seconds without any progress after which the run fails. */
  readonly idleSeconds: number;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves once the program is done, with what the language host says went wrong. */
  readonly done: Promise<string | undefined>;
  /** Set where the program is compiled before it begins; how long that may take. */
  readonly compiles?: { readonly command: string; readonly seconds: number };
  /** True where the process tells when it comes to the program: what it loads before takes a busy machine its time. */
  readonly tellsBeginning?: true;
}

/** The CLI says so where the backend has no organizations. */
export const organization = "organization";

/** Most that a process may take until it comes to the program. */
const startSeconds = 300;

/** A process that does not end when it is told to is killed. */
const graceSeconds = 3;

/** @returns why it failed; empty where it did not. */
export async function finish(
  { child, done, compiles, tellsBeginning }: Running,
  { root, idleSeconds }: HostedProgram,
  monitor: RecordingMonitor,
  engine: Engine,
): Promise<string[]> {
  const messages = readMessages(child);
  const output = collectTail(child);
  const failures: string[] = [];
  let kill: NodeJS.Timeout | undefined;
  const clock = setInterval(() => {
    const isCompiling = compiles !== undefined && !monitor.hasBegun;
    const isStarting = tellsBeginning === true && messages.begunAt === undefined;
    // The process itself knows better what it waits for, or where it stands.
    const idleMost = isStarting ? startSeconds : idleSeconds + graceSeconds;
    const most = isCompiling ? compiles.seconds : idleMost;
    const sinceBegun = Date.now() - (messages.begunAt ?? 0);
    if (Math.min(monitor.idleMilliseconds(), sinceBegun) < most * 1000) return;
    clearInterval(clock);
    failures.push(
      isCompiling
        ? `the program has not begun after ${most} s: compile it once by itself (${compiles.command}), which later runs are faster for`
        : `no progress for ${isStarting ? most : idleSeconds} s${monitor.lastResource(" after ")}`,
    );
    child.kill("SIGTERM");
    kill = setTimeout(() => child.kill("SIGKILL"), graceSeconds * 1000);
  }, 100);
  messages.onStuck = () => child.kill("SIGKILL");
  const reason = await done;
  clearInterval(clock);
  clearTimeout(kill);
  const stuck = messages.all.find(({ kind }) => kind === "stuck");
  const told = stuck === undefined ? messages.all : [stuck];
  for (const message of told) failures.push(...failureOf(message, root, idleSeconds));
  failures.push(...engine.errors.map((error) => errorText(error, root)), ...monitor.failures);
  if (reason !== undefined && failures.length === 0) {
    const said = withoutColours(output());
    const open = neverSettled(said);
    failures.push(...(open.length > 0 ? open : [[reason, said].filter(Boolean).join(": ")]));
  }
  return failures;
}

function failureOf(message: HostMessage, root: string, seconds: number): string[] {
  switch (message.kind) {
    case "exit": {
      // The SDK ends the process where it has logged why.
      const isSdk = (file: string) => /\/(@pulumi\/pulumi|offline\/host)\//.test(file);
      const place =
        placeIn(message.stack, root) ?? placeIn(message.stack, root, (file) => !isSdk(file));
      if (place === undefined) return [];
      return [`${place}: the program ends its process (process.exit, code ${message.code})`];
    }
    case "stuck": {
      const place = placeIn(message.stack, root) ?? "an unknown place";
      return [stuckText(place, seconds)];
    }
    case "begun":
      return [];
    case "pending": {
      const open = neverSettled(message.message);
      return open.length > 0 ? open : [message.message];
    }
  }
}

function readMessages(child: ChildProcess) {
  const read: { all: HostMessage[]; begunAt: number | undefined; onStuck: () => void } = {
    all: [],
    begunAt: undefined,
    onStuck: () => {},
  };
  const pipe = child.stdio[hostChannel];
  let rest = "";
  if (pipe && "setEncoding" in pipe) {
    pipe.setEncoding("utf8").on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const message: HostMessage = JSON.parse(line);
        read.all.push(message);
        if (message.kind === "begun") read.begunAt = Date.now();
        if (message.kind === "stuck") read.onStuck();
      }
    });
  }
  return read;
}

/** The first line that a process prints: its port. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const [line, rest] = text.split("\n", 2);
      if (rest !== undefined && line !== undefined) done(line.trim());
    });
  });
}

/** Reads what a process prints so that it never blocks, and keeps the end of its errors for what failed. */
export function collectTail(child: ChildProcess): () => string {
  child.stdout?.resume();
  return tailOf([child.stderr], 2_000);
}

/** The last characters of what streams say; they are read from now on. */
export function tailOf(streams: readonly (Readable | null)[], most: number): () => string {
  let tail = "";
  for (const stream of streams) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-most);
    });
  }
  return () => tail.trim();
}
