/** Exported by the SDK at run time, stripped from its declarations as internal. */
declare module "@pulumi/pulumi/runtime/debuggable.js" {
  /** Promises of the current run that are still pending, and a message about them. */
  export function leakedPromises(): [Set<unknown>, string];
  /** Notes on a promise of the SDK's where it was made. */
  export function debuggablePromise<T>(promise: Promise<T>, context?: unknown): Promise<T>;
}

declare module "@pulumi/pulumi/runtime/state.js" {
  /** The stack that resources without a parent belong to. */
  export function setStackResource(stack: undefined): void;
}

export {};
