import { isThrottlingError, isTransientError } from "@smithy/core/retry";

/**
 * Whether AWS, or the way to it, fails for the moment: throttled, unavailable, out of reach, or the
 * answer was lost. It is what the SDK itself tries again, so that it did before we see it.
 */
export function isPassing(error: unknown): boolean {
  return isSdkError(error) && (isThrottlingError(error) || isTransientError(error));
}

function isSdkError(error: unknown): error is Parameters<typeof isTransientError>[0] {
  return error instanceof Error && (error.cause === undefined || error.cause instanceof Error);
}
