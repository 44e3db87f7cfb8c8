/**
 * The SDK notes on each of its promises where it was made, for a report on promises that never settle. To write
 * those stack traces is more than half of the program's time. Errors keep theirs; the report shows its own with
 * `PULUMI_DEBUG_PROMISE_LEAKS=1`, as the SDK has it. The report itself stays: under the engine a promise that never
 * settles fails the update. An evaluation in this process has its own (`offline/sdk/`), which leaves the process's exit alone.
 */
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";

const { debuggablePromise } = debuggable;

if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  Object.assign(debuggable, {
    debuggablePromise<T>(promise: Promise<T>, context?: unknown): Promise<T> {
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
      try {
        return debuggablePromise(promise, context);
      } finally {
        Error.stackTraceLimit = limit;
      }
    },
  });
}
