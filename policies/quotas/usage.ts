/** Counts stacks of one account and region against the quotas, tenant by tenant in the order of the stacks. */
import type { Stack, StackResource } from "../rule.ts";
import { perStack } from "../rule.ts";
import { tenantOf } from "../tenancy/tenant.ts";
import type { AccountValues } from "./account-values.ts";
import { type Quota, type Use, usesOf } from "./quota.ts";
import { quotas } from "./table.ts";

/** How a quota of the account, or of the account in a region, is used. */
export interface Usage {
  readonly quota: Quota;
  /** What the account may have, as it was raised. */
  readonly limit: number;
  /** Of the limit, what the stacks can have: without the spare part and without what is used elsewhere. */
  readonly available: number;
  /** What the account has beside the stacks. */
  readonly elsewhere: number;
  /** What the stacks ask for in all. */
  readonly asked: number;
  /** What they ask for outside all tenants. */
  readonly shared: number;
  /** What each tenant asks for, in the stacks' order; tenants that ask for nothing as well. */
  readonly tenants: readonly TenantUse[];
  /** Where the quota ends: the first tenant, and its resource, that no longer fits. */
  readonly end?: End;
}

export interface TenantUse {
  readonly tenant: string;
  readonly amount: number;
}

export interface End {
  /** Absent where what all tenants share does not fit. */
  readonly tenant?: string;
  /** The tenant's place in the stacks' order, from 1. */
  readonly ordinal: number;
  readonly resource: StackResource;
}

/** How one holder uses a quota that each of its kind has for itself. */
export interface HolderUse {
  readonly quota: Quota;
  readonly limit: number;
  /** `undefined` where a value is unknown until the update runs. */
  readonly asked: number | undefined;
  readonly tenant?: string;
  /** The resource to speak of: the holder itself, or the last one that it holds. */
  readonly resource: StackResource;
}

/** The part of what is available from which on a quota is said to be nearly used up. */
export const nearlyFull = 0.8;

/** Quotas that no stack touches are left out. */
export function usageOf(stacks: readonly Stack[], values: AccountValues): Usage[] {
  const named = stacks.length > 1;
  const owners = stacks.map((stack) => ownersOf(stack));
  const order = owners.flatMap(({ tenants }, at) => tenants.map((one) => nameOf(at, one)));
  function nameOf(at: number, tenant: string): string {
    return named ? `${stackName(stacks[at])}/${tenant}` : tenant;
  }
  return quotas.flatMap((quota) => {
    if (quota.scope === "resource") return [];
    const uses = stacks.flatMap((stack, at) =>
      usesOf(quota, stack).map((use) => {
        const tenant = owners[at]?.of(use.resource);
        return { ...use, tenant: tenant === undefined ? undefined : nameOf(at, tenant) };
      }),
    );
    return uses.length === 0 ? [] : [countedUp(quota, uses, order, values)];
  });
}

/** Of the limit, what stacks can have: without the spare part and without what is used elsewhere. */
export const availableOf = (
  { code, limit, spare }: Quota,
  { limits, used }: Pick<AccountValues, "limits" | "used">,
): number => (limits.get(code) ?? limit) - (spare?.amount ?? 0) - (used.get(code) ?? 0);

type Owned = Use & { readonly tenant: string | undefined };

function countedUp(
  quota: Quota,
  uses: readonly Owned[],
  order: readonly string[],
  { limits, used }: AccountValues,
): Usage {
  const limit = limits.get(quota.code) ?? quota.limit;
  const elsewhere = used.get(quota.code) ?? 0;
  const available = availableOf(quota, { limits, used });
  const byTenant = Map.groupBy(uses, ({ tenant }) => tenant);
  const shared = sum(byTenant.get(undefined) ?? []);
  const tenants = order.map((tenant) => ({ tenant, amount: sum(byTenant.get(tenant) ?? []) }));
  let end: End | undefined;
  let asked = 0;
  for (const [place, tenant] of [undefined, ...order].entries()) {
    for (const { resource, amount = 0 } of byTenant.get(tenant) ?? []) {
      asked += amount;
      if (asked > available && !end) {
        end = { ordinal: place, resource, ...(tenant !== undefined && { tenant }) };
      }
    }
  }
  return { quota, limit, available, elsewhere, asked, shared, tenants, ...(end && { end }) };
}

/** Every holder's use of the quotas that it has for itself. */
export function holdersOf(stack: Stack, { limits }: AccountValues): HolderUse[] {
  const { of } = ownersOf(stack);
  return quotas.flatMap((quota) => {
    if (quota.scope !== "resource") return [];
    const limit = limits.get(quota.code) ?? quota.limit;
    const held = Map.groupBy(
      usesOf(quota, stack),
      ({ holder, resource }) => holder ?? resource.urn,
    );
    return [...held.values()].flatMap((uses) => {
      const last = uses.at(-1);
      if (!last) return [];
      const isKnown = uses.every(({ amount }) => amount !== undefined);
      const tenant = of(last.resource);
      return [
        {
          quota,
          limit,
          asked: isKnown ? sum(uses) : undefined,
          resource: last.resource,
          ...(tenant !== undefined && { tenant }),
        },
      ];
    });
  });
}

/**
 * Tenants in the order of the config, and the tenant of each resource. The engine shows resources in the order in which they
 * happen to be done; it is the order only of tenants that the config does not list.
 */
const ownersOf = perStack((stack) => {
  const owners = new Map(stack.resources.map((one) => [one.urn, tenantOf(one)]));
  const found = new Set([...owners.values()].filter((tenant) => tenant !== undefined));
  const listed = stack.config.tenants.filter((tenant) => found.has(tenant));
  const tenants = [...new Set([...listed, ...found])];
  return { tenants, of: ({ urn }: StackResource) => owners.get(urn) };
});

/** `urn:pulumi:<stack>::…` */
const stackName = (stack: Stack | undefined): string =>
  stack?.resources[0]?.urn.split(":")[2] ?? "";

const sum = (uses: readonly Pick<Use, "amount">[]): number =>
  uses.reduce((total, { amount = 0 }) => total + amount, 0);
