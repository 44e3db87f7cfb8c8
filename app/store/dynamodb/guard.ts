import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { Guard } from "../conversation-store.ts";
import { StoreError } from "../store-error.ts";

/** The condition that a conversation is active and at a version that the caller knows. */
export function guardCondition(guard: Guard | undefined): {
  condition: string;
  values: Record<string, unknown>;
} {
  const active = { ":active": "active" };
  if (guard === undefined) return { condition: "#state = :active", values: active };
  const versions = versionValues(guard);
  return {
    condition: `#state = :active AND #version IN (${Object.keys(versions).join(", ")})`,
    values: { ...active, ...versions },
  };
}

/** No version at all is a version that none has: `IN ()` would not parse. */
export function versionValues(guard: Guard): Record<string, number> {
  const versions = guard.versions.length > 0 ? guard.versions.slice(0, 100) : [-1];
  return Object.fromEntries(versions.map((version, index) => [`:version_${index}`, version]));
}

/** Reads a refusal of `guardCondition`, given that the request asked for the old item. */
export function refusedBy(error: unknown): unknown {
  if (!(error instanceof ConditionalCheckFailedException)) return error;
  return new StoreError(error.Item?.state?.S === "active" ? "stale" : "not-found");
}
