/** What is stored of a message, as a schema that every item is parsed by when it comes back. */
import * as z from "zod";
import { type Message, messageOf, roles, stopReasons } from "../../message.ts";
import { sequenceOf } from "../table/keys.ts";
import { contentOf } from "./content.ts";

const citation = z.object({
  title: z.string().optional(),
  url: z.string().optional(),
  source: z.string().optional(),
  page: z.number().optional(),
  quote: z.string().optional(),
});

const messageItem = z.object({
  pk: z.string(),
  sk: z.string(),
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
  citations: z.array(citation).optional().catch(undefined),
  llmResponseId: z.string().optional(),
  // What stands beside the content is no reason to lose it, should a later version have more of it.
  stopReason: z.enum(stopReasons).optional().catch(undefined),
  documents: z.array(z.string()).optional(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).optional(),
  feedback: z
    .object({
      rating: z.enum(["up", "down"]),
      comment: z.string().nullable(),
      timestamp: z.string(),
    })
    .optional()
    .catch(undefined),
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
