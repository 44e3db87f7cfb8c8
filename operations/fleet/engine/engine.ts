/**
 * The one boundary to Pulumi: an operation on a stack goes in, progress and an outcome come out. Behind
 * it stands the Automation API (`automation.ts`), a process away (`slots.ts`).
 */

/** What a fleet does; `cancel` clears a stack's lock, `drift` is a refresh that changes nothing. */
export type Operation = "preview" | "up" | "refresh" | "destroy" | "drift" | "cancel";

export interface Job {
  readonly operation: Operation;
  readonly stack: string;
  /** URL of the backend that has the stack. Default: the one that is logged in to. */
  readonly backend?: string;
  /** Folder of the policy pack, from the project's. Only `preview` and `up` take one: the CLI has no such option elsewhere. */
  readonly policyPack: string;
  /** Levels and settings of policies, a JSON file, from the project's folder. */
  readonly policyPackConfig?: string;
  /** Whether a stack that the backend does not know is made first. */
  readonly create: boolean;
  /** Whether the state is compared with the cloud first, so that `up` undoes drift. */
  readonly refresh: boolean;
  /** Preview the operation: nothing is touched, and the outcome says what would be lost. */
  readonly dryRun: boolean;
}

/** Whether the job changes neither the cloud nor the state, and takes no lock. */
export const isHarmless = ({ operation, dryRun }: Job): boolean =>
  dryRun || operation === "preview" || operation === "drift";

/** The operations that `chatstack fleet` offers over many stacks. */
export type FleetOperation = Exclude<Operation, "drift" | "cancel">;

export type FleetJob = Job & { readonly operation: FleetOperation };

/** Resources that the operation is done with, of those that it has begun with so far. */
export interface Progress {
  readonly done: number;
  readonly begun: number;
}

export const changeKinds = ["create", "update", "replace", "delete", "same"] as const;
export type Changes = Readonly<Record<(typeof changeKinds)[number], number>>;

export interface Outcome {
  /** `interrupted`: it was asked to stop, and stopped in order or was killed. */
  readonly result: "succeeded" | "failed" | "interrupted";
  readonly changes: Changes;
  /** The actual errors, without secrets; empty when it succeeded. */
  readonly causes: readonly string[];
  /** Whether time heals every root cause: throttling, a lost connection. */
  readonly transient: boolean;
  /** The CLI ended before it could release the stack's lock. */
  readonly mayHoldLock: boolean;
  /** What a `drift` found. */
  readonly differences?: readonly Difference[];
  /** Data that the operation would lose; a preview of `up` or `destroy` says it. */
  readonly losses?: readonly Loss[];
  /** Tenants that something changes of, or would. */
  readonly tenants?: readonly TenantOutcome[];
}

export interface TenantOutcome {
  readonly tenant: string;
  /** Resources that change. */
  readonly changes: number;
  /** Whether it leaves the stack. */
  readonly isGone: boolean;
  /** Errors of its own resources, without secrets. */
  readonly causes: readonly string[];
  /** What the stack exports of it, without secrets. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A resource that holds data which the operation would lose. */
export interface Loss {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly resource: string;
  /** `changed`: updated in place, by a change that cannot be undone. */
  readonly kind: "deleted" | "replaced" | "changed";
  /** What is lost, to follow the resource's name: "would be deleted, which loses every item". */
  readonly reason: string;
}

/** A resource whose reality is not what the state says. */
export interface Difference {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly resource: string;
  /** Absent on what all tenants share. */
  readonly tenant?: string;
  /** `gone`: the state has it, the cloud does not. */
  readonly kind: "changed" | "gone";
  readonly properties: readonly PropertyDifference[];
  /** Why it matters for the safety of data; empty where it does not. */
  readonly dangers: readonly string[];
}

export interface PropertyDifference {
  /** Property path as the provider writes it: `pointInTimeRecovery.enabled`. */
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
  /** In the state; absent where it is not known, and `[secret]` where it may be one. */
  readonly state?: string;
  readonly reality?: string;
}

export interface Engine {
  /** Never rejects for what the operation does: that is its outcome. Aborting asks it to stop in order. */
  run(job: Job, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Outcome>;
}

export const noChanges: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

export const failed = (cause: string, rest: Partial<Outcome> = {}): Outcome => ({
  result: "failed",
  changes: noChanges,
  causes: [cause],
  transient: false,
  mayHoldLock: false,
  ...rest,
});
