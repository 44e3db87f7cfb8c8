/** A message, and what of it every store keeps. */

export interface MessageDraft {
  readonly role: Role;
  readonly content: string;
  /** How to read the content, e.g. `text` or `markdown`. */
  readonly type: string;
  readonly modelId: string | null;
  readonly isError: boolean;
  readonly errorMessage: string | null;
  readonly citations: readonly Citation[];
  readonly llmResponseId: string | null;
  /** Why the model stopped; of answers that this API asked a model for. */
  readonly stopReason?: StopReason | null | undefined;
  readonly usage?: TokenUsage | null | undefined;
  /** Ids of documents that come with it; their owner is the user. */
  readonly documents?: readonly string[] | undefined;
}

export interface Message extends MessageDraft {
  readonly documents: readonly string[];
  readonly stopReason: StopReason | null;
  readonly usage: TokenUsage | null;
  readonly feedback: Feedback | null;
  /** The sequence as text. */
  readonly id: string;
  /** 1, 2, 3 … without gaps within a conversation: the order of messages. */
  readonly sequence: number;
  /** Server time, ISO 8601; never earlier than that of the message before. */
  readonly timestamp: string;
}

export const roles = ["user", "assistant", "system", "tool"] as const;
export type Role = (typeof roles)[number];

export interface Citation {
  readonly title?: string | undefined;
  readonly url?: string | undefined;
  /** Name of the document that was quoted. */
  readonly source?: string | undefined;
  readonly page?: number | undefined;
  readonly quote?: string | undefined;
}

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

/** The one way to make a message, so that one just written and one read back look the same. */
export function messageOf(draft: MessageDraft, sequence: number, timestamp: string): Message {
  return {
    id: String(sequence),
    sequence,
    role: draft.role,
    content: draft.content,
    type: draft.type,
    timestamp,
    modelId: draft.modelId,
    isError: draft.isError,
    errorMessage: draft.errorMessage,
    citations: draft.citations,
    llmResponseId: draft.llmResponseId,
    stopReason: draft.stopReason ?? null,
    usage: draft.usage ?? null,
    feedback: null,
    documents: draft.documents ?? [],
  };
}
