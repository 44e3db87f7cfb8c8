import * as z from "zod";
import { type Conversation, conversationStates } from "../../conversation-store.ts";
import { type Message, messageOf, roles, stopReasons } from "../../message.ts";
import { contentOf } from "../messages/content.ts";
import { conversationOf, sequenceOf } from "./keys.ts";

/**
 * What is stored, as schemas: every item that comes back is parsed, so an item that another version
 * wrote fails loudly instead of turning into `undefined` three functions later.
 */
const key = { pk: z.string(), sk: z.string() };

const lastMessage = z.object({ role: z.enum(roles), preview: z.string(), timestamp: z.string() });

/** What the recency index holds of a header. */
const listed = z.object({
  ...key,
  title: z.string(),
  modelId: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
  messageCount: z.number(),
  lastMessage: lastMessage.optional(),
  state: z.enum([...conversationStates, "deleting"]),
  purgeAt: z.string().optional(),
  version: z.number(),
  /** Sequence of the newest message; not in the index. */
  sequence: z.number().optional(),
  /** Sequence of the newest message that the user has read; not in the index. */
  lastRead: z.number().optional(),
});
type Listed = z.infer<typeof listed>;

export const headerItem = listed.extend({
  sequence: z.number(),
  lastRead: z.number(),
  /** Whether the bucket holds contents of its messages. */
  isOverflowing: z.boolean().optional(),
  /** Ids of the documents that came with its messages. */
  documents: z.array(z.string()).optional(),
  /** While deleting: messages up to this sequence are gone. */
  purgedThrough: z.number().optional(),
});
export type Header = z.infer<typeof headerItem>;

const visible = listed.extend({ state: z.enum(conversationStates) });

export function toConversation(item: unknown): Conversation {
  const header = visible.parse(item);
  const { sequence, lastRead } = header;
  const isCounted = sequence !== undefined && lastRead !== undefined;
  return {
    id: conversationOf(header),
    title: header.title,
    modelId: header.modelId ?? null,
    state: header.state,
    purgeAt: header.purgeAt ?? null,
    lastReadSequence: isCounted ? lastRead : null,
    // While an import is under way, what was read is ahead of what is there.
    unreadCount: isCounted ? Math.max(0, sequence - lastRead) : null,
    createdAt: header.createdAt,
    updatedAt: header.updatedAt,
    messageCount: header.messageCount,
    lastMessage: header.lastMessage ?? null,
    version: header.version,
  };
}

/** A conversation whose time in the trash is over is gone for every reader, purged or not. */
export function isPastTrash({ purgeAt }: Pick<Listed, "purgeAt">, now: Date): boolean {
  return purgeAt !== undefined && purgeAt <= now.toISOString();
}

const citation = z.object({
  title: z.string().optional(),
  url: z.string().optional(),
  source: z.string().optional(),
  page: z.number().optional(),
  quote: z.string().optional(),
});

const messageItem = z.object({
  ...key,
  role: z.enum(roles),
  /** One of these three; see `content.ts`. */
  content: z.string().optional(),
  packed: z.instanceof(Uint8Array).optional(),
  object: z.string().optional(),
  type: z.string(),
  timestamp: z.string(),
  modelId: z.string().optional(),
  isError: z.boolean().optional(),
  errorMessage: z.string().optional(),
  citations: z.array(citation).optional(),
  llmResponseId: z.string().optional(),
  stopReason: z.enum(stopReasons).optional(),
  documents: z.array(z.string()).optional(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).optional(),
  feedback: z
    .object({
      rating: z.enum(["up", "down"]),
      comment: z.string().nullable(),
      timestamp: z.string(),
    })
    .optional(),
});

export type MessageItem = z.infer<typeof messageItem>;

export function readMessageItem(item: unknown): MessageItem {
  return messageItem.parse(item);
}

/** Attributes that say nothing are left out: an item is billed by its size. */
export function messageAttributes(message: Message) {
  return {
    role: message.role,
    content: message.content,
    type: message.type,
    timestamp: message.timestamp,
    modelId: message.modelId ?? undefined,
    isError: message.isError || undefined,
    errorMessage: message.errorMessage ?? undefined,
    citations: message.citations.length > 0 ? message.citations : undefined,
    llmResponseId: message.llmResponseId ?? undefined,
    stopReason: message.stopReason ?? undefined,
    usage: message.usage ?? undefined,
    documents: message.documents.length > 0 ? message.documents : undefined,
  };
}

/** @param content what the item does not hold itself; an item that lacks it is never read without. */
export function toMessage(stored: unknown, content?: string): Message {
  const item = readMessageItem(stored);
  const { timestamp, feedback, ...attributes } = item;
  const draft = {
    ...attributes,
    content: content ?? contentOf(item),
    modelId: attributes.modelId ?? null,
    isError: attributes.isError ?? false,
    errorMessage: attributes.errorMessage ?? null,
    citations: attributes.citations ?? [],
    llmResponseId: attributes.llmResponseId ?? null,
  };
  const message = messageOf(draft, sequenceOf(attributes), timestamp);
  return feedback === undefined ? message : { ...message, feedback };
}
