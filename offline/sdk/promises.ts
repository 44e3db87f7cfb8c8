import { getStore } from "@pulumi/pulumi/runtime/state.js";

/**
 * In place of `debuggablePromise` in the SDK's `runtime/debuggable.js`: a promise that never settles is found, with what it
 * was for, but without the stack trace that the SDK takes for each of its promises, and without its report as the process
 * exits, which is a command's and goes on after the program.
 */
export function debuggablePromise<T>(promise: Promise<T>, context: string): Promise<T> {
  const { leakCandidates } = getStore();
  // One promise may be waited for more than once.
  Object.defineProperty(promise, "_debugCtx", { value: context, writable: true });
  leakCandidates.add(promise);
  return promise.then(
    (value) => {
      leakCandidates.delete(promise);
      return value;
    },
    (error: unknown) => {
      leakCandidates.delete(promise);
      throw error;
    },
  );
}
