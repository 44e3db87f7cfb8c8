import { execFile } from "node:child_process";
import { resolve } from "node:path";

const program = resolve(import.meta.dirname, "../../bin/chatstack.js");

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const withoutCredentials = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));

/** Runs `chatstack` as a person or a pipeline would, without any cloud credentials. */
export function chatstack(args: readonly string[], { cwd, env }: Place = {}): Promise<Run> {
  return new Promise((done) =>
    execFile(
      process.execPath,
      [program, ...args],
      {
        cwd,
        env: { ...withoutCredentials(process.env), ...env },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}
