import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { contentOfParts, messagePart } from "../parts/parts.ts";
import { tombstoneDays } from "../store/conversation-store.ts";
import { roles, stopReasons } from "../store/message.ts";
import {
  conditions,
  conversationPath,
  header,
  idempotencyKeyHeader,
  identifier,
  json,
  modelId,
  nextCursor,
  paging,
  problems,
  signedIn,
  text,
  timestamp,
  unreadable,
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
    source: text(1_024).optional().openapi({ description: "Name of the cited document." }),
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
  .object({
    inputTokens: z.number().int().openapi({
      description: "Tokens of the whole prompt, cached or not.",
    }),
    outputTokens: z.number().int(),
    cacheReadTokens: z.number().int().optional().openapi({
      description: "Input tokens that were read from the model's cache. Absent if there were none.",
    }),
    cacheWriteTokens: z.number().int().optional().openapi({
      description: "Input tokens that were written to the cache. Absent if there were none.",
    }),
  })
  .openapi("TokenUsage");

export const part = messagePart.openapi("Part");
const mostParts = 200;

/** What a message is made of, as it comes in. */
export const newParts = z
  .array(part)
  .min(1)
  .max(mostParts)
  .optional()
  .openapi({
    description:
      `At most ${mostParts} parts and 960 KiB of JSON. A document that an image or a file names must be ` +
      "`ready`, of that media type, and at most 3.75 MB for an image or 4.5 MB for a file.",
  });

/** The text beside the parts. */
export const newContent = wellFormed.openapi({
  description:
    "At most 960 KiB of UTF-8. With `parts`, leave it out or give the text of the parts.",
  example: "What should I see in Lisbon?",
});

interface Body {
  readonly content?: string | undefined;
  readonly parts?: z.infer<typeof newParts>;
}

/** Content and parts as they are kept: the content is the text of the parts. */
export function contentOfBody({ content, parts }: Body): string {
  return parts === undefined ? (content ?? "") : contentOfParts(parts);
}

export function agreesWithParts({ content, parts }: Body): boolean {
  return content === undefined || parts === undefined || content === contentOfParts(parts);
}

export const disagreesWithParts = {
  path: ["content"],
  message: "must be the text of the parts, or left out",
};

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
    parts: z.array(part).readonly().optional().openapi({
      description:
        "The parts of the message; `content` is their text. Absent if the message has only text.",
    }),
    type: fields.type,
    timestamp: timestamp.openapi({ description: "Server time." }),
    modelId: fields.modelId,
    isError: fields.isError,
    errorMessage: fields.errorMessage,
    citations: fields.citations,
    llmResponseId: fields.llmResponseId,
    stopReason: z.enum(stopReasons).nullable().openapi({
      description: "Why the model stopped. `aborted`: the answer is incomplete.",
    }),
    usage: tokenUsage.nullable().openapi({ description: "Tokens of the answer, if known." }),
    feedback: feedback.nullable(),
    editedAt: timestamp.nullable().openapi({ description: "Time of the last edit, or null." }),
    documents: z.array(identifier).readonly().openapi({
      description: "Ids of the attached documents. Some may have been deleted since.",
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
    description: "Ids of the caller's documents to attach. Each must be `ready`.",
  });

const newMessage = z
  .strictObject({
    ...fields,
    content: newContent.optional(),
    parts: newParts,
    type: fields.type.default("text").openapi({ example: "text" }),
    modelId: fields.modelId.default(null),
    isError: fields.isError.default(false),
    errorMessage: fields.errorMessage.default(null),
    citations: citations.default([]),
    llmResponseId: fields.llmResponseId.default(null),
    documents: attachedDocuments,
  })
  .refine(({ content = "", parts, isError }) => content !== "" || parts || isError, {
    path: ["content"],
    message: "must not be empty, unless there are parts or isError is true",
  })
  .refine(agreesWithParts, disagreesWithParts)
  .openapi("NewMessage", { example: { role: "user", content: "What should I see in Lisbon?" } });

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
      order: z.enum(["asc", "desc"]).default("asc").openapi({
        description: "`asc`: from the first message on. `desc`: from the last one back.",
      }),
      after: wholeNumber(0).optional().openapi({
        type: "integer",
        minimum: 0,
        description: "Only messages after this sequence, in ascending order. Used to sync.",
      }),
    }),
  },
  responses: {
    200: {
      description:
        "One page, possibly shorter than `limit`. The list ends where `nextCursor` is null.",
      content: json(
        z.object({
          items: z.array(message).readonly(),
          deleted: z.array(z.string()).readonly().optional().openapi({
            description: "Ids of deleted messages within this page. Absent if there are none.",
          }),
          unreadable,
          nextCursor,
        }),
      ),
    },
    ...problems(400, 404),
  },
});

const messagePath = conversationPath.extend({
  messageId: identifier.openapi({ param: { name: "messageId", in: "path" } }),
});

const ofConversation = {
  ETag: header("The conversation's version, for `If-Match`."),
};

export const editMessage = createRoute({
  method: "patch",
  path: "/conversations/{id}/messages/{messageId}",
  operationId: "editMessage",
  summary: "Edit a message",
  description:
    "Changes its content and parts only. `If-Match` takes the conversation's `ETag`. Other devices see the change by a sync " +
    "and `GET /conversations/{id}/changes`. To get a new answer to an edited question, use `regenerate`.",
  tags,
  security,
  request: {
    params: messagePath,
    headers: conditions,
    body: {
      required: true,
      content: json(
        z
          .strictObject({ content: newContent.optional(), parts: newParts })
          .refine(({ content = "", parts }) => content !== "" || parts !== undefined, {
            path: ["content"],
            message: "must not be empty, unless there are parts",
          })
          .refine(agreesWithParts, disagreesWithParts)
          .openapi({ minProperties: 1, example: { content: "What should I see in Porto?" } }),
      ),
    },
  },
  responses: {
    200: { description: "Changed.", headers: ofConversation, content: json(message) },
    ...problems(400, 404, 409, 412, 413, 415),
  },
});

export const deleteMessage = createRoute({
  method: "delete",
  path: "/conversations/{id}/messages/{messageId}",
  operationId: "deleteMessage",
  summary: "Delete one message",
  description:
    "No reader and no model sees it any more. Its sequence number is not used again. The attached documents stay the " +
    "caller's and the conversation's.",
  tags,
  security,
  request: { params: messagePath, headers: conditions },
  responses: {
    204: { description: "Deleted.", headers: ofConversation },
    ...problems(400, 404, 409, 412),
  },
});

export const listMessageChanges = createRoute({
  method: "get",
  path: "/conversations/{id}/changes",
  operationId: "listMessageChanges",
  summary: "Get the messages that were edited or deleted since a version of the conversation",
  description:
    "For a device whose copy has a `version` older than the conversation's `editedVersion`. Changes are kept for " +
    `${tombstoneDays} days: with an older copy, read all messages again. New messages come from \`GET …/messages?after=\`.`,
  tags,
  security,
  request: {
    params: conversationPath,
    query: z.strictObject({
      since: wholeNumber(0).openapi({
        type: "integer",
        minimum: 0,
        description: "The version of the caller's copy, or `version` of the previous page.",
      }),
      limit: paging(50, 100).limit,
    }),
  },
  responses: {
    200: {
      description: "The changes.",
      content: json(
        z
          .object({
            items: z
              .array(message)
              .readonly()
              .openapi({ description: "Edited messages, as they are now." }),
            deleted: z
              .array(z.string())
              .readonly()
              .openapi({ description: "Ids of deleted messages." }),
            version: z.number().int().openapi({ description: "The value for the next `since`." }),
            more: z.boolean().openapi({ description: "Whether there is another page." }),
          })
          .openapi("MessageChanges"),
      ),
    },
    ...problems(400, 404),
  },
});

export const appendMessage = createRoute({
  method: "post",
  path: "/conversations/{id}/messages",
  operationId: "appendMessage",
  summary: "Append a message",
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
        "Idempotency-Replayed": header("`true` if an earlier request saved the message."),
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
    params: messagePath,
  },
  responses: {
    200: { description: "Found.", content: json(message) },
    ...problems(400, 404),
  },
});
