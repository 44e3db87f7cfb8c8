/**
 * What a tenant gets by its tier. Where a tier is silent, the components' secure defaults apply.
 * `standard` and `enterprise` satisfy every policy that production makes mandatory; `basic` is for what
 * can be lived without: trials, demonstrations, development. `chatstack cost --tiers` says what each costs,
 * `chatstack quotas --tiers` how many of each an account and region holds.
 */
import type { Settings } from "./settings.ts";

export const tiers = {
  /** Pays per request only: nothing here costs more than the maintenance, 2 cents a month, while nobody uses it. */
  basic: {
    table: {
      recoveryDays: 7,
      capacity: { mode: "on-demand", maxReadUnits: 200, maxWriteUnits: 200 },
    },
    api: {
      memorySize: 512,
      logRetentionDays: 90,
      throttle: { requestsPerSecond: 20, burst: 40 },
      tokensPerDay: 50_000,
      tokensPerMonth: 500_000,
    },
  },
  /** Its key and its firewall have a fixed fee. */
  standard: {
    encryption: "tenant-key",
    table: {
      recoveryDays: 35,
      capacity: { mode: "on-demand", maxReadUnits: 2_000, maxWriteUnits: 2_000 },
      // Weekly, for what point-in-time recovery no longer reaches.
      backups: { schedule: "cron(0 5 ? * SUN *)", retentionDays: 90 },
    },
    documents: { noncurrentVersionDays: 90, accessLogs: "on" },
    // Not for enterprises alone: leaked passwords are tried on everybody, and the price is per user.
    auth: { featurePlan: "plus", threatProtection: "enforced" },
    api: {
      memorySize: 1024,
      logRetentionDays: 365,
      throttle: { requestsPerSecond: 100, burst: 200 },
      tokensPerDay: 500_000,
      tokensPerMonth: 5_000_000,
      firewall: "on",
      // Answers that 1,000 people at a time ask for; an account as AWS opens it holds 36 such tenants.
      reservedConcurrency: 25,
      failedEvents: "queue",
    },
  },
  /**
   * Beside what `standard` has, a dashboard and the ranking of throttled keys have a fixed fee, and alarms
   * once `monitoring.notify` says whom they tell.
   */
  enterprise: {
    encryption: "tenant-key",
    table: {
      recoveryDays: 35,
      // Daily, so that losing the table itself loses a day at most.
      backups: { schedule: "cron(0 5 * * ? *)", retentionDays: 35 },
    },
    documents: { noncurrentVersionDays: 365, accessLogs: "on", accessLogDays: 731 },
    auth: { featurePlan: "plus", threatProtection: "enforced" },
    api: {
      memorySize: 1769,
      timeoutSeconds: 900,
      logRetentionDays: 731,
      throttle: { requestsPerSecond: 1_000, burst: 2_000 },
      firewall: "on",
      requestsPerAddress: 10_000,
      // Answers that 5,000 people at a time ask for; an account as AWS opens it holds 7 such tenants.
      reservedConcurrency: 125,
      failedEvents: "queue",
    },
    monitoring: { hotKeys: "throttled" },
  },
} as const satisfies Record<string, Settings>;

export type Tier = keyof typeof tiers;

export const tierNames = ["basic", "standard", "enterprise"] as const satisfies readonly Tier[];
