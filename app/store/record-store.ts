import type { Page, PageRequest } from "./conversation-store.ts";
import type { Guard } from "./guard.ts";

/**
 * Small things that a tenant's users keep beside their conversations: sessions, application state
 * and one-time tokens. What has expired is missing for every reader, whether or not the database
 * has cleaned it up. Fails with `StoreError`.
 */
export interface RecordStore {
  /** Undefined when there is none, or it has expired. */
  get(user: string, kind: RecordKind, name: string): Promise<StoredRecord | undefined>;

  /** In the order of their names. */
  list(user: string, kind: RecordKind, page: PageRequest): Promise<Page<StoredRecord>>;

  /** Creates or replaces. The version of a record that does not exist is 0. */
  put(
    user: string,
    kind: RecordKind,
    name: string,
    draft: RecordDraft,
    guard?: Guard,
  ): Promise<StoredRecord>;

  /** `not-found` when there is none. */
  remove(user: string, kind: RecordKind, name: string, guard?: Guard): Promise<void>;

  /** Keeps a token by its hash; the value is never stored. Answers when it expires. */
  issue(user: string, hash: string, token: OneTimeToken, lifeSeconds: number): Promise<string>;

  /** Its data, for exactly one of all who ask; `not-found` for the others, and once expired. */
  redeem(user: string, hash: string, purpose: string): Promise<unknown>;
}

export type RecordKind = "session" | "state";

export interface RecordDraft {
  /** JSON. */
  readonly value: unknown;
  /** Undefined keeps it until it is removed. */
  readonly lifeSeconds?: number | undefined;
}

export interface StoredRecord {
  readonly name: string;
  readonly value: unknown;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string | null;
  readonly version: number;
}

export interface OneTimeToken {
  /** What it is good for: a token for one purpose is refused for any other. */
  readonly purpose: string;
  readonly data: unknown;
}
