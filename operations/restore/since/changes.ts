/** What was written to the old table after the point restored to: counts, and whose. Never contents. */

/** What is counted. `kept` kinds are carried over as they are. */
export type Counted =
  | "conversations new"
  | "conversations grown"
  | "conversations changed"
  | "conversations deleted"
  | "messages"
  | "messages rated or replaced"
  | "profiles"
  | "documents"
  | "documents deleted"
  | "records"
  | "records deleted"
  | "tokens"
  | "tokens used or gone"
  | "usage counters"
  | "audit entries"
  | "request records"
  | "other items"
  | "users erased";

export interface ChangedConversation {
  readonly user: string;
  readonly conversation: string;
  readonly change: "new" | "grown" | "changed" | "deleted";
  readonly messages: number;
}

export interface LeftBehind {
  readonly user: string;
  readonly conversation: string;
  readonly why: string;
}

export interface Changes {
  readonly counts: Readonly<Partial<Record<Counted, number>>>;
  /** Users with any change, and how many they are. */
  readonly users: { readonly count: number; readonly ids: readonly string[] };
  /** The first of them. */
  readonly conversations: readonly ChangedConversation[];
  /** Users who were erased since: their data must go from the restored table too. */
  readonly erased: readonly string[];
  /** What cannot be carried over, or could not be. */
  readonly left: { readonly count: number; readonly first: readonly LeftBehind[] };
  /**
   * Conversations that the restored table alone has, older than tombstones are kept: deleted or lost,
   * nothing tells. They stay in the restored table.
   */
  readonly undecided: number;
}

/** Ids in a report. What is beyond is counted. */
const reported = 1_000;

export class Tally {
  readonly #counts = new Map<Counted, number>();
  readonly #users = new Set<string>();
  readonly #conversations: ChangedConversation[] = [];
  readonly #erased: string[] = [];
  readonly #left: LeftBehind[] = [];
  #leftCount = 0;
  #undecided = 0;

  add(counted: Counted, user: string | undefined, count = 1): void {
    if (count === 0) return;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + count);
    if (user !== undefined) this.#users.add(user);
  }

  conversation(changed: ChangedConversation): void {
    this.add(`conversations ${changed.change}`, changed.user);
    this.add("messages", changed.user, changed.messages);
    if (this.#conversations.length < reported) this.#conversations.push(changed);
  }

  erase(user: string): void {
    this.add("users erased", user);
    this.#erased.push(user);
  }

  leave(behind: LeftBehind): void {
    this.#leftCount++;
    if (this.#left.length < reported) this.#left.push(behind);
  }

  undecided(): void {
    this.#undecided++;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  result(): Changes {
    const users = [...this.#users].sort();
    return {
      counts: Object.fromEntries([...this.#counts].sort()),
      users: { count: users.length, ids: users.slice(0, reported) },
      conversations: this.#conversations,
      erased: this.#erased.toSorted(),
      left: { count: this.#leftCount, first: this.#left },
      undecided: this.#undecided,
    };
  }
}
