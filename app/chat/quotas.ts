import { Problem } from "../http/problem.ts";
import type { TokenUsage } from "../store/message.ts";
import type { Hold, PeriodUsage, Usage, UsageStore } from "../store/usage-store.ts";

/** Tokens, given and answered together, that each user may take; absent is unlimited. */
export interface Quotas {
  readonly tokensPerDay?: number | undefined;
  readonly tokensPerMonth?: number | undefined;
}

/** An answer that a process may be making is over by then: Lambda ends every request after 15 minutes. */
const longestMs = 15 * 60 * 1000;

/**
 * Holds the tokens of an answer before its model is asked. The problem `quota-exceeded` if the user has
 * taken all there is, or answers under way may: so only one answer of a period may exceed the quota,
 * however many are asked for at once. Undefined where nothing limits the user.
 */
export async function reserve(
  user: string,
  usage: UsageStore,
  { tokensPerDay, tokensPerMonth }: Quotas,
  tokens: TokenUsage,
  deadline: number | undefined,
): Promise<Hold | undefined> {
  if (tokensPerDay === undefined && tokensPerMonth === undefined) return undefined;
  const { perDay = unlimited, perMonth = unlimited } = {
    perDay: tokensPerDay,
    perMonth: tokensPerMonth,
  };
  const lifeMs = deadline === undefined ? longestMs : deadline - Date.now();
  const held = await usage.reserve(user, { tokens, perDay, perMonth, lifeMs });
  if (!("refused" in held)) return held;
  const { day, month } = held.refused;
  // The month's first: when both are spent, a new day helps nobody.
  for (const [period, limit] of [
    [month, perMonth],
    [day, perDay],
  ] as const) {
    if (total(period) >= limit) throw problem(period, limit);
  }
  throw new Problem("quota-exceeded", {
    detail: "Answers that are being made may use up the quota: ask again when they have ended.",
    headers: { "retry-after": String(answerSeconds) },
  });
}

const unlimited = Number.MAX_SAFE_INTEGER;
/** What an answer usually takes. */
const answerSeconds = 10;

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
