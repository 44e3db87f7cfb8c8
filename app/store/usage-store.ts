import type { PageRequest } from "./conversation-store.ts";
import type { Counted } from "./maintenance-store.ts";
import type { TokenUsage } from "./message.ts";

/**
 * Counts what each user's chats took. Counted beside the turn, not in its transaction: one write
 * unit instead of two, no conflict between two conversations of one user, one counter whichever
 * store keeps the conversations, and what was spent counts even when saving the turn failed. Where
 * there is a quota, tokens are held before the model is asked: of a process that dies before it
 * settles, what was sent counts from the end of the hold on. Without a quota its turn is not counted.
 */
export interface UsageStore {
  add(user: string, usage: TokenUsage): Promise<void>;

  /**
   * Holds what an answer may take, before a model is asked, unless what was used and is held has reached a
   * limit: then it answers what that is. So those who ask at once exceed a limit by one answer at most.
   */
  reserve(user: string, request: HoldRequest): Promise<Hold | Refused>;

  /** Counts what an answer took in the place of what was held for it. */
  settle(hold: Hold, usage: TokenUsage): Promise<void>;

  /** Of the current day and month, in UTC. */
  get(user: string): Promise<Usage>;

  /**
   * What all users took on each day of a month such as `2026-11`, and the conversations that they began. A page is the
   * sums of some users and conversations: those of the month are the sums of all pages.
   */
  totals(month: string, page: PageRequest): Promise<Totals>;
}

export interface Totals {
  /** Users of this page who asked a model in the month. */
  readonly users: number;
  /** Days of the month on which there was anything. */
  readonly days: readonly DayTotals[];
  /** On the first page: what was there on each day, as the maintenance counted it. Empty on the others. */
  readonly stored: readonly StoredOn[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface StoredOn extends Counted {
  /** `2026-11-20` */
  readonly day: string;
}

export interface DayTotals extends TokenUsage {
  /** `2026-11-20` */
  readonly day: string;
  /** Who asked a model. */
  readonly users: number;
  /** Each, with its question, is two messages. */
  readonly answers: number;
  /** Conversations that began, and are there still. */
  readonly conversations: number;
}

export interface HoldRequest {
  /** What is sent, and the most that may come. */
  readonly tokens: TokenUsage;
  readonly perDay: number;
  readonly perMonth: number;
  /** The process that asks has ended after as long. */
  readonly lifeMs: number;
}

/** Tokens that are held for an answer. */
export interface Hold {
  readonly user: string;
  readonly id: string;
  readonly day: string;
  readonly tokens: TokenUsage;
  /** Epoch seconds. */
  readonly until: number;
  /** This hold's tokens among them. */
  readonly taken: Taken;
}

/** Tokens that are used, and that answers under way hold. */
export interface Taken {
  readonly day: PeriodTaken;
  readonly month: PeriodTaken;
}

export interface PeriodTaken extends Pick<PeriodUsage, "period" | "secondsLeft"> {
  readonly tokens: number;
}

export interface Refused {
  readonly refused: Usage;
  readonly taken: Taken;
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
