/** How many tenants of each tier one account and region holds: the table of the documents. */
import { indexStack } from "../../policies/judge.ts";
import { defaultValues } from "../../policies/quotas/account-values.ts";
import type { Quota } from "../../policies/quotas/quota.ts";
import { type Usage, usageOf } from "../../policies/quotas/usage.ts";
import { count } from "../../policies/quotas/wording.ts";
import { readStackConfig } from "../../policies/reading/stack-config.ts";
import program from "../../stacks/index.ts";
import { type Tier, tierNames } from "../../stacks/tiers.ts";
import { withProviders } from "../check/pack/providers.ts";
import { viewOf } from "../check/pack/view.ts";
import { markdown } from "../cost/report/markdown.ts";
import { evaluate } from "../evaluate.ts";
import { FakeProvider } from "../fake-provider.ts";
import { holds } from "./cells.ts";
import { raiseCell } from "./text.ts";

export interface TierCapacity {
  readonly tier: Tier;
  readonly holds: readonly Capacity[];
}

export interface Capacity {
  readonly tenants: number;
  /** The quota that ends then. */
  readonly endsBy: Quota;
}

/** An account as it may be; `raised` takes the limit that is counted with. */
interface Account {
  readonly title: string;
  readonly limit: (usage: Usage) => number;
}

const concurrency = "L-B99A9384";
const raisedConcurrency = 5_000;

const byDefault = ({ quota }: Usage): number => quota.limit;

const accounts: readonly Account[] = [
  { title: "new account", limit: ({ quota }) => quota.newAccounts ?? quota.limit },
  { title: "by default", limit: byDefault },
  {
    title: `\`${concurrency}\` at ${count(raisedConcurrency)}`,
    limit: (usage) => (usage.quota.code === concurrency ? raisedConcurrency : byDefault(usage)),
  },
  {
    title: "all raised, own log policy",
    limit: ({ quota }) => {
      if (quota.code === "logs-firewall-policy-length") return Number.POSITIVE_INFINITY;
      if (quota.raisable === "no") return quota.limit;
      return quota.raisable === "yes" ? Number.POSITIVE_INFINITY : quota.raisable;
    },
  },
];

export async function tierCapacities(): Promise<TierCapacity[]> {
  const capacities: TierCapacity[] = [];
  for (const tier of tierNames) {
    const usages = await usagesOf(tier);
    capacities.push({ tier, holds: accounts.map((account) => capacityOf(usages, account)) });
  }
  return capacities;
}

function capacityOf(usages: readonly Usage[], { limit }: Account): Capacity {
  const capacities = usages.map((usage) => ({
    tenants: holds({ ...usage, available: limit(usage) - (usage.quota.spare?.amount ?? 0) }),
    endsBy: usage.quota,
  }));
  return capacities.reduce((least, one) => (one.tenants < least.tenants ? one : least));
}

/** Of a stack with one tenant of the tier, as a production stack has it. */
async function usagesOf(tier: Tier): Promise<Usage[]> {
  const region = "us-east-1";
  const config = {
    "aws:region": region,
    "chatstack:environment": "production",
    "chatstack:tenants": JSON.stringify([{ id: tier, tier }]),
  };
  const { records, project, stack } = await evaluate(program, {
    stack: "tiers",
    provider: new FakeProvider(region),
    config,
  });
  const views = viewOf(withProviders(records, project, stack, config), "outputs");
  const packConfig = readStackConfig({ PULUMI_CONFIG: JSON.stringify(config) }, new Date());
  return usageOf([indexStack(views, packConfig)], defaultValues);
}

/** A row a tier: tenants that fit, and the quota that ends then. */
export const capacityTable = (capacities: readonly TierCapacity[]): string =>
  markdown(
    ["tier", ...accounts.map(({ title }) => title)],
    capacities.map(({ tier, holds: all }) => [
      `\`${tier}\``,
      ...all.map(({ tenants, endsBy }) => `${count(tenants)}, then ${endsBy.name}`),
    ]),
  );

/** Every quota that stacks are counted against. */
export const quotaTable = (quotas: readonly Quota[]): string =>
  markdown(
    ["code", "service", "quota", "of each", "default", "can be raised", "source"],
    quotas.map(({ code, service, name, scope, limit, unit, spare, raisable, source, checked }) => [
      `\`${code}\``,
      service,
      name,
      { account: "account", region: "account and region", resource: "resource" }[scope],
      [`${count(limit)} ${unit}`.trim(), spare && `less ${count(spare.amount)}`]
        .filter(Boolean)
        .join(", "),
      raiseCell({ raisable }),
      `${source} (${checked})`,
    ]),
  );
