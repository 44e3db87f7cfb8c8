import { Problem } from "../http/problem.ts";
import type { PeriodUsage, Usage, UsageStore } from "../store/usage-store.ts";

/** Tokens, given and answered together, that each user may take; absent is unlimited. */
export interface Quotas {
  readonly tokensPerDay?: number | undefined;
  readonly tokensPerMonth?: number | undefined;
}

/**
 * The problem `quota-exceeded`, if the user has taken all there is. Checked before a model is
 * called and never while it answers, so the last answer of a period may exceed the quota.
 */
export async function exceeded(
  user: string,
  usage: UsageStore,
  { tokensPerDay, tokensPerMonth }: Quotas,
): Promise<Problem | undefined> {
  if (tokensPerDay === undefined && tokensPerMonth === undefined) return undefined;
  const { day, month } = await usage.get(user);
  // The month's first: when both are spent, a new day helps nobody.
  for (const [period, limit] of [
    [month, tokensPerMonth],
    [day, tokensPerDay],
  ] as const) {
    if (limit !== undefined && total(period) >= limit) return problem(period, limit);
  }
  return undefined;
}

/** What was used beside what may be; null is unlimited. */
export function withLimits({ day, month }: Usage, quotas: Quotas) {
  const { tokensPerDay = null, tokensPerMonth = null } = quotas;
  return {
    day: shown(day, tokensPerDay),
    month: shown(month, tokensPerMonth),
  };
}

function shown({ secondsLeft: _, ...period }: PeriodUsage, limit: number | null) {
  return { ...period, limit };
}

function total({ inputTokens, outputTokens }: PeriodUsage): number {
  return inputTokens + outputTokens;
}

function problem({ period, endsAt, secondsLeft }: PeriodUsage, limit: number): Problem {
  return new Problem("quota-exceeded", {
    detail: `The ${limit} tokens of ${period} are used up; the next begin at ${endsAt}.`,
    headers: { "retry-after": String(Math.max(1, secondsLeft)) },
  });
}
