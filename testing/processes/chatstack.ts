import { execFile } from "node:child_process";
import { resolve } from "node:path";

const program = resolve(import.meta.dirname, "../../bin/chatstack.js");

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `chatstack` as a person or a pipeline would, without any cloud credentials. */
export function chatstack(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const env = { ...Object.fromEntries(inherited), ...options.env };
  return new Promise((done) =>
    execFile(
      process.execPath,
      [program, ...args],
      { cwd: options.cwd, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}
