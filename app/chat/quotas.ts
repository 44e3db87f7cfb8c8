import { longestRequestMs } from "../http/deadline.ts";
import { Problem } from "../http/problem.ts";
import type { TokenUsage } from "../store/message.ts";
import type { Hold, PeriodUsage, Taken, Usage, UsageStore } from "../store/usage-store.ts";

/** Tokens, given and answered together, that each user may take; absent is unlimited. */
export interface Quotas {
  readonly tokensPerDay?: number | undefined;
  readonly tokensPerMonth?: number | undefined;
}

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
  const lifeMs = deadline === undefined ? longestRequestMs : deadline - Date.now();
  const held = await usage.reserve(user, { tokens, perDay, perMonth, lifeMs });
  if (!("refused" in held)) return held;
  const headers = rateLimitHeaders({ tokensPerDay, tokensPerMonth }, held.taken);
  refuseUsed(held.refused, { tokensPerDay, tokensPerMonth }, headers);
  throw new Problem("quota-exceeded", {
    detail: "Answers that are being made may use up the quota: ask again when they have ended.",
    headers: { ...headers, "retry-after": String(answerSeconds) },
  });
}

/** The problem `quota-exceeded` if the user has used all there is, whatever answers under way may take. */
export async function refuseSpent(user: string, usage: UsageStore, quotas: Quotas): Promise<void> {
  if (quotas.tokensPerDay === undefined && quotas.tokensPerMonth === undefined) return;
  const used = await usage.get(user);
  const taken = ({ period, secondsLeft, ...tokens }: PeriodUsage) => ({
    period,
    secondsLeft,
    tokens: total(tokens),
  });
  const headers = rateLimitHeaders(quotas, { day: taken(used.day), month: taken(used.month) });
  refuseUsed(used, quotas, headers);
}

function refuseUsed(
  { day, month }: Usage,
  { tokensPerDay = unlimited, tokensPerMonth = unlimited }: Quotas,
  headers: Record<string, string>,
): void {
  // The month's first: when both are spent, a new day helps nobody.
  for (const [period, limit] of [
    [month, tokensPerMonth],
    [day, tokensPerDay],
  ] as const) {
    if (total(period) >= limit) throw problem(period, limit, headers);
  }
}

/**
 * Each quota and what is left of it (draft-ietf-httpapi-ratelimit-headers-10): tokens that answers under way
 * hold count as taken. The unit is not in the draft's registry, and stands where the draft has units.
 */
export function rateLimitHeaders(
  { tokensPerDay, tokensPerMonth }: Quotas,
  { day, month }: Taken,
): Record<"ratelimit" | "ratelimit-policy", string> {
  const limits = [
    { name: "tokens-per-day", quota: tokensPerDay, ...day, days: 1 },
    { name: "tokens-per-month", quota: tokensPerMonth, ...month, days: daysOf(month.period) },
  ].flatMap(({ quota, ...limit }) => (quota === undefined ? [] : [{ ...limit, quota }]));
  return {
    "ratelimit-policy": limits
      .map(({ name, quota, days }) => `"${name}";q=${quota};w=${days * daySeconds};qu="tokens"`)
      .join(", "),
    ratelimit: limits
      .map(({ name, quota, tokens, secondsLeft }) => {
        return `"${name}";r=${Math.max(0, quota - tokens)};t=${secondsLeft}`;
      })
      .join(", "),
  };
}

const daySeconds = 24 * 60 * 60;

function daysOf(month: string): number {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
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

function total({ inputTokens, outputTokens }: TokenUsage): number {
  return inputTokens + outputTokens;
}

function problem(
  { period, endsAt, secondsLeft }: PeriodUsage,
  limit: number,
  headers: Record<string, string>,
): Problem {
  return new Problem("quota-exceeded", {
    detail: `The ${limit} tokens of ${period} are used up; the next begin at ${endsAt}.`,
    headers: { ...headers, "retry-after": String(Math.max(1, secondsLeft)) },
  });
}
