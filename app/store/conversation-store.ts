import type { Guard } from "./guard.ts";
import type { FeedbackDraft, Message, MessageDraft, Role } from "./message.ts";

/**
 * The port that handlers know. A store keeps one tenant's conversations; each call names the user,
 * whose id comes from the verified token, and reaches nothing of any other user.
 * It fails with `StoreError`.
 */
export interface ConversationStore {
  /** `id-taken` when the user has a conversation of that id. */
  create(user: string, draft: ConversationDraft, once?: Once): Promise<Created>;

  get(user: string, id: string): Promise<Conversation>;

  /** The conversation and the newest of its messages, in chronological order. */
  open(user: string, id: string, newest: number): Promise<OpenConversation>;

  /**
   * Conversations in one state, `active` by default, those changed last first. Without `unread`, how
   * far each was read may be unknown; with it, a store may read more to tell.
   */
  list(
    user: string,
    page: PageRequest & { readonly state?: ConversationState; readonly unread?: boolean },
  ): Promise<Page<Conversation>>;

  /**
   * Sets the fields that are present. `trashed` starts the time until the purge, `trashDays`; any
   * other state ends it.
   */
  update(
    user: string,
    id: string,
    changes: ConversationChanges,
    guard?: Guard,
  ): Promise<Conversation>;

  /**
   * Removes the conversation with all its messages. Readers miss it at once; a call that died half
   * way is completed by the next one. False when `until` came first: then there is more to remove.
   */
  delete(user: string, id: string, guard?: Guard, until?: Date): Promise<boolean>;

  /**
   * Takes all messages out of an active conversation, which goes on: its sequence continues. `isDone` is false
   * when `until` came first, and there is more to remove; no reader sees it.
   */
  clear(user: string, id: string, guard?: Guard, until?: Date): Promise<Cleared>;

  /**
   * Notes that the user has read through this sequence, or to the end if that is less. It never goes
   * back, changes neither version nor `updatedAt`, and what the user writes counts as read.
   */
  markRead(user: string, id: string, sequence: number): Promise<Conversation>;

  /**
   * What changed since `after`, the `next` of an earlier call; everything without it. A change is
   * answered at least once, however clocks differ within `syncWindowMinutes`.
   */
  changes(user: string, page: PageRequest): Promise<Changes>;

  /**
   * Adds one message at the end, or nothing at all. `not-active` when the conversation is archived or
   * in the trash, unless an earlier request of the same key added it before.
   */
  append(user: string, id: string, draft: MessageDraft, once?: Once): Promise<Appended>;

  /**
   * The conversation and the newest of its messages as they are now, however far replicas lag.
   * `not-active` when nothing may be added to it.
   */
  context(user: string, id: string, newest: number): Promise<ConversationContext>;

  /**
   * Adds a question and its answer at the end, or nothing at all. They began with `context`: an answer
   * that was paid for is kept in whatever state the conversation came since.
   */
  appendTurn(
    user: string,
    id: string,
    messages: readonly MessageDraft[],
    once?: Once,
  ): Promise<SavedTurn>;

  /**
   * Puts messages in the place of the newest ones, or nothing at all. `stale` when another message
   * came meanwhile, or the version is not one that the caller named.
   */
  replaceTurn(user: string, id: string, turn: TurnReplacement, once?: Once): Promise<SavedTurn>;

  /** What an earlier request of the same key saved, as it is now; undefined if none did. */
  findTurn(user: string, id: string, once: Once): Promise<SavedTurn | undefined>;

  /** Sets what the user thinks of an answer, null for nothing. `not-found` for any other message. */
  rate(
    user: string,
    id: string,
    messageId: string,
    feedback: FeedbackDraft | null,
  ): Promise<Message>;

  messages(
    user: string,
    id: string,
    page: PageRequest & { readonly order: Order },
  ): Promise<Page<Message>>;

  message(user: string, id: string, messageId: string): Promise<Message>;
}

export interface ConversationDraft {
  readonly id: string;
  readonly title: string;
  readonly modelId: string | null;
}

export type ConversationChanges = Partial<Omit<ConversationDraft, "id">> & {
  readonly state?: ConversationState | undefined;
};

export const conversationStates = ["active", "archived", "trashed"] as const;
export type ConversationState = (typeof conversationStates)[number];

/** A conversation stays in the trash this long; then it is gone for every reader. */
export const trashDays = 30;

/** How far the clocks of two writers may differ, and an index lag behind, for no change to be lost. */
export const syncWindowMinutes = 10;

/** What was deleted is told this long; `next` of `changes` must not be used for longer. */
export const tombstoneDays = 31;

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly modelId: string | null;
  readonly createdAt: string;
  /** When it last changed: a message, its title, model or state. Reading is no change. */
  readonly updatedAt: string;
  readonly state: ConversationState;
  /** When it will be gone for good; null unless trashed. */
  readonly purgeAt: string | null;
  /** Sequence of the newest message that was read, 0 for none. Null in a list without `unread`. */
  readonly lastReadSequence: number | null;
  readonly unreadCount: number | null;
  readonly messageCount: number;
  readonly lastMessage: LastMessage | null;
  /** Grows with every change. */
  readonly version: number;
}

export interface LastMessage {
  readonly role: Role;
  /** The beginning of the content, white space collapsed. */
  readonly preview: string;
  readonly timestamp: string;
}

export interface Changes {
  readonly items: readonly Conversation[];
  /** Ids of conversations that are gone. */
  readonly deleted: readonly string[];
  /** Ids of conversations that changed and cannot be read. */
  readonly unreadable?: readonly string[];
  readonly next: string;
  /** Whether there is more at once. */
  readonly more: boolean;
}

export interface OpenConversation {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
  readonly unreadable?: readonly string[];
  /** Where `messages` in descending order goes on; absent when all are shown. */
  readonly older?: string;
}

/** Chronological: of a turn the question, if it is new, and the answer. */
export interface SavedTurn {
  readonly messages: readonly Message[];
  readonly replayed: boolean;
}

export interface TurnReplacement {
  /** No fewer than are replaced, so that the sequence stays dense. */
  readonly messages: readonly MessageDraft[];
  /** How many of the newest messages give way; none is possible. */
  readonly count: number;
  /** Sequence of the newest message, as the caller knows it. */
  readonly last: number;
  readonly guard?: Guard | undefined;
}

export interface ConversationContext {
  readonly conversation: Conversation;
  /** Ids of the documents of all its messages, not only of those here; see `mostAttached`. */
  readonly documents: readonly string[];
  /** Chronological. */
  readonly messages: readonly Message[];
}

/** Makes a request safe to repeat: the same key and hash within 24 h get the first answer again. */
export interface Once {
  readonly key: string;
  readonly bodyHash: string;
}

export interface Cleared {
  readonly conversation: Conversation;
  readonly isDone: boolean;
}

export interface Created {
  readonly conversation: Conversation;
  readonly replayed: boolean;
}

export interface Appended {
  readonly message: Message;
  readonly replayed: boolean;
}

export type Order = "asc" | "desc";

export interface PageRequest {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Ids of what stands among them and cannot be read. */
  readonly unreadable?: readonly string[];
  /** Absent on the last page. */
  readonly next?: string;
}
