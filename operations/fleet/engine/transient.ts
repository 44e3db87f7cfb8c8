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
