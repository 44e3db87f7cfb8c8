/** What a tenant gets by its tier. Where a tier is silent, the components' secure defaults apply. */
import type { Settings } from "./settings.ts";

export const tiers = {
  /** Pays per request only: nothing here costs anything while nobody uses it. */
  basic: {
    table: {
      recoveryDays: 7,
      capacity: { mode: "on-demand", maxReadUnits: 200, maxWriteUnits: 200 },
    },
    api: {
      memorySize: 512,
      logRetentionDays: 90,
      throttle: { requestsPerSecond: 20, burst: 40 },
    },
  },
  standard: {
    table: {
      recoveryDays: 35,
      capacity: { mode: "on-demand", maxReadUnits: 2_000, maxWriteUnits: 2_000 },
    },
    documents: { noncurrentVersionDays: 90 },
    api: {
      memorySize: 1024,
      logRetentionDays: 365,
      throttle: { requestsPerSecond: 100, burst: 200 },
    },
  },
  enterprise: {
    table: { recoveryDays: 35 },
    documents: { noncurrentVersionDays: 365 },
    auth: { featurePlan: "plus" },
    api: {
      memorySize: 1769,
      timeoutSeconds: 900,
      logRetentionDays: 731,
      throttle: { requestsPerSecond: 1_000, burst: 2_000 },
    },
  },
} as const satisfies Record<string, Settings>;

export type Tier = keyof typeof tiers;

export const tierNames = ["basic", "standard", "enterprise"] as const satisfies readonly Tier[];
