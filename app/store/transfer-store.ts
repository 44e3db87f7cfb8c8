import type {
  Conversation,
  ConversationDetails,
  ConversationState,
  Page,
  PageRequest,
} from "./conversation-store.ts";
import type { DeletedMessage, Message } from "./message.ts";

/**
 * Takes a user's conversations out, brings them back, and erases them. The second half of what a
 * store of conversations does, for those who move whole users. Fails with `StoreError`.
 */
export interface TransferStore {
  /** Conversations of every state in the order of their ids, which no change disturbs. */
  walk(user: string, page: PageRequest): Promise<Page<WalkedConversation>>;

  /** Makes a conversation without messages, as it was but for `updatedAt`; leaves one that exists. */
  importConversation(user: string, header: ImportedHeader): Promise<"created" | "exists">;

  /**
   * Puts messages at their own sequences, which must follow one another, with their own times. Says
   * for each what became of it. All that are created are created together.
   */
  importMessages(
    user: string,
    id: string,
    messages: readonly (Message | DeletedMessage)[],
  ): Promise<readonly ImportedMessage[]>;

  /**
   * Erases the user's conversations with all that was kept about them: messages, tombstones, records
   * of requests. False when `until` came first: then the next call goes on.
   */
  erase(user: string, until: Date): Promise<boolean>;
}

export interface WalkedConversation extends Conversation {
  /** Where one that was cleared goes on; absent where it begins with 1. */
  readonly firstSequence?: number;
}

export interface ImportedHeader extends Partial<ConversationDetails> {
  readonly id: string;
  readonly title: string;
  readonly modelId: string | null;
  readonly createdAt: string;
  readonly state: ConversationState;
  readonly purgeAt: string | null;
  readonly lastReadSequence: number;
  readonly pinned?: boolean | undefined;
  /** Those before were cleared. Default: 1. */
  readonly firstSequence?: number;
}

/**
 * - `created`: it stands there now;
 * - `exists`: the very same stood there before;
 * - `conflict`: another stands there, and stays;
 * - `gap`: the message before it is missing.
 */
export type ImportedMessage = "created" | "exists" | "conflict" | "gap";

/** An import keeps the time at which a conversation was created elsewhere, which may be no earlier: searches begin there. */
export const earliestCreation = "2010-01-01";

/** Most messages of one `importMessages`; DynamoDB writes 100 items in one transaction, of 4 MB. */
export const messagesAtOnce = 25;
export const messageBytesAtOnce = 2 * 1024 * 1024;
