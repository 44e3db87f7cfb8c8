import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Guard } from "../../conversation-store.ts";
import { StoreError } from "../../store-error.ts";
import { liveHeader } from "./table-access.ts";

interface Condition {
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The condition that a conversation is active and at a version that the caller knows. */
export function guardCondition(guard: Guard | undefined): Condition {
  return atVersion(guard, { condition: "#state = :active", values: { ":active": "active" } });
}

/** The same for a conversation that its user can see: archived or in the trash, but not past it. */
export function liveCondition(now: Date, guard?: Guard): Condition {
  return atVersion(guard, {
    condition:
      "#state IN (:active, :archived, :trashed) AND " +
      "(attribute_not_exists(#purgeAt) OR #purgeAt > :now)",
    values: {
      ":active": "active",
      ":archived": "archived",
      ":trashed": "trashed",
      ":now": now.toISOString(),
    },
  });
}

/** The condition that there is something to delete, in whatever state a later version may have put it. */
export function standingCondition(now: Date, guard?: Guard): Condition {
  return atVersion(guard, {
    condition:
      "attribute_exists(#pk) AND #state <> :deleted AND " +
      "(attribute_not_exists(#purgeAt) OR #purgeAt > :now)",
    values: { ":deleted": "deleted", ":now": now.toISOString() },
  });
}

function atVersion(guard: Guard | undefined, { condition, values }: Condition): Condition {
  if (guard === undefined) return { condition, values };
  const versions = versionValues(guard);
  return {
    condition: `${condition} AND #version IN (${Object.keys(versions).join(", ")})`,
    values: { ...values, ...versions },
  };
}

/** No version at all is a version that none has: `IN ()` would not parse. */
export function versionValues(guard: Guard): Record<string, number> {
  const versions = guard.versions.length > 0 ? guard.versions.slice(0, 100) : [-1];
  return Object.fromEntries(versions.map((version, index) => [`:version_${index}`, version]));
}

/** Reads a refusal of `liveCondition`, given that the request asked for the old item. */
export function refusedBy(error: unknown, now: Date): unknown {
  if (!(error instanceof ConditionalCheckFailedException)) return error;
  try {
    liveHeader(error.Item === undefined ? undefined : unmarshall(error.Item), now);
    return new StoreError("stale");
  } catch (refusal) {
    return refusal;
  }
}
