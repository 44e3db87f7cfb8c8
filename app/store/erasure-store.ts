/**
 * Receipts of erasures, and what is kept of a user beside conversations and documents. A user has
 * one erasure at a time; its receipt lies outside of what is erased. Fails with `StoreError`.
 */
export interface ErasureStore {
  /** Begins one, or answers the one that is under way. From here on `isWritable` is false. */
  begin(user: string): Promise<Erasure>;

  /** The last one; undefined if there was none, or its receipt has expired. */
  last(user: string): Promise<Erasure | undefined>;

  /** Erases the rest: profile, records, counters, what is known of documents. False when out of time. */
  eraseRest(user: string, until: Date): Promise<boolean>;

  /** Notes that nothing is left. Writes stay refused until it is settled. */
  complete(user: string, id: string): Promise<Erasure>;

  /** Notes that nothing is left from `writableAt` on, when late writes have ended. */
  settle(user: string, id: string): Promise<Erasure>;

  /** Users whose erasure is not settled, the oldest first. */
  pending(limit: number): Promise<readonly string[]>;
}

export interface Erasure {
  readonly id: string;
  readonly requestedAt: string;
  readonly completedAt: string | null;
  /** When late writes have ended, and with them the upload forms of before. */
  readonly writableAt: string | null;
  /** Whether a search from `writableAt` on found nothing either: from here on the user may write. */
  readonly isSettled: boolean;
}

/**
 * No request that wrote before an erasure began is still running after so long, and no upload form is
 * good any more.
 */
export const settlingMinutes = 15;
