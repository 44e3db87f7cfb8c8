import * as z from "zod";
import { messageParts } from "../../parts/parts.ts";
import {
  type Conversation,
  type ConversationDraft,
  type ConversationSettings,
  conversationStates,
  noDetails,
  type Once,
  tombstoneDays,
} from "../conversation-store.ts";
import { epochSeconds } from "../expiry.ts";
import {
  citation,
  feedback,
  type Message,
  type MessageDraft,
  messageOf,
  roles,
  stopReasons,
  tokenUsage,
} from "../message.ts";
import { preview } from "../preview.ts";
import { StoreError } from "../store-error.ts";

/**
 * One conversation as one JSON object, to be read by people too. Every document that comes back is
 * parsed: one that something else wrote fails loudly and is never overwritten.
 */
const message = z.object({
  id: z.string(),
  sequence: z.number(),
  role: z.enum(roles),
  content: z.string(),
  parts: messageParts.optional(),
  type: z.string(),
  timestamp: z.string(),
  modelId: z.string().nullable(),
  isError: z.boolean(),
  errorMessage: z.string().nullable(),
  citations: z.array(citation),
  llmResponseId: z.string().nullable(),
  stopReason: z.enum(stopReasons).nullable(),
  documents: z.array(z.string()),
  usage: tokenUsage.nullable(),
  feedback: feedback.nullable(),
  editedAt: z.string().nullable().default(null),
});

/** The place of a message that was deleted: see `isGone`. What a version before it takes for one that it cannot read. */
const gone = z
  .object({ sequence: z.number(), timestamp: z.string(), deletedAt: z.string() })
  .transform(({ sequence, timestamp }) => gonePlace(sequence, timestamp));

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

/** No message's types: those begin with a letter. */
const placeType = "?";
const goneType = "!";

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

export function gonePlace(sequence: number, timestamp: string) {
  return {
    ...messageOf(nothing, sequence, timestamp),
    citations: [],
    documents: [],
    type: goneType,
  };
}

export function isGone({ type }: Pick<Message, "type">): boolean {
  return type === goneType;
}

/** A message as it stands in the object. */
export function storedMessage(message: Message, deletedAt: string): object {
  const { id, sequence, timestamp } = message;
  return isGone(message) ? { id, sequence, timestamp, deletedAt } : message;
}

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

const edit = z.object({
  sequence: z.number(),
  version: z.number(),
  /** Epoch seconds. */
  expiresAt: z.number(),
});

/** Idempotency key and hash of the request that created the conversation, and when. */
const createdBy = z
  .object({ key: z.string(), bodyHash: z.string(), at: z.string().optional() })
  .nullable();

/** Loose: a later version's setting stays. */
export const settings = z.looseObject({
  instructions: z.string().nullable().default(null),
  temperature: z.number().nullable().default(null),
  maxOutputTokens: z.number().nullable().default(null),
  guardrail: z.string().nullable().default(null),
  tools: z.array(z.string()).readonly().nullable().default(null),
});

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
  /** Up to which sequence an imported conversation was read: `lastRead` follows as its messages come. */
  readThrough: z.number().optional(),
  pinned: z.boolean().default(false),
  /** Whether a title is `wanted`, or made of the first question's `text`. Absent: it is a person's. */
  autoTitle: z.enum(["wanted", "text"]).optional().catch(undefined),
  settings: settings.prefault({}),
  metadata: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string()).default([]),
  createdBy,
  /** So many messages were cleared: the sequence of the first one here follows. */
  cleared: z.number().default(0),
  messages: z.array(z.union([message, gone, place])).readonly(),
  /** Messages that were edited or deleted, by the version that did it. */
  edits: z.array(edit).readonly().default([]),
  /** The version of the last of them, which is told for longer. */
  editedVersion: z.number().optional(),
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
    lastRead: (draft.firstSequence ?? 1) - 1,
    pinned: draft.pinned ?? false,
    ...(draft.isUntitled === true && { autoTitle: "wanted" as const }),
    settings: settingsOf(draft.settings),
    metadata: { ...draft.metadata },
    tags: [...(draft.tags ?? [])],
    createdBy: once === undefined ? null : { ...once, at: createdAt },
    cleared: (draft.firstSequence ?? 1) - 1,
    messages: [],
    edits: [],
    requests: [],
    writes: [],
  } satisfies LiveDocument;
}

/** As a document holds them: what is not said is as by default. */
export function settingsOf(
  said: Partial<ConversationSettings> | undefined,
  before = noDetails.settings,
) {
  const { tools, ...others } = { ...before, ...definedOf(said) };
  return { ...others, tools: tools && [...tools] };
}

function definedOf(said: Partial<ConversationSettings> = {}): Partial<ConversationSettings> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

export function toConversation(found: LiveDocument): Conversation {
  const { instructions, temperature, maxOutputTokens, guardrail, tools } = found.settings;
  const shown = found.messages.filter((message) => !isGone(message));
  const last = shown.at(-1);
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
    messageCount: shown.length,
    editedVersion: found.editedVersion ?? found.edits.at(-1)?.version ?? null,
    lastMessage:
      last === undefined || isPlace(last)
        ? null
        : { role: last.role, preview: preview(last.content, {}), timestamp: last.timestamp },
    version: found.version,
    pinned: found.pinned,
    tags: found.tags,
    metadata: found.metadata,
    settings: { instructions, temperature, maxOutputTokens, guardrail, tools },
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
  if (wanted === undefined || isPlace(wanted) || isGone(wanted)) throw new StoreError("not-found");
  return wanted;
}

/** What is still told of messages that were edited or deleted. */
export function editsOf({ edits }: LiveDocument, now: Date): LiveDocument["edits"] {
  return edits.filter(({ expiresAt }) => expiresAt > epochSeconds(now));
}

export function noteOf(sequence: number, version: number, now: Date) {
  return { sequence, version, expiresAt: epochSeconds(now) + tombstoneDays * 24 * 60 * 60 };
}
