import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Guard } from "../../guard.ts";
import { StoreError } from "../../store-error.ts";
import type { Header } from "./header.ts";
import { activeHeader, liveHeader } from "./table-access.ts";

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

/**
 * Where a message may be written to: an active conversation. The answer to a question that was asked while
 * it was active is kept in whatever state the conversation came since: a model was paid for it.
 */
export interface Writing {
  readonly isBegun?: boolean;
  readonly guard?: Guard | undefined;
}

export function writableCondition(now: Date, { isBegun, guard }: Writing): Condition {
  return isBegun === true ? liveCondition(now, guard) : guardCondition(guard);
}

export function writable(item: Item, now: Date, { isBegun }: Writing): Header {
  return isBegun === true ? liveHeader(item, now) : activeHeader(item, now);
}

type Item = Record<string, unknown> | undefined;

/** Condition that the item exists, whatever state a later version may have written. */
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
  const version = versionCondition(guard);
  return {
    condition: `${condition} AND ${version.condition}`,
    values: { ...values, ...version.values },
  };
}

/** `IN` takes as many operands (DynamoDB Developer Guide, "Condition and filter expressions"). */
const mostOperands = 100;

/** The condition on the version of what exists. */
export function versionCondition(guard: Guard): Condition {
  const named = "versions" in guard ? guard.versions : guard.except;
  // No version at all is a version that none has: `IN ()` would not parse.
  const versions = named.length > 0 ? named : [-1];
  const names = versions.map((_, index) => `:v${index}`);
  const lists: string[] = [];
  for (let from = 0; from < names.length; from += mostOperands) {
    lists.push(`#version IN (${names.slice(from, from + mostOperands).join(", ")})`);
  }
  const isNamed = `(${lists.join(" OR ")})`;
  return {
    condition: "versions" in guard ? isNamed : `(NOT ${isNamed})`,
    values: Object.fromEntries(versions.map((version, index) => [`:v${index}`, version])),
  };
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
