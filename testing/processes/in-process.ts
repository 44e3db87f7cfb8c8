import { runCommandLine } from "../../cli/run.ts";
import { type Place, type Run, withoutCredentials } from "./chatstack.ts";

/** One after the other: folder, environment and output are the process's. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `chatstack` as `chatstack()` does, in this process: in a tenth of the time, since the program
 * and the SDK are loaded already. For programs that no test edits: a process loads a file once. What
 * only a process shows (that it starts, that it ends) needs one run of `chatstack()`.
 */
export function chatstackHere(args: readonly string[], place: Place = {}): Promise<Run> {
  const run = last.then(() => runHere(args, place));
  last = run.catch(() => {});
  return run;
}

async function runHere(args: readonly string[], { cwd, env }: Place): Promise<Run> {
  const before = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode };
  const written = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write);
  try {
    if (cwd !== undefined) process.chdir(cwd);
    process.env = { ...withoutCredentials(before.env), ...env };
    process.exitCode = undefined;
    for (const name of streams) {
      process[name].write = (chunk: string | Uint8Array) => {
        written[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
        return true;
      };
    }
    const ended = await runCommandLine(args);
    return { code: ended ?? Number(process.exitCode ?? 0), ...written };
  } finally {
    for (const [index, name] of streams.entries()) {
      const write = writes[index];
      if (write) process[name].write = write;
    }
    process.exitCode = before.exitCode;
    process.env = before.env;
    process.chdir(before.cwd);
  }
}
