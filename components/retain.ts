import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * What happens to a tenant's data when the stack no longer wants it:
 *
 * - `"destroy"`: deleted with the stack. For throw-away stacks.
 * - `"retain"`: outlives the stack (`retainOnDelete`), and the service refuses to delete it.
 * - `"protect"`: that, and Pulumi refuses any plan that would delete or replace it (`protect`).
 */
export type Retain = "destroy" | "retain" | "protect";

export const retainSettings = ["destroy", "retain", "protect"] as const satisfies readonly Retain[];

/**
 * Options of a data resource. Set on each one: `retainOnDelete` is the engine's to inherit, and a
 * component moved under another parent must not lose it.
 */
export const retainOptions = (retain: Retain): CustomResourceOptions => ({
  protect: retain === "protect",
  retainOnDelete: retain !== "destroy",
});

/** Whether the service itself is told to refuse deletion. `retainOnDelete` alone stops only Pulumi. */
export const isDeletionProtected = (retain: Retain): boolean => retain !== "destroy";
