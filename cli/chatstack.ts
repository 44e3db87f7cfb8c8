/**
 * `cli/`: the command line. The only place that knows options, exit codes and the terminal; what a command
 * does is in `offline/`, `operations/` and `local/`.
 *
 * The \`chatstack\` command.
 */
import "../offline/sdk/load.ts";
import { runCommandLine } from "./run.ts";

const code = await runCommandLine(process.argv.slice(2));
if (code !== undefined) process.exit(code);
