import { startProgress } from "../cli/terminal/progress.ts";
import { stdoutText } from "../cli/terminal/stdout.ts";
import { table } from "../offline/text.ts";
import { drill } from "./drill/drill.ts";
import { Steps } from "./drill/steps.ts";

/**
 * A restore drill on this machine: data is lost and comes back while a user writes on, and a table tells how
 * each step went.
 *
 * Exit code: 0 everything is back, 1 a step failed. `--json` prints the steps as JSON.
 */
const progress = startProgress(process.stderr, "drill");
const steps = new Steps(progress.update);
try {
  await drill(steps);
} catch (error) {
  process.exitCode = 1;
  // A step that failed tells of it in the table.
  if (steps.done.at(-1)?.outcome !== "failed") throw error;
} finally {
  progress.end();
}
const rows = steps.done.map(({ step, outcome, seconds, note }) => [
  step,
  outcome,
  seconds.toFixed(1),
  note,
]);
// It has said what there is to say: a connection that is kept alive would keep the process for two minutes.
const exit = () => process.exit();
process.stdout.write(
  process.argv.includes("--json")
    ? `${JSON.stringify(steps.done)}\n`
    : `${table(["step", "", "seconds", ""], rows, stdoutText())}\n`,
  exit,
);
