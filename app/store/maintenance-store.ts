import type { Attempts } from "../maintenance/attempts.ts";

/**
 * What must happen to a tenant's data without anybody asking. Each method stops at `until`, goes on
 * there in the next run, and may run twice at once. One item that fails stops no other: the method
 * tries the rest, then fails with an `AggregateError`.
 */
export interface MaintenanceStore {
  /** Purges what is known to be due. Answers how many conversations went. */
  purgeDue(until: Date): Promise<number>;

  /** Removes what requests left whose process died. Answers how many there were. */
  clearLeftovers(until: Date): Promise<number>;

  /**
   * Searches every conversation, once a day: purges what is due, finishes deletions that stopped half way,
   * notes what comes due soon, and counts what is stored. Answers how many conversations went.
   */
  search(until: Date): Promise<number>;

  /** Removes objects that nothing points to, some days apart. Answers how many went. */
  removeOrphans(until: Date): Promise<number>;
}

/** From the beginning of one search to the beginning of the next: a little less than a day, so that no day is left out. */
export const searchEveryMs = 23 * 60 * 60 * 1000;

/** What a search found to be there, beside what it purged. */
export interface Counted {
  readonly users: number;
  readonly conversations: number;
  readonly messages: number;
  /** Of messages. */
  readonly bytes: number;
}

/** A way through every conversation of a tenant, in steps, for the maintenance. */
export interface ConversationSearch {
  /** Purges what is due among some conversations, and says where the next step goes on. */
  step(step: SearchStep): Promise<Searched>;
}

export interface SearchStep {
  /** Where the last step ended; undefined at the beginning. */
  readonly position: string | undefined;
  /** Whether time is up: the step ends where it is. */
  readonly isOver: () => boolean;
  readonly attempts: Attempts;
}

export interface Searched {
  readonly purged: number;
  /** Of this step. Absent where it is to be done again. */
  readonly counted?: Counted;
  readonly isComplete: boolean;
  /** Whether something did not stand where this version looks for it. */
  readonly isDirty?: boolean;
  /** Where the next step goes on, unless this one was the last. */
  readonly position?: string | undefined;
}
