import type { Resource } from "@pulumi/pulumi/resource.js";

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
  /** State of the current run. */
  export function getStore(): {
    readonly leakCandidates: Set<Promise<unknown>>;
    supportsResourceReferences: boolean;
  };
  /** A resource that waits for what it is made of; a message says for what. */
  export interface PendingRegistration {
    res?: Resource;
    parent?: Resource | undefined;
    label?: string;
    type?: string;
    name?: string;
    phase?: string;
    inputProperty?: string | undefined;
    awaitingOutput?: unknown;
    fail?: (error: Error) => void;
  }
  /** Absent in older versions. */
  export const getPendingResourceRegistrations:
    | (() => Map<Resource, PendingRegistration>)
    | undefined;
}

declare module "@pulumi/pulumi/runtime/dependsOn.js" {
  export function gatherExplicitDependencies(dependsOn: unknown): Promise<Resource[]>;
  /** Of a component those of its children. */
  export function getAllTransitivelyReferencedResourceURNs(
    resources: ReadonlySet<Resource>,
    exclude: ReadonlySet<Resource>,
  ): Promise<Set<string>>;
}

declare module "@pulumi/pulumi/resource.js" {
  namespace ProviderResource {
    /** Its reference, `urn::id`. */
    function register(provider: ProviderResource): Promise<string>;
  }
}
