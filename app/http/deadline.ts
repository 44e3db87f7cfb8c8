/** What a request does at most of work that later requests can go on with. */
const stepMs = 10_000;
/** No request is under way for longer: Lambda ends a function after 15 minutes at most. */
export const longestRequestMs = 15 * 60 * 1000;
/** What a request needs to end in order before its process is stopped. */
export const endingMs = 5_000;

/** Milliseconds until a request has to end, `most` at most. */
export function msLeft(most: number, deadline = Number.POSITIVE_INFINITY): number {
  return Math.max(0, Math.min(most, deadline - Date.now() - endingMs));
}

/** What was to be waited for is not done in time. */
export class Overdue extends Error {
  override readonly name: string = "Overdue";
}

/**
 * Waits for code that may mind no signal, until the signal aborts: then rejects with the signal's reason, whatever
 * the code does.
 */
export async function untilAborted<Result>(
  signal: AbortSignal,
  work: () => Result | PromiseLike<Result>,
): Promise<Awaited<Result>> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([(async () => work())(), aborted]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** Waits so long for code that may never end: then rejects with `overdue`. Its signal aborts when nobody waits any more. */
export async function within<Result>(
  ms: number,
  work: (signal: AbortSignal) => Result | PromiseLike<Result>,
  overdue: Overdue = new Overdue(),
): Promise<Awaited<Result>> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(overdue), ms);
  try {
    return await untilAborted(stop.signal, () => work(stop.signal));
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/**
 * When such work has to end, by the clock of `now`.
 *
 * @param deadline epoch milliseconds at which the process may be stopped.
 */
export function stepEnd(now: Date, deadline = Number.POSITIVE_INFINITY): Date {
  return new Date(now.getTime() + msLeft(stepMs, deadline));
}
