import type { Spoken } from "../models/chat-model.ts";
import type { Guard } from "./guard.ts";
import type { FeedbackDraft, Message, MessageDraft, MessageEdit, Role } from "./message.ts";

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
   * far each was read may be unknown, and without `details` what else an index leaves out; with them, a store may read
   * more to tell. With `pinned`, those alone that are, told in full.
   */
  list(user: string, page: ListRequest): Promise<Page<Conversation>>;

  /**
   * Sets the fields that are present, of `settings` those that are. `trashed` starts the time until the purge,
   * `trashDays`; any other state ends it. A title that is set is never made by `suggestTitle`. `too-many-pins` beyond
   * `mostPins`.
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

  /** Gives a title in the place of one that was made from the first question. A title of a person's stays. */
  suggestTitle(user: string, id: string, title: string): Promise<Conversation>;

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
   * in the trash, unless an earlier request of the same key added it before: that is answered as it was, even if the
   * message was edited or deleted since.
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
  ): Promise<MessagePage>;

  /**
   * Puts another content in the place of a message's, or nothing at all. Only of an active conversation, as the other
   * changes of its messages. `not-found` for one that is not there.
   */
  editMessage(
    user: string,
    id: string,
    messageId: string,
    edit: MessageEdit,
    guard?: Guard,
  ): Promise<EditedMessage>;

  /** Takes a message out, for every reader at once. Its place stays empty: sequences stay dense. */
  deleteMessage(user: string, id: string, messageId: string, guard?: Guard): Promise<Conversation>;

  /** Messages that were edited or deleted since a version of the conversation, for `tombstoneDays`. */
  messageChanges(
    user: string,
    id: string,
    page: { readonly since: number; readonly limit: number },
  ): Promise<MessageChanges>;

  message(user: string, id: string, messageId: string): Promise<Message>;
}

export type ListRequest = PageRequest & {
  readonly state?: ConversationState | undefined;
  readonly unread?: boolean | undefined;
  readonly details?: boolean | undefined;
  readonly pinned?: boolean | undefined;
};

export interface ConversationDraft extends Partial<ConversationDetails> {
  readonly id: string;
  readonly title: string;
  readonly modelId: string | null;
  readonly pinned?: boolean | undefined;
  /** Whether the first question gives it another title. */
  readonly isUntitled?: boolean | undefined;
  /** Of its first message; those before were cleared where it comes from. Default: 1. */
  readonly firstSequence?: number | undefined;
}

export type ConversationChanges = Partial<
  Pick<ConversationDraft, "title" | "modelId" | "pinned" | "metadata" | "tags">
> & {
  readonly state?: ConversationState | undefined;
  readonly settings?: Partial<ConversationSettings> | undefined;
};

/** What a turn of the conversation goes by. Null: as the deployment has it. */
export interface ConversationSettings {
  /** For the model, behind those of the deployment. */
  readonly instructions: string | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  /** Name of a guardrail of the deployment's; null for none. */
  readonly guardrail: string | null;
  /** Names of the tools that may be called; null for all. */
  readonly tools: readonly string[] | null;
}

/** What a conversation has beside its header. */
export interface ConversationDetails {
  readonly settings: ConversationSettings;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

export const noDetails: ConversationDetails = {
  settings: {
    instructions: null,
    temperature: null,
    maxOutputTokens: null,
    guardrail: null,
    tools: null,
  },
  metadata: {},
  tags: [],
};

/** Conversations that a user may have pinned. */
export const mostPins = 50;

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
  /** The version that last edited or deleted a message; see `messageChanges`. Null for none, and in a list without `unread`. */
  readonly editedVersion: number | null;
  readonly lastMessage: LastMessage | null;
  /** Grows with every change. */
  readonly version: number;
  /** Null, as what follows, in a list without `details`. */
  readonly pinned: boolean | null;
  readonly tags: readonly string[] | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly settings: ConversationSettings | null;
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
  /** Sequences of other messages that are deleted. */
  readonly gone?: readonly number[];
  /** Sequence of the newest message, deleted or not, as the caller knows it. */
  readonly last: number;
  readonly guard?: Guard | undefined;
}

export interface ConversationContext {
  readonly conversation: Conversation;
  /** Whether its title was made from the first question. */
  readonly isTitleMade?: boolean;
  /** Sequence of the newest message, deleted or not. */
  readonly newest: number;
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

/** One page of messages. */
export type MessagePage = Page<Message> & {
  /** Ids of those among them that were deleted. Absent where there are none. */
  readonly deleted?: readonly string[];
};

export interface EditedMessage {
  readonly message: Message;
  readonly conversation: Conversation;
}

export interface MessageChanges {
  /** As they are now, each once. */
  readonly items: readonly Message[];
  /** Ids of those that are gone. */
  readonly deleted: readonly string[];
  /** What the answer leads to: the next `since`. */
  readonly version: number;
  /** Whether there is more at once. */
  readonly more: boolean;
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

/** An answer that is being made, so that other processes can see and stop it. */
export interface Run {
  readonly id: string;
  readonly question: Spoken;
  /** Whether the question is only its beginning. */
  readonly isCut: boolean;
  readonly startedAt: string;
  /** When it counts as over, unless its process says before that it goes on. */
  readonly endsBy: string;
  readonly isStopped: boolean;
}

export interface NewRun {
  readonly id: string;
  readonly question: Spoken;
  /** Until it counts as over, when nothing more is heard of it. */
  readonly lifeMs: number;
}

/** The port to what answers are under way: one a conversation is kept. */
export interface RunStore {
  /** Notes the run. With `alone`, only if no other is under way: then it answers that one. */
  begin(user: string, conversation: string, run: NewRun, alone: boolean): Promise<Run | undefined>;

  find(user: string, conversation: string): Promise<Run | undefined>;

  /**
   * Says that the run goes on for `lifeMs`, when half of that or more has passed since it was said. Answers whether it
   * was asked to stop. Another run that took its place stays.
   */
  keep(user: string, conversation: string, id: string, lifeMs: number): Promise<boolean>;

  /** Asks whoever makes the answer to stop. False if nobody does. */
  stop(user: string, conversation: string): Promise<boolean>;

  /** Forgets the run, unless another one took its place. */
  end(user: string, conversation: string, id: string): Promise<void>;
}
