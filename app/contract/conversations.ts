import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { conversationStates, mostPins, trashDays } from "../store/conversation-store.ts";
import { roles } from "../store/message.ts";
import { keepable, type Value } from "./any-json.ts";
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
  optionName,
  pageOf,
  paging,
  problems,
  shownText,
  signedIn,
  text,
  timestamp,
} from "./parts.ts";

/** Of a conversation that nobody has named, until there is a question. */
export const untitled = "New conversation";

const title = shownText(200).openapi({ example: "Trip to Lisbon" });

/** Bedrock takes temperatures from 0 to 1 (Amazon Bedrock API Reference, `InferenceConfiguration`). */
const settingFields = {
  instructions: shownText(16_000).nullable().openapi({
    description: "Instructions for the model, added after those of the deployment.",
  }),
  temperature: z.number().min(0).max(1).nullable(),
  maxOutputTokens: z.number().int().min(1).max(1_000_000).nullable().openapi({
    description: "Longest answer in tokens, at most the model's `maxOutputTokens`.",
  }),
  guardrail: optionName.nullable().openapi({
    description: "One of the `guardrails` of `GET /models`. Null: none.",
  }),
  tools: z.array(optionName).max(64).readonly().nullable().openapi({
    description: "Which of the `tools` of `GET /models` may be called. Null: all.",
  }),
};

export const settings = z.object(settingFields).openapi("ConversationSettings", {
  description: "Settings of every answer in the conversation. Null: the deployment's own.",
});

/** Those named change. */
const changedSettings = z
  .strictObject(settingFields)
  .partial()
  .openapi({
    description: "Changes the given settings. Null: the deployment's own.",
    example: { instructions: "Answer in French.", temperature: 0.3 },
  });

const fullSettings = z
  .strictObject({
    instructions: settingFields.instructions.default(null),
    temperature: settingFields.temperature.default(null),
    maxOutputTokens: settingFields.maxOutputTokens.default(null),
    guardrail: settingFields.guardrail.default(null),
    tools: settingFields.tools.default(null),
  })
  .prefault({});

const most = 16;
/** The limits of OpenAI's `metadata`. */
export const metadata = keepable<Readonly<Record<string, Value>>>()
  .pipe(z.record(text(64).min(1), text(512)))
  .refine((pairs) => Object.keys(pairs).length <= most, `must have at most ${most} pairs`)
  .openapi({
    type: "object",
    additionalProperties: { type: "string", maxLength: 512 },
    maxProperties: most,
    description: `At most ${most} pairs of the client's own, with keys of up to 64 characters and values of up to 512.`,
    example: { project: "lisbon" },
  });

export const tags = z
  .array(shownText(64))
  .max(most)
  .refine((list) => new Set(list).size === list.length, "must name each tag once")
  .readonly()
  .openapi({ description: `At most ${most} tags.`, example: ["travel"] });

const pinned = z
  .boolean()
  .openapi({ description: `A user can pin at most ${mostPins} conversations.` });
const withDetails = "Null in lists without `include=details`.";

export const conversation = z
  .object({
    id: identifier,
    title,
    modelId: modelId.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp.openapi({
      description: "Time of the last change of its messages, title, model or state.",
    }),
    state: z.enum(conversationStates),
    purgeAt: timestamp.nullable().openapi({
      description: `Time at which it will be deleted, ${trashDays} days after it was moved to the trash. Null if it is not in the trash.`,
    }),
    lastReadSequence: z.number().int().nullable().openapi({
      description:
        "Sequence of the last message that was read, or 0. Null in lists without `include=unread`.",
    }),
    unreadCount: z.number().int().nullable(),
    messageCount: z.number().int(),
    editedVersion: z
      .number()
      .int()
      .nullable()
      .openapi({
        description:
          "The `version` in which a message was last edited or deleted; see `GET …/changes`. Null if none was, and in lists without " +
          "`include`.",
      }),
    lastMessage: z.object({ role: z.enum(roles), preview: z.string(), timestamp }).nullable(),
    version: z
      .number()
      .int()
      .openapi({ description: "Grows with every change. It is the `ETag`." }),
    pinned: z.boolean().nullable().openapi({ description: withDetails }),
    tags: z.array(z.string()).readonly().nullable().openapi({ description: withDetails }),
    metadata: z
      .record(z.string(), z.string())
      .readonly()
      .nullable()
      .openapi({ description: withDetails }),
    settings: settings.nullable(),
  })
  .openapi("Conversation");

export const newestMessages = 20;

const openConversation = conversation
  .extend({
    messages: z
      .array(message)
      .readonly()
      .openapi({
        description: `The newest messages, at most ${newestMessages}, in ascending order.`,
      }),
    olderCursor: nextCursor.openapi({
      description:
        "Cursor of the messages before these, for `GET …/messages?order=desc&cursor=…`. Null if there are none.",
    }),
  })
  .openapi("OpenConversation");

const etag = { ETag: header("The version as a strong entity tag.") };
const groups = ["conversations"];
const security = signedIn;

export const listConversations = createRoute({
  method: "get",
  path: "/conversations",
  operationId: "listConversations",
  summary: "List the caller's conversations in one state, most recently changed first",
  tags: groups,
  security,
  request: {
    query: z.strictObject({
      ...paging(20, 100),
      state: z.enum(conversationStates).default("active"),
      include: z
        .enum(["unread", "details"])
        .optional()
        .openapi({
          description:
            "`unread` adds the unread counts, for one more read of each conversation. `details` adds them and " +
            "`pinned`, `tags`, `metadata` and `settings`, for one or two more reads of each.",
        }),
      pinned: z.literal("true").optional().openapi({
        description: "Only pinned conversations, with all fields that `include=details` adds.",
      }),
    }),
  },
  responses: {
    200: {
      description:
        "One page, possibly shorter than `limit`. The list ends where `nextCursor` is null. Conversations that change while " +
        "you page through the list are on its last page again.",
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
  tags: groups,
  security,
  request: {
    headers: idempotencyKeyHeader,
    body: {
      required: false,
      content: json(
        z
          .strictObject({
            id: identifier
              .optional()
              .openapi({ description: "An id chosen by the client. Default: a new one." }),
            title: title.optional().openapi({
              description: `Default: \`${untitled}\`, replaced by the first line of the first question. A title that you send is kept.`,
            }),
            modelId: modelId.nullable().default(null),
            pinned: pinned.default(false),
            tags: tags.default([]),
            metadata: metadata.default({}),
            settings: fullSettings,
          })
          .openapi({ example: { title: "Trip to Lisbon", tags: ["travel"] } }),
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
  tags: groups,
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
  tags: groups,
  security,
  request: {
    params: conversationPath,
    headers: conditions,
    body: {
      required: true,
      content: json(
        z.strictObject({
          title,
          modelId: modelId.nullable().default(null),
          pinned: pinned.default(false),
          tags: tags.default([]),
          metadata: metadata.default({}),
          settings: fullSettings,
        }),
      ),
    },
  },
  responses: {
    200: { description: "Replaced.", headers: etag, content: json(conversation) },
    ...problems(400, 404, 409, 412, 413, 415),
  },
});

export const updateConversation = createRoute({
  method: "patch",
  path: "/conversations/{id}",
  operationId: "updateConversation",
  summary:
    "Change some fields: rename, change the model or settings, pin, archive, move to the trash, restore",
  description:
    "Each given field is replaced as a whole, except `settings`, of which only the given ones change. Only an active " +
    `conversation takes messages. A conversation in the trash is deleted after ${trashDays} days; \`state: active\` restores it.`,
  tags: groups,
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
            pinned: pinned.optional(),
            tags: tags.optional(),
            metadata: metadata.optional(),
            settings: changedSettings.optional(),
          })
          .refine((body) => Object.keys(body).length > 0, "must change at least one field")
          .openapi({ minProperties: 1 }),
      ),
    },
  },
  responses: {
    200: { description: "Changed.", headers: etag, content: json(conversation) },
    ...problems(400, 404, 409, 412, 413, 415),
  },
});

export const markConversationRead = createRoute({
  method: "put",
  path: "/conversations/{id}/read",
  operationId: "markConversationRead",
  summary: "Mark messages as read",
  description:
    "A lower sequence has no effect. Neither `version` nor `updatedAt` changes. The user's own messages and the answers " +
    "to them count as read.",
  tags: groups,
  security,
  request: {
    params: conversationPath,
    body: {
      required: true,
      content: json(
        z.strictObject({
          sequence: z
            .number()
            .int()
            .min(0)
            .openapi({ description: "Sequence of the last message that was read." }),
        }),
      ),
    },
  },
  responses: {
    200: { description: "Marked.", headers: etag, content: json(conversation) },
    ...problems(400, 404, 413, 415),
  },
});

export const clearConversation = createRoute({
  method: "delete",
  path: "/conversations/{id}/messages",
  operationId: "clearConversation",
  summary: "Delete all messages of a conversation, and keep the conversation",
  description:
    "No reader sees the messages any more. Title, model and id stay, and the sequence continues: the next message gets the number after " +
    "the last deleted one. Documents are not deleted.",
  tags: groups,
  security,
  request: { params: conversationPath, headers: conditions },
  responses: {
    200: { description: "Cleared.", headers: etag, content: json(conversation) },
    202: {
      description:
        "No reader sees the messages any more. They were too many for one request: the tenant's maintenance removes the rest.",
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
    "No reader sees the conversation any more. After a 5xx or a lost connection, send the request again: it finishes " +
    "the deletion. The id cannot be used again for 24 hours.",
  tags: groups,
  security,
  request: { params: conversationPath, headers: conditions },
  responses: {
    202: {
      description:
        "No reader sees the conversation any more. It was too large for one request: send the request again, or let the " +
        "tenant's maintenance finish.",
      headers: { "Retry-After": header("Seconds to wait.") },
      content: json(z.object({ status: z.literal("deleting") })),
    },
    204: { description: "Deleted." },
    ...problems(400, 404, 412),
  },
});

export const copyConversation = createRoute({
  method: "post",
  path: "/conversations/{id}/copy",
  operationId: "copyConversation",
  summary: "Copy a conversation up to one message",
  description:
    "The messages keep their ids and times, but not their ratings. Title, model, settings, metadata and tags are copied. " +
    "202 means that one request was too short: send it again with the same key to continue.",
  tags: groups,
  security,
  request: {
    params: conversationPath,
    headers: idempotencyKeyHeader,
    body: {
      required: true,
      content: json(
        z
          .strictObject({
            through: identifier.openapi({ description: "Id of the last message that is copied." }),
            id: identifier
              .optional()
              .openapi({ description: "Id of the new conversation. Default: a new one." }),
            title: title.optional(),
          })
          .openapi("Copying", { example: { through: "2" } }),
      ),
    },
  },
  responses: {
    201: {
      description: "Copied.",
      headers: {
        ...etag,
        Location: header("Path of the new conversation."),
        "Idempotency-Replayed": header("`true` if an earlier request started the copy."),
      },
      content: json(conversation),
    },
    202: {
      description: "Started. The new conversation does not have all messages yet.",
      headers: {
        "Retry-After": header("Seconds to wait."),
        "Idempotency-Key": header("The key to send again, if the request had none."),
      },
      content: json(conversation),
    },
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const deletedAtOnce = 100;
export const deletionOutcomes = ["deleted", "deleting", "not-found", "left"] as const;

export const deleteConversations = createRoute({
  method: "post",
  path: "/conversations/delete",
  operationId: "deleteConversations",
  summary: "Delete many conversations with all their messages",
  description:
    "Deletes each as `deleteConversation` does. Send the ids with the outcome `left` again. After a 5xx send all again: " +
    "those already deleted are `not-found`.",
  tags: groups,
  security,
  request: {
    body: {
      required: true,
      content: json(
        z
          .strictObject({
            ids: z
              .array(identifier)
              .min(1)
              .max(deletedAtOnce)
              .refine((ids) => new Set(ids).size === ids.length, "must name each once"),
          })
          .openapi("Deletion", { example: { ids: ["trip"] } }),
      ),
    },
  },
  responses: {
    200: {
      description: "The outcome of each, in the order of the request.",
      content: json(
        z.object({
          items: z
            .array(
              z
                .object({
                  id: identifier,
                  outcome: z.enum(deletionOutcomes).openapi({
                    description:
                      "`deleting`: no reader sees it any more, and the tenant's maintenance finishes the deletion. " +
                      "`left`: not deleted, because the request ran out of time.",
                  }),
                })
                .openapi("DeletionOutcome"),
            )
            .readonly(),
        }),
      ),
    },
    ...problems(400, 413, 415),
  },
});
