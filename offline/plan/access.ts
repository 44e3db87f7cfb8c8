/**
 * What a change lets somebody newly do, or no longer do: every statement of every policy, of roles and of
 * resources, before and after.
 */
import type { ResourceRecord } from "../record.ts";
import { grantsOf } from "./grants.ts";

/** One cell of the table for each word; `actions` and `unless…` as IAM spells them. */
export interface AccessChange {
  readonly kind: "added" | "removed";
  readonly effect: "Allow" | "Deny";
  /** The role that may, e.g. `iam.Role acme-api`; of a resource's own policy the principal it names. */
  readonly who: string;
  readonly actions: readonly string[];
  /** What it may be done to, e.g. `${dynamodb.Table acme-chat.arn}`. */
  readonly resource: string;
  /** As in the policy, in one line; absent where there is none. */
  readonly condition?: string;
  /** URN of the resource that has the policy, in the records that it is in. */
  readonly urn: string;
  /** Absent on what all tenants share. */
  readonly tenant?: string;
}

type Owners = ReadonlyMap<string, string | undefined>;

/** @param before with `after`: symbolic records, as the program wrote them. */
export function accessChanges(
  before: readonly ResourceRecord[],
  after: readonly ResourceRecord[],
  owners: { readonly before: Owners; readonly after: Owners },
): AccessChange[] {
  const [left, right] = [grantsOf(before), grantsOf(after)];
  const missing = (from: typeof left, there: typeof left) =>
    [...from].filter(([text]) => !there.has(text)).map(([, grant]) => grant);
  const changes = [
    ...missing(right, left).map((grant) => ({ kind: "added" as const, ...grant })),
    ...missing(left, right).map((grant) => ({ kind: "removed" as const, ...grant })),
  ];
  const rows = Map.groupBy(changes, ({ action: _, ...row }) => JSON.stringify(row));
  return [...rows.values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const { action: _, ...row } = first;
    const tenant = owners[row.kind === "added" ? "after" : "before"].get(row.urn);
    const actions = found.map(({ action }) => action).sort();
    return [{ ...row, actions, ...(tenant !== undefined && { tenant }) }];
  });
}
