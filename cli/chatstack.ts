/**
 * `cli/`: the command line. The only place that knows options, exit codes and the terminal; what a command
 * does is in `offline/`, `operations/` and `local/`.
 *
 * The \`chatstack\` command.
 */
import { createProgram } from "./program.ts";

const program = await createProgram((error) => process.exit(error.exitCode === 0 ? 0 : 2));

try {
  await program.parseAsync();
} catch (error) {
  // One message and no stack trace, unless a developer asks for it.
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`chatstack: ${message}\n`);
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(isUsage(error) ? 2 : 1);
}

function isUsage(error: unknown): boolean {
  return error instanceof Error && ["UsageError", "ProjectError"].includes(error.name);
}
