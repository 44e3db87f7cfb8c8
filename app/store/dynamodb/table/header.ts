/**
 * What is stored of a conversation, as schemas: every item that comes back is parsed, so an item that
 * another version wrote fails loudly instead of turning into `undefined` three functions later. What it
 * has beside is left alone, as updates name what they change.
 */
import * as z from "zod";
import { type Conversation, conversationStates, noDetails } from "../../conversation-store.ts";
import { type MessageDraft, roles } from "../../message.ts";
import { conversationOf } from "./keys.ts";
import { timeOf } from "./order.ts";

const key = { pk: z.string(), sk: z.string() };

const lastMessage = z.object({
  role: z.enum(roles),
  preview: z.string(),
  timestamp: z.string(),
  /** As the header's: an entry of the index knows it from here. */
  removed: z.number().optional(),
  /** Bytes of all that was ever added since the conversation began or was cleared. */
  bytes: z.number().optional(),
});

/** What the recency index holds of a header. */
const listed = z.object({
  ...key,
  title: z.string(),
  modelId: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string().transform(timeOf),
  messageCount: z.number(),
  // Only shown: what a later version notes there is no reason to lose the conversation.
  lastMessage: lastMessage.optional().catch(undefined),
  state: z.enum([...conversationStates, "deleting"]),
  purgeAt: z.string().optional(),
  version: z.number(),
  /** Sequence of the newest message; not in the index. */
  sequence: z.number().optional(),
  /** Sequence of the newest message that the user has read; not in the index. */
  lastRead: z.number().optional(),
  pinned: z.boolean().optional(),
  /** Places, of those that `messageCount` counts, whose message was deleted. Not in the index. */
  removed: z.number().optional(),
  /** The version that last edited or deleted a message. Not in the index. */
  editedVersion: z.number().optional(),
  /** When the item of settings, metadata and tags that stands beside was last changed; absent for none. Not in the index. */
  detailsAt: z.string().optional(),
});
type Listed = z.infer<typeof listed>;

export const headerItem = listed.extend({
  sequence: z.number(),
  lastRead: z.number(),
  /** Up to which sequence an imported conversation was read: `lastRead` follows as its messages come. */
  readThrough: z.number().optional(),
  /** Whether the bucket holds contents of its messages. */
  isOverflowing: z.boolean().optional(),
  /** Ids of the documents that came with its messages. */
  documents: z.array(z.string()).optional(),
  /** Whether a title is `wanted`, or made of the first question's `text`. Absent: it is a person's. */
  autoTitle: z.enum(["wanted", "text"]).optional().catch(undefined),
  /** Messages of writers who stand in line. */
  lined: z.number().optional(),
  /** Messages up to this sequence are removed, of those that were cleared or are being deleted. */
  purgedThrough: z.number().optional(),
});
export type Header = z.infer<typeof headerItem>;

const known: readonly unknown[] = conversationStates;

export function isKnownState(state: unknown): boolean {
  return known.includes(state);
}

/** Messages up to this sequence were cleared: sequences are dense, so the count tells. */
export function clearedThrough({
  sequence,
  messageCount,
}: Pick<Header, "sequence" | "messageCount">): number {
  return sequence - messageCount;
}

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
    unreadCount: isCounted ? sequence - lastRead : null,
    createdAt: header.createdAt,
    updatedAt: header.updatedAt,
    messageCount: header.messageCount - (header.removed ?? header.lastMessage?.removed ?? 0),
    editedVersion: header.editedVersion ?? null,
    lastMessage: shownLast(header.lastMessage),
    version: header.version,
    pinned: isCounted ? (header.pinned ?? false) : null,
    ...(isCounted && header.detailsAt === undefined ? noDetails : unknownDetails),
  };
}

/** What `lastMessage.bytes` becomes with more messages. It takes no place of its own, so it costs nothing to count. */
export function bytesWith(
  { lastMessage }: Pick<Header, "lastMessage">,
  more: readonly Pick<MessageDraft, "content" | "parts">[],
): number {
  const sizes = more.map(({ content, parts }) =>
    Buffer.byteLength(parts === undefined ? content : JSON.stringify(parts)),
  );
  return sizes.reduce((sum, size) => sum + size, lastMessage?.bytes ?? 0);
}

function shownLast(last: Listed["lastMessage"]): Conversation["lastMessage"] {
  if (last === undefined) return null;
  const { role, preview, timestamp } = last;
  return { role, preview, timestamp };
}

const unknownDetails = { tags: null, metadata: null, settings: null };

/** A conversation whose time in the trash is over is gone for every reader, purged or not. */
export function isPastTrash({ purgeAt }: Pick<Listed, "purgeAt">, now: Date): boolean {
  return purgeAt !== undefined && purgeAt <= now.toISOString();
}
