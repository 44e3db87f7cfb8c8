import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { roles, stopReasons } from "../store/message.ts";
import {
  conversationPath,
  header,
  idempotencyKeyHeader,
  identifier,
  json,
  modelId,
  pageOf,
  paging,
  problems,
  signedIn,
  text,
  timestamp,
  wellFormed,
  wholeNumber,
} from "./parts.ts";

/** In bytes of UTF-8: a body of 1 MiB with room for the rest of the message. */
export const contentBytes = 960 * 1024;
const citationsBytes = 64 * 1024;

/** Clients show it as a link, and a browser would run it as whoever clicks. */
function isScript(url: string): boolean {
  return URL.canParse(url) && /^(javascript|data|vbscript):$/.test(new URL(url).protocol);
}

const citation = z
  .strictObject({
    title: text(500).optional(),
    url: z
      .url()
      .max(2_048)
      .refine((url) => url.isWellFormed(), "must be well-formed Unicode")
      .refine((url) => !isScript(url), "must be no javascript:, data: or vbscript: address")
      .optional(),
    source: text(1_024).optional().openapi({ description: "Name of the document." }),
    page: z.number().int().min(1).optional(),
    quote: text(4_000).optional(),
  })
  .openapi("Citation");

export const citations = z
  .array(citation)
  .max(50)
  .refine((list) => Buffer.byteLength(JSON.stringify(list)) <= citationsBytes, {
    message: "must be at most 64 KiB in all",
  });

export const tokenUsage = z
  .object({ inputTokens: z.number().int(), outputTokens: z.number().int() })
  .openapi("TokenUsage");

const feedback = z
  .object({ rating: z.enum(["up", "down"]), comment: z.string().nullable(), timestamp })
  .openapi("Feedback");

const fields = {
  role: z.enum(roles),
  content: z.string(),
  type: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "must match [a-z][a-z0-9-]{0,31}")
    .openapi({ description: "How to read the content.", example: "markdown" }),
  modelId: modelId.nullable(),
  isError: z.boolean(),
  errorMessage: text(4_000).nullable(),
  citations: z.array(citation).readonly(),
  llmResponseId: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, "must be 1 to 256 visible ASCII characters")
    .nullable(),
};

export const message = z
  .object({
    id: z.string().openapi({ description: "Unique within the conversation." }),
    sequence: z.number().int().openapi({ description: "1, 2, 3 …: the order of messages." }),
    role: fields.role,
    content: fields.content,
    type: fields.type,
    timestamp: timestamp.openapi({ description: "Server time." }),
    modelId: fields.modelId,
    isError: fields.isError,
    errorMessage: fields.errorMessage,
    citations: fields.citations,
    llmResponseId: fields.llmResponseId,
    stopReason: z.enum(stopReasons).nullable().openapi({
      description: "Why the model stopped; `aborted` marks an answer that is only a part.",
    }),
    usage: tokenUsage.nullable().openapi({ description: "What the answer took, where known." }),
    feedback: feedback.nullable(),
    documents: z.array(identifier).readonly().openapi({
      description: "Documents that came with it; some may have been deleted since.",
    }),
  })
  .openapi("Message");

/** Of one message. */
export const attachedDocuments = z
  .array(identifier)
  .max(10)
  .refine((ids) => new Set(ids).size === ids.length, "must name each document once")
  .default([])
  .openapi({
    description: "Ids of the caller's documents that come with it; each must be `ready`.",
  });

const newMessage = z
  .strictObject({
    ...fields,
    content: wellFormed.openapi({
      description: "At most 960 KiB of UTF-8.",
      example: "What should I see in Lisbon?",
    }),
    type: fields.type.default("text").openapi({ example: "text" }),
    modelId: fields.modelId.default(null),
    isError: fields.isError.default(false),
    errorMessage: fields.errorMessage.default(null),
    citations: citations.default([]),
    llmResponseId: fields.llmResponseId.default(null),
    documents: attachedDocuments,
  })
  .refine(({ content, isError }) => content !== "" || isError, {
    path: ["content"],
    message: "must not be empty, unless isError is true",
  })
  .openapi("NewMessage");

const tags = ["messages"];
const security = signedIn;

export const listMessages = createRoute({
  method: "get",
  path: "/conversations/{id}/messages",
  operationId: "listMessages",
  summary: "Page through a conversation's messages",
  tags,
  security,
  request: {
    params: conversationPath,
    query: z.strictObject({
      ...paging(50, 200),
      order: z
        .enum(["asc", "desc"])
        .default("asc")
        .openapi({ description: "`asc` reads from the beginning, `desc` back from the end." }),
      after: wholeNumber(0).optional().openapi({
        type: "integer",
        minimum: 0,
        description: "In ascending order: begins behind this sequence, as a sync needs it.",
      }),
    }),
  },
  responses: {
    200: {
      description: "One page. It may be shorter than `limit`: only a null `nextCursor` is the end.",
      content: pageOf(message),
    },
    ...problems(400, 404),
  },
});

export const appendMessage = createRoute({
  method: "post",
  path: "/conversations/{id}/messages",
  operationId: "appendMessage",
  summary: "Add a message at the end",
  tags,
  security,
  request: {
    params: conversationPath,
    headers: idempotencyKeyHeader,
    body: { required: true, content: json(newMessage) },
  },
  responses: {
    201: {
      description: "Saved.",
      headers: {
        Location: header("Path of the message."),
        "Idempotency-Replayed": header("`true` when the message was saved by an earlier request."),
      },
      content: json(message),
    },
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

export const getMessage = createRoute({
  method: "get",
  path: "/conversations/{id}/messages/{messageId}",
  operationId: "getMessage",
  summary: "Get one message",
  tags,
  security,
  request: {
    params: conversationPath.extend({
      messageId: identifier.openapi({ param: { name: "messageId", in: "path" } }),
    }),
  },
  responses: {
    200: { description: "Found.", content: json(message) },
    ...problems(400, 404),
  },
});
