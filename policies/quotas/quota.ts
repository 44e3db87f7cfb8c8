/** What AWS allows an account to have, as data: one entry for each quota, and how a stack counts against it. */
import type { Stack, StackResource } from "../rule.ts";

export interface Quota {
  /**
   * Names the quota in config and messages: its code in Service Quotas (`L-B99A9384`), or where Service Quotas has none, a
   * name of ours without that form.
   */
  readonly code: string;
  /** Service code, as in `aws service-quotas list-service-quotas --service-code`. */
  readonly service: string;
  /** As AWS names it. */
  readonly name: string;
  /**
   * What the limit is of: `account` in all regions, `region` for the account in one region, `resource` for each resource that
   * holds others or has the size.
   */
  readonly scope: "account" | "region" | "resource";
  /** AWS's default. */
  readonly limit: number;
  /** What accounts begin with that were opened not long ago, where that is less. */
  readonly newAccounts?: number;
  /** A part of the limit that no stack can use, and why. */
  readonly spare?: { readonly amount: number; readonly because: string };
  readonly unit: string;
  /** `no`, or the most that AWS's documentation says it can be raised to, where it says so. */
  readonly raisable: "yes" | "no" | number;
  /** What helps where the limit cannot be raised, or before it is. */
  readonly instead?: string;
  /** Page of AWS's documentation that says so. */
  readonly source: string;
  /** Month in which the figure was last compared with the source. */
  readonly checked: string;
  /** What in a stack takes how much of it. */
  readonly count: (stack: Stack) => readonly Use[];
}

export interface Use {
  readonly resource: StackResource;
  /** `undefined` where a value that decides is unknown until the update runs. */
  readonly amount: number | undefined;
  /** What the limit is of, for quotas of scope `resource`. */
  readonly holder?: string;
}

const preset = new WeakMap<Stack, ReadonlyMap<string, readonly Use[]>>();

/** For a stack whose resources were counted elsewhere, and are not all here. By the quotas' codes. */
export function presetUses(stack: Stack, uses: ReadonlyMap<string, readonly Use[]>): void {
  preset.set(stack, uses);
}

/** What in the stack takes how much of the quota. */
export function usesOf({ code, count }: Quota, stack: Stack): readonly Use[] {
  const known = preset.get(stack);
  return known ? (known.get(code) ?? []) : count(stack);
}
