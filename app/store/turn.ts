import type { Conversation, Guard, Message, MessageDraft } from "./conversation-store.ts";

export const stopReasons = [
  "complete",
  /** The model's or our limit on the length of an answer. */
  "length",
  /** The model's provider held the rest back. */
  "filtered",
  /** Nobody was listening any more, or time was up: the answer is only a part. */
  "aborted",
  "error",
] as const;
export type StopReason = (typeof stopReasons)[number];

/** As the model's provider counts and bills. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface FeedbackDraft {
  readonly rating: "up" | "down";
  readonly comment: string | null;
}

export interface Feedback extends FeedbackDraft {
  readonly timestamp: string;
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
