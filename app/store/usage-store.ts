import type { TokenUsage } from "./message.ts";

/**
 * Counts what each user's chats took. Counted beside the turn, not in its transaction: one write
 * unit instead of two, no conflict between two conversations of one user, one counter whichever
 * store keeps the conversations, and what was spent counts even when saving the turn failed. In
 * exchange a process that dies between the two loses the count of one turn.
 */
export interface UsageStore {
  add(user: string, usage: TokenUsage): Promise<void>;

  /** Of the current day and month, in UTC. */
  get(user: string): Promise<Usage>;
}

export interface Usage {
  readonly day: PeriodUsage;
  readonly month: PeriodUsage;
}

export interface PeriodUsage extends TokenUsage {
  /** `2026-11-20` or `2026-11`. */
  readonly period: string;
  /** When the next one begins. */
  readonly endsAt: string;
  readonly secondsLeft: number;
}
