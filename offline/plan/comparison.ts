/** What two evaluations of a stack differ in: the words that every report of it is written with. */
import type { DataLoss } from "../upgrade/data-loss.ts";
import type { AccessChange } from "./access.ts";

export interface Comparison {
  /** By tenant, what all share first, then in order of the records. */
  readonly changes: readonly ResourceChange[];
  /** Tenants that come or go as a whole; their resources are in `changes` too. */
  readonly tenants: readonly TenantChange[];
  /** Data that would be lost. Its URNs are those of the earlier records. */
  readonly losses: readonly DataLoss[];
  /** Why `pulumi up` would refuse the change: what is protected would go, or the provider forbids it. */
  readonly refusals: readonly Refusal[];
  /** What somebody may newly do, or no longer do. */
  readonly access: readonly AccessChange[];
  /** Resources that stay as they are, as the engine counts: components and the stack included. */
  readonly unchanged: number;
}

/**
 * - `changed`: the provider is asked to update it.
 * - `replaced`: a new resource takes its place.
 * - `moved`: an alias finds it under another name or parent; nothing else changes.
 */
export type ChangeKind = "added" | "changed" | "replaced" | "removed" | "moved";

export interface ResourceChange {
  readonly kind: ChangeKind;
  /** URN in the later records; in the earlier ones where it is removed. */
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** False for components, which are grouping only. */
  readonly custom: boolean;
  /** URN of the parent, in the same records as `urn`. */
  readonly parent?: string;
  /** Absent on what all tenants share. */
  readonly tenant?: string;
  /** URN in the earlier records, where it stood in another place. */
  readonly formerUrn?: string;
  readonly properties: readonly PropertyChange[];
  readonly options: readonly OptionChange[];
  /**
   * What becomes of the resource that is removed or replaced: `deleted`, `left-behind` (`retainOnDelete`:
   * it stays in the account, unmanaged), or `refused` (`protect`: `pulumi up` fails).
   */
  readonly fate?: Fate;
}

export type Fate = "deleted" | "left-behind" | "refused";

/**
 * Values are as the program wrote them: what comes from another resource's outputs reads
 * `${kms.Key acme-key.arn}`, assets read `sha256:…`. Secrets have no values.
 */
export interface PropertyChange {
  /** E.g. `globalSecondaryIndexes[name=by-recency].projectionType`. */
  readonly path: string;
  readonly kind: "added" | "changed" | "removed" | "secret" | "code" | "follows";
  /** Absent where `added`, `secret`, `code` or `follows`. */
  readonly before?: unknown;
  /** Absent where `removed`, `secret`, `code` or `follows`. */
  readonly after?: unknown;
  /** True where the resource is replaced because of it. */
  readonly replaces: boolean;
  /** What of a resource that stays is made again because of it, e.g. "the replica". */
  readonly recreates?: string;
}

export type OptionChange =
  | {
      readonly option: "protect" | "retainOnDelete";
      readonly before: boolean;
      readonly after: boolean;
    }
  /** An existing resource takes the place of this one: ids. */
  | { readonly option: "import"; readonly before: string | undefined; readonly after: string };

export interface TenantChange {
  readonly kind: "added" | "removed";
  readonly tenant: string;
  /** As the engine counts: components included. */
  readonly resources: number;
  /** Of a removed tenant: what becomes of its data; `none` where it has none. */
  readonly data?: Fate | "none";
  /** One sentence on that. */
  readonly reason?: string;
}

export interface Refusal {
  /** URN in the earlier records. */
  readonly urn: string;
  readonly reason: string;
}

/** Whether anything at all differs. */
export const isUnchanged = ({ changes }: Comparison): boolean => changes.length === 0;

/** Whether the change may be made: no data would be lost, and `pulumi up` would not refuse it. */
export const isSafe = ({ losses, refusals }: Comparison): boolean =>
  losses.length === 0 && refusals.length === 0;

/** What is to be said of a tenant's data beside its loss or refusal, which stand among those. */
export const remarkOn = ({ data, reason }: TenantChange): string | undefined =>
  data === "left-behind" || data === "none" ? reason : undefined;
