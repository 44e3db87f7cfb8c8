/** What is stored of a message, as a schema that every item is parsed by when it comes back. */
import * as z from "zod";
import {
  citation,
  type DeletedMessage,
  feedback,
  type Message,
  messageOf,
  roles,
  stopReasons,
  tokenUsage,
} from "../../message.ts";
import { sequenceOf } from "../table/keys.ts";

const messageItem = z.object({
  pk: z.string(),
  sk: z.string(),
  role: z.enum(roles),
  /** One of each three; see `content.ts`. */
  content: z.string().optional(),
  packed: z.instanceof(Uint8Array).optional(),
  object: z.string().optional(),
  parts: z.string().optional(),
  packedParts: z.instanceof(Uint8Array).optional(),
  partsObject: z.string().optional(),
  type: z.string(),
  timestamp: z.string(),
  modelId: z.string().optional(),
  isError: z.boolean().optional(),
  errorMessage: z.string().optional(),
  citations: z.array(citation).optional().catch(undefined),
  llmResponseId: z.string().optional(),
  // What stands beside the content is no reason to lose it, should a later version have more of it.
  stopReason: z.enum(stopReasons).optional().catch(undefined),
  documents: z.array(z.string()).optional(),
  usage: tokenUsage.optional(),
  feedback: feedback.optional().catch(undefined),
  editedAt: z.string().optional().catch(undefined),
});

/** What stays of a message that was deleted. */
const deletedItem = z.object({
  pk: z.string(),
  sk: z.string(),
  timestamp: z.string(),
  deletedAt: z.string(),
});

/** The place of a message that was deleted; undefined for one that is there. */
export function readDeletedItem(item: unknown): DeletedMessage | undefined {
  const { data } = deletedItem.safeParse(item);
  if (data === undefined) return undefined;
  return { sequence: sequenceOf(data), timestamp: data.timestamp, isDeleted: true };
}

export type MessageItem = z.infer<typeof messageItem>;

export function readMessageItem(item: unknown): MessageItem {
  return messageItem.parse(item);
}

/** Empty attributes are left out, because an item is billed by its size. */
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
    editedAt: message.editedAt ?? undefined,
  };
}

export function toMessage(item: MessageItem, content: Pick<Message, "content" | "parts">): Message {
  const { timestamp, feedback = null, editedAt = null, parts: _, ...attributes } = item;
  const draft = {
    ...attributes,
    ...content,
    modelId: attributes.modelId ?? null,
    isError: attributes.isError ?? false,
    errorMessage: attributes.errorMessage ?? null,
    citations: attributes.citations ?? [],
    llmResponseId: attributes.llmResponseId ?? null,
  };
  return { ...messageOf(draft, sequenceOf(attributes), timestamp), feedback, editedAt };
}
