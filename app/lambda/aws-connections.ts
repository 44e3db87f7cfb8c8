/**
 * How the function's AWS clients hold their connections. Lambda freezes the process between two
 * requests; a connection that dies meanwhile says nothing when the process thaws. So a silent peer is
 * left after a bounded time, and no connection is used again that was idle for long.
 */

export interface ConnectionTimes {
  /** Milliseconds from sending a request to the first byte of its answer. */
  readonly answer: number;
  /** Milliseconds without a byte while a body is sent or read. */
  readonly silence: number;
  /** Whether a connection serves several requests. Default true. */
  readonly reuse?: boolean;
}

/** Milliseconds to open a connection. */
const openMilliseconds = 1_000;

/**
 * Milliseconds that an idle connection is kept. The timer fires when the process thaws, before the next
 * request is read, so that what a long freeze may have cut is not used again.
 */
const idleMilliseconds = 5_000;

/**
 * Options of a client's `requestHandler`. `requestTimeout` alone only logs a warning; a request fails
 * with `throwOnRequestTimeout` (`@smithy/node-http-handler`, `set-request-timeout`). The failure is a
 * `TimeoutError`, which the SDK's retries take for a passing one.
 */
export function connectionOptions({ answer, silence, reuse = true }: ConnectionTimes) {
  const agent = { keepAlive: reuse, timeout: idleMilliseconds };
  return {
    connectionTimeout: openMilliseconds,
    requestTimeout: answer,
    throwOnRequestTimeout: true,
    socketTimeout: silence,
    httpAgent: agent,
    httpsAgent: agent,
  };
}
