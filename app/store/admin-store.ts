/**
 * `app/store/`: the ports that handlers know for a tenant's data; `dynamodb/` and `s3/` stand behind
 * them.
 */
import type { Page, PageRequest } from "./conversation-store.ts";

/**
 * What administrators see and do across a tenant's users. Fails with `StoreError`. Of conversations in S3
 * JSON `created` and `sweep` know nothing: no index of theirs leads from a day to them.
 */
export interface AdminStore {
  /**
   * Conversations created on these days, the oldest first. A page may be shorter than asked for:
   * only an absent `next` is the end.
   */
  created(days: DayRange, page: PageRequest): Promise<Page<CreatedConversation>>;

  /**
   * Purges what is past its time in the trash, and finishes deletions that died half way, among the
   * conversations created on these days. Goes on at `next`. The last step also removes from the bucket
   * what nothing points to.
   */
  sweep(days: DayRange, page: PageRequest): Promise<Sweep>;

  /** Adds to the audit log, which nothing ever changes or removes. */
  record(entry: AuditDraft): Promise<void>;

  /** The audit log of a month such as `2026-11`, the newest entry first. */
  audit(month: string, page: PageRequest): Promise<Page<AuditEntry>>;
}

/** Both included, in UTC: `2026-11-20`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Nothing that its user wrote: administrators do not read other people's conversations. */
export interface CreatedConversation {
  readonly user: string;
  readonly id: string;
  readonly createdAt: string;
}

export interface Sweep {
  readonly examined: number;
  readonly purged: number;
  /** Objects of the bucket that nothing pointed to. */
  readonly orphans: number;
  readonly next?: string;
}

export interface AuditDraft {
  /** Id of the administrator. */
  readonly admin: string;
  readonly action: string;
  /** What was looked at: a range of days, a user. */
  readonly target: string;
  readonly requestId: string | null;
}

export interface AuditEntry extends AuditDraft {
  readonly id: string;
  readonly timestamp: string;
}
