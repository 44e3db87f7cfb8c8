/** What a request does at most of work that later requests can go on with. */
const stepMs = 10_000;
/** No request is under way for longer: Lambda ends a function after 15 minutes at most. */
export const longestRequestMs = 15 * 60 * 1000;
/** What a request needs to end in order before its process is stopped. */
export const endingMs = 5_000;

/**
 * When such work has to end, by the clock of `now`.
 *
 * @param deadline epoch milliseconds at which the process may be stopped.
 */
export function stepEnd(now: Date, deadline = Number.POSITIVE_INFINITY): Date {
  const left = Math.min(stepMs, deadline - Date.now() - endingMs);
  return new Date(now.getTime() + Math.max(0, left));
}
