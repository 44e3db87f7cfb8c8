/**
 * A command that judges has not succeeded when its process ends before it is done: a program that was evaluated may
 * call `process.exit(0)` from a timer.
 *
 * @returns to be called when the command is done.
 */
export function failUntilDone(): () => void {
  const onExit = (code: number) => {
    if (code !== 0) return;
    process.stderr.write("chatstack: the process was ended before the command was done\n");
    process.exitCode = 2;
  };
  process.once("exit", onExit);
  return () => process.off("exit", onExit);
}
