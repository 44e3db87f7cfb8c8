import { execFile } from "node:child_process";
import { resolve } from "node:path";

/** The overflow user of Linux, and of no one else. */
const nobody = 65_534;

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
export const chatstack = (args: readonly string[], place: Place = {}): Promise<Run> =>
  runAs("self", args, place);

/** As `chatstack()`; `nobody` is a user whom permissions hold for, as they do not for the superuser. */
export const runAs = (user: User, args: readonly string[], place: Place = {}): Promise<Run> =>
  nodeAs(user, [program, ...args], place);

type User = "self" | "nobody";

export function nodeAs(
  user: User,
  args: readonly string[],
  { cwd, env }: Place = {},
): Promise<Run> {
  const isOther = user === "nobody" && process.getuid?.() === 0;
  return new Promise((done) =>
    execFile(
      process.execPath,
      [...args],
      {
        cwd,
        env: { ...withoutCredentials(process.env), ...env },
        ...(isOther && { uid: nobody, gid: nobody }),
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}
