import { CommanderError } from "commander";
import { fileFault } from "../offline/files/files.ts";
import { createProgram } from "./program.ts";

/**
 * Runs a command line.
 *
 * @returns the exit code that ends the process at once. Undefined where a command ran to its end: it
 *   has set the process's exit code, and what it started may still run.
 */
export async function runCommandLine(args: readonly string[]): Promise<number | undefined> {
  try {
    const program = await createProgram((error) => {
      throw error;
    });
    await program.parseAsync(args, { from: "user" });
    return undefined;
  } catch (error) {
    // It has said everything: help that was asked for, or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // One message and no stack trace, unless a developer asks for it.
    const message =
      fileFault(error, "write") ?? (error instanceof Error ? error.message : String(error));
    process.stderr.write(`chatstack: ${message}\n`);
    if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return isUsage(error) ? 2 : 1;
  }
}

function isUsage(error: unknown): boolean {
  return error instanceof Error && ["UsageError", "ProjectError"].includes(error.name);
}
