import type { CustomResourceOptions } from "@pulumi/pulumi";
import { recordKeepers } from "../policies/tenancy/holdings.ts";

/**
 * What happens to a tenant's data when it is removed from the stack:
 *
 * - `"destroy"`: it is deleted. For throw-away stacks.
 * - `"retain"`: it stays in the account (`retainOnDelete`), and the service refuses to delete it.
 * - `"protect"`: the same, and Pulumi refuses any plan that would delete or replace it (`protect`).
 */
export type Retain = "destroy" | "retain" | "protect";

export const retainSettings = ["destroy", "retain", "protect"] as const satisfies readonly Retain[];

/**
 * The `retain` of a component of this type. Components that keep records beside the data treat `"protect"`
 * as `"retain"`, so that they can be turned off.
 */
export const retainIn = (componentType: string, retain: Retain): Retain =>
  retain === "protect" && recordKeepers.includes(componentType) ? "retain" : retain;

/**
 * Options of a resource that holds or guards data (`policies/tenancy/holdings.ts`). Set on each one:
 * `retainOnDelete` is the engine's to inherit, and a component moved under another parent must not lose it.
 */
export const retainOptions = (retain: Retain): CustomResourceOptions => ({
  protect: retain === "protect",
  retainOnDelete: retain !== "destroy",
});

/** Whether the service itself is told to refuse deletion. `retainOnDelete` alone stops only Pulumi. */
export const isDeletionProtected = (retain: Retain): boolean => retain !== "destroy";
