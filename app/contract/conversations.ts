import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { conversationStates, trashDays } from "../store/conversation-store.ts";
import { roles } from "../store/message.ts";
import { message } from "./messages.ts";
import {
  conditions,
  conversationPath,
  header,
  idempotencyKeyHeader,
  identifier,
  json,
  modelId,
  nextCursor,
  notModified,
  pageOf,
  paging,
  problems,
  shownText,
  signedIn,
  timestamp,
} from "./parts.ts";

const title = shownText(200).openapi({ example: "Trip to Lisbon" });

export const conversation = z
  .object({
    id: identifier,
    title,
    modelId: modelId.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp.openapi({
      description: "When it last changed: a message, its title, model or state.",
    }),
    state: z.enum(conversationStates),
    purgeAt: timestamp.nullable().openapi({
      description: `When it will be gone for good, ${trashDays} days after it was trashed; else null.`,
    }),
    lastReadSequence: z.number().int().nullable().openapi({
      description: "How far it was read, 0 for not at all. Null in lists without `include=unread`.",
    }),
    unreadCount: z.number().int().nullable(),
    messageCount: z.number().int(),
    lastMessage: z.object({ role: z.enum(roles), preview: z.string(), timestamp }).nullable(),
    version: z.number().int().openapi({ description: "Grows with every change; the `ETag`." }),
  })
  .openapi("Conversation");

export const newestMessages = 20;

const openConversation = conversation
  .extend({
    messages: z
      .array(message)
      .readonly()
      .openapi({ description: `The newest ${newestMessages} at most, the oldest of them first.` }),
    olderCursor: nextCursor.openapi({
      description:
        "For the messages before these: `GET …/messages?order=desc&cursor=…`. Null if none.",
    }),
  })
  .openapi("OpenConversation");

const etag = { ETag: header("The version, as strong entity tag.") };
const tags = ["conversations"];
const security = signedIn;

export const listConversations = createRoute({
  method: "get",
  path: "/conversations",
  operationId: "listConversations",
  summary: "List the caller's conversations in one state, the most recently changed first",
  tags,
  security,
  request: {
    query: z.strictObject({
      ...paging(20, 100),
      state: z.enum(conversationStates).default("active"),
      include: z.literal("unread").optional().openapi({
        description: "Also tells what is unread, for one more read of each conversation.",
      }),
    }),
  },
  responses: {
    200: {
      description:
        "One page. It may be shorter than `limit`: only a null `nextCursor` is the end. What changes during a walk " +
        "comes again at its end.",
      content: pageOf(conversation),
    },
    ...problems(400),
  },
});

export const createConversation = createRoute({
  method: "post",
  path: "/conversations",
  operationId: "createConversation",
  summary: "Start a conversation",
  tags,
  security,
  request: {
    headers: idempotencyKeyHeader,
    body: {
      required: false,
      content: json(
        z.strictObject({
          id: identifier.optional().openapi({ description: "Chosen by the client; default: new." }),
          title: title.default("New conversation"),
          modelId: modelId.nullable().default(null),
        }),
      ),
    },
  },
  responses: {
    201: {
      description: "Created.",
      headers: { ...etag, Location: header("Path of the conversation.") },
      content: json(conversation),
    },
    ...problems(400, 409, 413, 415, 422),
  },
});

export const getConversation = createRoute({
  method: "get",
  path: "/conversations/{id}",
  operationId: "getConversation",
  summary: "Get a conversation with its newest messages",
  tags,
  security,
  request: { params: conversationPath },
  responses: {
    200: { description: "Found.", headers: etag, content: json(openConversation) },
    304: notModified,
    ...problems(400, 404),
  },
});

export const replaceConversation = createRoute({
  method: "put",
  path: "/conversations/{id}",
  operationId: "replaceConversation",
  summary: "Replace the writable fields of an existing conversation",
  tags,
  security,
  request: {
    params: conversationPath,
    headers: conditions,
    body: {
      required: true,
      content: json(z.strictObject({ title, modelId: modelId.nullable().default(null) })),
    },
  },
  responses: {
    200: { description: "Replaced.", headers: etag, content: json(conversation) },
    ...problems(400, 404, 412, 413, 415),
  },
});

export const updateConversation = createRoute({
  method: "patch",
  path: "/conversations/{id}",
  operationId: "updateConversation",
  summary: "Change some fields: rename, choose another model, archive, trash, restore",
  description:
    "Only an active conversation takes messages. One in the trash is gone for good after " +
    `${trashDays} days; \`state: active\` restores it.`,
  tags,
  security,
  request: {
    params: conversationPath,
    headers: conditions,
    body: {
      required: true,
      content: json(
        z
          .strictObject({
            title: title.optional(),
            modelId: modelId.nullable().optional(),
            state: z.enum(conversationStates).optional(),
          })
          .refine((body) => Object.keys(body).length > 0, "must change at least one field")
          .openapi({ minProperties: 1 }),
      ),
    },
  },
  responses: {
    200: { description: "Changed.", headers: etag, content: json(conversation) },
    ...problems(400, 404, 412, 413, 415),
  },
});

export const markConversationRead = createRoute({
  method: "put",
  path: "/conversations/{id}/read",
  operationId: "markConversationRead",
  summary: "Say how far the conversation was read",
  description:
    "Never goes back, and changes neither `version` nor `updatedAt`. What the user writes counts as " +
    "read, and the answer to it.",
  tags,
  security,
  request: {
    params: conversationPath,
    body: {
      required: true,
      content: json(
        z.strictObject({
          sequence: z.number().int().min(0).openapi({ description: "Of the last message read." }),
        }),
      ),
    },
  },
  responses: {
    200: { description: "Noted.", headers: etag, content: json(conversation) },
    ...problems(400, 404, 413, 415),
  },
});

export const clearConversation = createRoute({
  method: "delete",
  path: "/conversations/{id}/messages",
  operationId: "clearConversation",
  summary: "Take all messages out of a conversation and go on with it",
  description:
    "Gone for every reader at once. Title, model and id stay, and the sequence goes on: the next message follows " +
    "the last one that was there. Documents stay the caller's.",
  tags,
  security,
  request: { params: conversationPath, headers: conditions },
  responses: {
    200: { description: "Cleared.", headers: etag, content: json(conversation) },
    202: {
      description:
        "Cleared for every reader; the tenant's maintenance removes the rest of what was too large for one request.",
      headers: etag,
      content: json(conversation),
    },
    ...problems(400, 404, 409, 412),
  },
});

export const deleteConversation = createRoute({
  method: "delete",
  path: "/conversations/{id}",
  operationId: "deleteConversation",
  summary: "Delete a conversation with all its messages",
  description:
    "Gone for every reader at once. After a 5xx or a lost connection, delete again: that finishes " +
    "what was begun. The id stays taken for 24 hours.",
  tags,
  security,
  request: { params: conversationPath, headers: conditions },
  responses: {
    202: {
      description:
        "Begun: gone for every reader, and too large to be deleted within one request. Delete again to go on; the " +
        "tenant's maintenance does too.",
      headers: { "Retry-After": header("Seconds to wait.") },
      content: json(z.object({ status: z.literal("deleting") })),
    },
    204: { description: "Deleted." },
    ...problems(400, 404, 412),
  },
});
