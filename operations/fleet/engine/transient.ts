/** Which errors time heals, and how long to wait for that. */

/**
 * Error codes of throttling and of passing trouble, as AWS's own SDK classifies them
 * (`@smithy/service-error-classification`, constants.ts), and how they look in a provider's messages.
 * `LimitExceededException` is left out: several services say it of quotas, which no waiting raises.
 */
const throttling =
  /\b(?:EC2Throttled|Throttl(?:ing|ed)|RequestThrottled|TooManyRequests|ProvisionedThroughputExceeded)(?:Exception)?\b|\bRate exceeded\b|\bRequestLimitExceeded\b|\bBandwidthLimitExceeded\b|\bPriorRequestNotComplete\b|\bSlowDown\b|\bTransactionInProgressException\b|\bToo Many Requests\b/;
const passing =
  /\bRequestTimeout(?:Exception)?\b|\bServiceUnavailable(?:Exception)?\b|\bECONNRESET\b|\bETIMEDOUT\b|connection reset by peer|TLS handshake timeout|i\/o timeout/i;
const status =
  /(?:status ?code|HTTP(?: response)?(?: code)?|status)[: ]+(?:429|500|502|503|504)\b|\[429\]/i;

export const isTransient = (cause: string): boolean =>
  throttling.test(cause) || passing.test(cause) || status.test(cause);

/**
 * Messages that the engine adds once something else has failed: whatever is in flight then is cancelled, and its
 * plugins are stopped (pulumi/pulumi: `pkg/resource/deploy/step_generator.go`, `step_executor.go`,
 * `deployment_executor.go` and `source_eval.go`; gRPC's status texts).
 */
const accompanying = [
  // `failed to run remediation: context canceled`, `rpc error: code = Canceled desc = …`
  /\bcontext cancell?ed\b|\bcode = Cancell?ed\b/i,
  // `update canceled`, `resource … canceled`, `operation was canceled`
  /\b(?:operation|deployment|update|preview|refresh|destroy|resource|step|request|registration)\b.*\bcancell?ed\.?$/is,
  /^(?:.*: )?cancell?ed$/i,
  // The policy pack's process and the plugins, once they are stopped.
  /\bcode = Unavailable\b|\btransport is closing\b|\b(?:client )?connection is closing\b|error reading from server: EOF/,
  /\bresource monitor (?:has )?shut ?down\b|\bmonitor is shutting down\b/i,
  /\bstep (?:executor|generator) errored\b|\bEvalSourceIterator aborted\b|\brun bailed\b|^BAIL\b/,
  /^(?:(?:update|preview|refresh|destroy|deployment) )?failed$/i,
];

/**
 * The causes without the messages that only accompany them. All of them where nothing else is said: then one of
 * these is the best explanation there is.
 */
export function rootCauses(causes: readonly string[]): readonly string[] {
  const roots = causes.filter(
    (cause) => isTransient(cause) || !accompanying.some((shape) => shape.test(messageOf(cause))),
  );
  return roots.length > 0 ? roots : causes;
}

/** Without the name of the resource that stands before it. */
const messageOf = (cause: string): string => cause.replace(/^[\w-]+:[\w/-]+:\w+ [^:\s]+: /, "");

export interface Retries {
  /** Tries in all, the first included. */
  readonly tries: number;
  /** Bound of the first wait; each further one is twice as long, up to a minute. */
  readonly baseSeconds: number;
}

const mostSeconds = 60;

/**
 * Seconds to wait before another try: "full jitter", anything up to the bound, so that stacks that were
 * throttled together do not come back together (AWS Architecture Blog, "Exponential Backoff and Jitter").
 *
 * @param tried tries made so far, 1 or more.
 */
export const backoffSeconds = (tried: number, { baseSeconds }: Retries, random = Math.random()) =>
  random * Math.min(mostSeconds, baseSeconds * 2 ** (tried - 1));
