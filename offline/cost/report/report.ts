/** All that `chatstack cost` has to say of one usage; the formats only write it down. */
import type { StackCost, TenantCost } from "../cost.ts";
import { type Decimal, sum } from "../decimal.ts";
import { freeTiersOf, type Reduction } from "../prices/free-tiers.ts";
import { volumeTiersOf } from "../prices/volume-tiers.ts";
import type { Scenario, ScenarioName } from "../scenarios.ts";

export interface CostReport {
  /** Absent where each tier was asked for instead of a stack. */
  readonly stack?: string;
  readonly region: string;
  readonly currency: string;
  readonly asOf: string;
  /** Absent where a usage was given. */
  readonly scenario?: ScenarioName;
  readonly tenants: readonly TenantCost[];
  /** What all tenants share; absent where single tenants were asked for. */
  readonly shared?: TenantCost;
  readonly total: Decimal;
  readonly tiers: readonly TierCost[];
  readonly freeTiers: readonly Reduction[];
  /** What AWS takes off where the stack uses much of a thing. */
  readonly volumeTiers: readonly Reduction[];
}

export interface TierCost {
  readonly tier: string;
  readonly tenants: number;
  readonly fixed: Decimal;
  readonly total: Decimal;
}

export interface Told {
  readonly name: ScenarioName;
  readonly scenario: Scenario;
}

/** @param only tenants to show; default all, and what they share. */
export function reportOf(
  cost: StackCost,
  { stack, told, only }: { stack?: string; told?: Told; only?: readonly string[] },
): CostReport {
  const tenants = only ? cost.tenants.filter(({ tenant }) => only.includes(tenant)) : cost.tenants;
  const { region, currency, asOf, shared } = cost;
  return {
    ...(stack !== undefined && { stack }),
    region,
    currency,
    asOf,
    ...(told && { scenario: told.name }),
    tenants,
    ...(!only && { shared }),
    total: sum([...tenants, ...(only ? [] : [shared])].map(({ total }) => total)),
    tiers: tiersOf(tenants),
    freeTiers: freeTiersOf(cost),
    volumeTiers: volumeTiersOf(cost),
  };
}

const tiersOf = (tenants: readonly TenantCost[]): TierCost[] =>
  [...Map.groupBy(tenants, ({ tier }) => tier ?? "none")].map(([tier, own]) => ({
    tier,
    tenants: own.length,
    fixed: sum(own.map(({ fixed }) => fixed)),
    total: sum(own.map(({ total }) => total)),
  }));

/** What has no figure, said once. */
export const unpricedOf = ({ tenants, shared }: CostReport) => [
  ...new Map(
    [...tenants, ...(shared ? [shared] : [])]
      .flatMap(({ unpriced }) => unpriced)
      .map((one) => [one.what, one]),
  ).values(),
];
