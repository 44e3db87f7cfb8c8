import * as z from "zod";
import {
  type Conversation,
  type ConversationDraft,
  conversationStates,
  type Once,
} from "../conversation-store.ts";
import { type Message, type MessageDraft, messageOf, roles, stopReasons } from "../message.ts";
import { preview } from "../preview.ts";
import { StoreError } from "../store-error.ts";

/**
 * One conversation as one JSON object, to be read by people too. Every document that comes back is
 * parsed: one that something else wrote fails loudly and is never overwritten.
 */
const citation = z.object({
  title: z.string().optional(),
  url: z.string().optional(),
  source: z.string().optional(),
  page: z.number().optional(),
  quote: z.string().optional(),
});

const message = z.object({
  id: z.string(),
  sequence: z.number(),
  role: z.enum(roles),
  content: z.string(),
  type: z.string(),
  timestamp: z.string(),
  modelId: z.string().nullable(),
  isError: z.boolean(),
  errorMessage: z.string().nullable(),
  citations: z.array(citation),
  llmResponseId: z.string().nullable(),
  stopReason: z.enum(stopReasons).nullable(),
  documents: z.array(z.string()),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).nullable(),
  feedback: z
    .object({
      rating: z.enum(["up", "down"]),
      comment: z.string().nullable(),
      timestamp: z.string(),
    })
    .nullable(),
});

/**
 * A message that this version cannot read keeps its place, so that those around it keep theirs: see
 * `isPlace`. What it holds stays where it is, in the object.
 */
const place = z
  .object({ sequence: z.number(), timestamp: z.string() })
  .transform(({ sequence, timestamp }) => ({
    ...messageOf(nothing, sequence, timestamp),
    citations: [],
    documents: [],
    type: placeType,
  }));

/** No message's type: types begin with a letter. */
const placeType = "?";

const nothing: MessageDraft = {
  role: "system",
  content: "",
  type: placeType,
  modelId: null,
  isError: true,
  errorMessage: null,
  citations: [],
  llmResponseId: null,
};

export function isPlace({ type }: Pick<Message, "type">): boolean {
  return type === placeType;
}

/** What a repeated request needs to get its first answer again. */
const request = z.object({
  key: z.string(),
  bodyHash: z.string(),
  /** Of the first message that it wrote. */
  sequence: z.number(),
  count: z.number(),
  timestamp: z.string(),
  /** Epoch seconds. */
  expiresAt: z.number(),
});

/** Idempotency key and hash of the request that created the conversation. */
const createdBy = z.object({ key: z.string(), bodyHash: z.string() }).nullable();

const live = z.object({
  state: z.enum(conversationStates),
  /** Of a conversation in the trash. */
  purgeAt: z.string().nullable(),
  id: z.string(),
  title: z.string(),
  modelId: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
  /** Sequence of the newest message that the user has read. */
  lastRead: z.number(),
  createdBy,
  /** So many messages were cleared: the sequence of the first one here follows. */
  cleared: z.number().default(0),
  messages: z.array(z.union([message, place])).readonly(),
  requests: z.array(request).readonly(),
  /** Tokens of the last writes, by which a writer whose answer was lost knows its own. */
  writes: z.array(z.string()).readonly(),
});

/** Keeps the id of a deleted conversation taken, and longer its deletion told. Epoch seconds. */
const deleted = z.object({
  state: z.literal("deleted"),
  createdBy,
  takenUntil: z.number(),
  expiresAt: z.number(),
});

const document = z.discriminatedUnion("state", [live, deleted]);

export type LiveDocument = z.infer<typeof live>;
export type Document = z.infer<typeof document>;
export type StoredRequest = z.infer<typeof request>;

export function readDocument(body: Uint8Array): Document {
  return parseDocument(JSON.parse(Buffer.from(body).toString()));
}

export function parseDocument(raw: unknown): Document {
  return document.parse(raw);
}

/** Undefined for a conversation that was deleted, or whose time in the trash is over. */
export function ifLive(found: Document | undefined, now: Date): LiveDocument | undefined {
  if (found === undefined || found.state === "deleted") return undefined;
  return found.purgeAt !== null && found.purgeAt <= now.toISOString() ? undefined : found;
}

export function liveDocument(found: Document | undefined, now: Date): LiveDocument {
  const document = ifLive(found, now);
  if (document === undefined) throw new StoreError("not-found");
  return document;
}

export function newDocument(draft: ConversationDraft, createdAt: string, once: Once | undefined) {
  return {
    state: "active",
    purgeAt: null,
    id: draft.id,
    title: draft.title,
    modelId: draft.modelId,
    createdAt,
    updatedAt: createdAt,
    version: 1,
    lastRead: 0,
    createdBy: once === undefined ? null : { key: once.key, bodyHash: once.bodyHash },
    cleared: 0,
    messages: [],
    requests: [],
    writes: [],
  } satisfies LiveDocument;
}

export function toConversation(found: LiveDocument): Conversation {
  const last = found.messages.at(-1);
  return {
    id: found.id,
    title: found.title,
    modelId: found.modelId,
    createdAt: found.createdAt,
    updatedAt: found.updatedAt,
    state: found.state,
    purgeAt: found.purgeAt,
    lastReadSequence: found.lastRead,
    unreadCount: newestOf(found) - found.lastRead,
    messageCount: found.messages.length,
    lastMessage:
      last === undefined || isPlace(last)
        ? null
        : { role: last.role, preview: preview(last.content, {}), timestamp: last.timestamp },
    version: found.version,
  };
}

/** Sequence of the newest message. */
export function newestOf({ cleared, messages }: LiveDocument): number {
  return cleared + messages.length;
}

/** The message of a sequence; sequences are dense. */
export function messageAt(found: LiveDocument, messageId: string): Message {
  const at = /^[1-9][0-9]{0,9}$/.test(messageId) ? Number(messageId) - 1 - found.cleared : -1;
  const wanted = found.messages[at];
  if (wanted === undefined || isPlace(wanted)) throw new StoreError("not-found");
  return wanted;
}
