/** A message, and what of it every store keeps. */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { MessagePart } from "../parts/parts.ts";

export interface MessageDraft {
  readonly role: Role;
  readonly content: string;
  /** All that it is made of; `content` is then their text. Absent where the content is all there is. */
  readonly parts?: readonly MessagePart[] | undefined;
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
  /** When its content was last changed; null for never. */
  readonly editedAt: string | null;
}

/** What takes the place of a content. */
export type MessageEdit = Pick<MessageDraft, "content" | "parts">;

/** A message that was deleted keeps its place, so that sequences stay dense. */
export interface DeletedMessage {
  readonly sequence: number;
  readonly timestamp: string;
  readonly isDeleted: true;
}

/** Whether an edit changes nothing. */
export function saysTheSame(message: Message, { content, parts }: MessageEdit): boolean {
  return message.content === content && isDeepStrictEqual(message.parts, parts);
}

export function isDeleted(message: Message | DeletedMessage): message is DeletedMessage {
  return "isDeleted" in message;
}

export const roles = ["user", "assistant", "system", "tool"] as const;
export type Role = (typeof roles)[number];

export const citation = z.object({
  title: z.string().optional(),
  url: z.string().optional(),
  /** Name of the document that was quoted. */
  source: z.string().optional(),
  page: z.number().optional(),
  quote: z.string().optional(),
});
export type Citation = Readonly<z.infer<typeof citation>>;

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
export const tokenUsage = z.object({
  /** All that the model was told, whatever of it was in its cache. */
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Of the input, what the model's cache had already; absent for nothing. */
  cacheReadTokens: z.number().optional(),
  /** Of the input, what was put into the cache. */
  cacheWriteTokens: z.number().optional(),
});
export type TokenUsage = Readonly<z.infer<typeof tokenUsage>>;

export const feedback = z.object({
  rating: z.enum(["up", "down"]),
  comment: z.string().nullable(),
  timestamp: z.string(),
});
export type Feedback = Readonly<z.infer<typeof feedback>>;
export type FeedbackDraft = Omit<Feedback, "timestamp">;

/** The one way to make a message, so that one just written and one read back look the same. */
export function messageOf(draft: MessageDraft, sequence: number, timestamp: string): Message {
  return {
    id: String(sequence),
    sequence,
    role: draft.role,
    content: draft.content,
    ...(draft.parts !== undefined && { parts: draft.parts }),
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
    editedAt: null,
    documents: draft.documents ?? [],
  };
}
