/** The state of Pulumi's SDK is the process's: whatever reads or replaces it takes turns. */
let last: Promise<unknown> = Promise.resolve();

/** Runs it once all that came before is done. */
export function inTurn<T>(use: () => Promise<T>): Promise<T> {
  const run = last.then(use);
  last = run.catch(() => undefined);
  return run;
}
