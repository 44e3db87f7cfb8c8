import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { busyPolicies } from "../chat/runs.ts";
import { uiMessageStreamType } from "../chat/ui-message-stream.ts";
import { intakes, isBlank, isSpoken } from "../models/chat-model.ts";
import { conversation } from "./conversations.ts";
import {
  agreesWithParts,
  attachedDocuments,
  citations,
  contentOfBody,
  disagreesWithParts,
  message,
  newParts,
  part,
  tokenUsage,
} from "./messages.ts";
import {
  conditions,
  conversationPath,
  header,
  idempotencyKeyHeader,
  identifier,
  json,
  modelId,
  optionName,
  problem,
  problems,
  rateLimit,
  signedIn,
  text,
  timestamp,
  wellFormed,
} from "./parts.ts";

const exchange = z
  .object({
    userMessage: message,
    assistantMessage: message.openapi({
      description:
        "With `isError` if the model failed; the content is then what it had written so far.",
    }),
    usage: tokenUsage.nullable().openapi({
      description: "As counted by the model's provider. Estimated if the answer was stopped.",
    }),
  })
  .openapi("Exchange");

const events = z.string().openapi({
  description: [
    "Server-sent events:",
    "`delta` `{offset, text}`: the answer's text from that UTF-16 offset on; its id is the offset of the end of the text.",
    "`part` `{index, offset, part}`: a tool's call, a tool's result or reasoning at that offset.",
    "`message`: the Exchange as saved. If it differs from the deltas, use this one.",
    "`error`: problem details. `done`: the end. A comment after every 15 s of silence keeps the connection open.",
  ].join(" "),
});

const uiMessages = z.string().openapi({
  description:
    "The same answer in the format of the AI SDK's `useChat` (UI message stream, version 1). It always starts at the " +
    "beginning of the answer. The last event has the saved message, without its content, as metadata.",
});

const streamHeaders = idempotencyKeyHeader.extend({
  "last-event-id": z
    .string()
    .regex(/^[0-9]{1,9}$/, "must be the id of an event")
    .optional()
    .openapi({
      description:
        "Id of the last event that the client has. Send it with the `Idempotency-Key` of the interrupted request: the " +
        "stream continues after that event. It sends the running answer if the same process is still making it, " +
        "otherwise the saved one. A `delta` with offset 0 means that the answer starts again.",
    }),
});

/** Of a user: what models and their tools say is none of a question. */
const asked = newParts.refine(
  (parts) => parts?.every(({ type }) => questionTypes.some((one) => one === type)) ?? true,
  "must be text, images, files or data",
);
const questionTypes = ["text", "image", "file", "data"] as const;

const content = wellFormed
  .min(1)
  .refine((value) => !isBlank(value), "must not be blank")
  .openapi({
    description: "At most 960 KiB of UTF-8.",
    example: "What should I see in Lisbon?",
  });
const chosenModel = modelId.nullable().default(null).openapi({
  description: "Default: the conversation's model, or the first of `GET /models` if it has none.",
});

const whenBusy = z
  .enum(busyPolicies)
  .optional()
  .openapi({
    description:
      "What to do while another question of the conversation is being answered. `parallel` (default): answer both. " +
      "`refuse`: return 409. `queue`: wait up to 30 seconds. `interrupt`: stop the other answer and save its text so far.",
  });

const answered = {
  200: {
    description: "The answer, as JSON or as a stream, depending on `Accept`.",
    headers: {
      "Idempotency-Replayed": header("`true` if an earlier request started or saved this answer."),
      ...rateLimit,
    },
    content: {
      ...json(exchange),
      "text/event-stream": { schema: events },
      [uiMessageStreamType]: { schema: uiMessages },
    },
  },
};

export const modelProblems = {
  ...problems(400, 404, 413, 415, 422),
  409: failure(
    "The model or the conversation's guardrail is not available, there is nothing to regenerate, another question is " +
      "being answered, or the conversation's state does not allow it.",
  ),
  429: failure("The user's quota of tokens is used up. It is renewed in `Retry-After` seconds."),
};

const tags = ["chat"];
const security = signedIn;

export const listModels = createRoute({
  method: "get",
  path: "/models",
  operationId: "listModels",
  summary: "List the available models, the default first",
  tags,
  security,
  responses: {
    200: {
      description: "All models. The list may be empty.",
      content: json(
        z.object({
          items: z
            .array(
              z
                .object({
                  id: modelId,
                  contextTokens: z.number().int(),
                  maxOutputTokens: z.number().int(),
                  takes: z
                    .array(z.enum(intakes))
                    .readonly()
                    .openapi({ description: "Kinds of input that the model takes besides text." }),
                })
                .openapi("Model"),
            )
            .readonly(),
          tools: z
            .array(z.object({ name: optionName, description: z.string() }))
            .readonly()
            .openapi({
              description: "Tools that models may call. A conversation may allow fewer.",
            }),
          guardrails: z.array(optionName).readonly().openapi({
            description: "Guardrails. A conversation may choose one for its questions and answers.",
          }),
        }),
      ),
    },
    ...problems(),
  },
});

export const chat = createRoute({
  method: "post",
  path: "/conversations/{id}/chat",
  operationId: "chat",
  summary: "Ask a model, and save the question with its answer",
  description:
    "The model gets the conversation's instructions and as many of its last messages as fit, then " +
    "`citations` and `content`. Question and answer are saved in one transaction when the answer has " +
    "ended. They are also saved if the model failed (`isError`), or if the client disconnected and the model " +
    "was stopped (`stopReason: aborted`).",
  tags,
  security,
  request: {
    params: conversationPath,
    headers: streamHeaders,
    body: {
      required: true,
      content: json(
        z
          .strictObject({
            content: content.optional(),
            parts: asked,
            modelId: chosenModel,
            whenBusy,
            documents: attachedDocuments,
            citations: citations.default([]).openapi({
              description:
                "Passages for the model. They are saved with the answer, which cites them as [1]. Default: " +
                "passages of the conversation's documents that share words with the question.",
            }),
          })
          .refine((body) => isSpoken({ content: contentOfBody(body), parts: body.parts }), {
            path: ["content"],
            message: "must not be blank, unless there is an image or a file",
          })
          .refine(agreesWithParts, disagreesWithParts)
          .openapi("Question", { example: { content: "What should I see in Lisbon?" } }),
      ),
    },
  },
  responses: { ...answered, ...modelProblems },
});

export const titleConversation = createRoute({
  method: "post",
  path: "/conversations/{id}/title",
  operationId: "titleConversation",
  summary: "Let a model write the title",
  description:
    "Replaces a title that was made from the first question. If a user or a model has written the title, it stays, and no " +
    "model is asked. The model reads the beginning of the question and of its answer, about 1,000 tokens, and writes at " +
    "most 32. They count towards the caller's usage.",
  tags,
  security,
  request: { params: conversationPath },
  responses: {
    200: {
      description: "The conversation with its present title.",
      headers: { ETag: header("The version, as strong entity tag.") },
      content: json(conversation),
    },
    ...problems(400, 404),
    409: modelProblems[409],
    429: modelProblems[429],
    502: failure("The model failed."),
  },
});

export const regenerate = createRoute({
  method: "post",
  path: "/conversations/{id}/regenerate",
  operationId: "regenerate",
  summary: "Ask the last question again, as it was or edited",
  description:
    "Replaces the last answer, and its question too if `content` is given, in one transaction when the " +
    "new answer is complete. Until then, and if the model fails, the old question and answer stay. If the last question " +
    "has no answer yet, it is answered. 412 if another message was added meanwhile.",
  tags,
  security,
  request: {
    params: conversationPath,
    headers: streamHeaders.extend(conditions.shape),
    body: {
      required: true,
      content: json(
        z
          .strictObject({
            content: content.optional(),
            modelId: chosenModel,
            whenBusy,
            citations: citations.optional().openapi({
              description: "Default: the citations of the answer that is replaced.",
            }),
          })
          .openapi("Regeneration"),
      ),
    },
  },
  responses: {
    ...answered,
    ...modelProblems,
    ...problems(412),
    502: failure("The model failed. The old answer stays."),
  },
});

const running = z
  .object({
    id: identifier,
    question: z
      .object({ content: z.string(), parts: z.array(part).readonly().optional() })
      .openapi("RunningQuestion"),
    isCut: z
      .boolean()
      .openapi({ description: "Whether this is only the beginning of a long question." }),
    startedAt: timestamp,
    endsBy: timestamp.openapi({
      description:
        "Time at which the answer counts as ended, at most a minute from now. The process that makes it moves this time forward.",
    }),
    isStopped: z
      .boolean()
      .openapi({ description: "Whether somebody has asked for the answer to stop." }),
  })
  .openapi("RunningAnswer");

export const getRunningAnswer = createRoute({
  method: "get",
  path: "/conversations/{id}/running",
  operationId: "getRunningAnswer",
  summary: "Get the question that is being answered",
  description:
    "The question is saved with its answer, so it is not among the messages yet. If several are being answered, this is the newest.",
  tags,
  security,
  request: { params: conversationPath },
  responses: {
    200: {
      description: "The running answer, or null.",
      content: json(z.object({ running: running.nullable() })),
    },
    ...problems(400),
  },
});

export const stopRunningAnswer = createRoute({
  method: "delete",
  path: "/conversations/{id}/running",
  operationId: "stopRunningAnswer",
  summary: "Stop the answer that is being made, in any process",
  description:
    "The answer stops within about a second. Its text so far is saved with the question (`stopReason: aborted`).",
  tags,
  security,
  request: { params: conversationPath },
  responses: {
    202: {
      description: "The answer was asked to stop.",
      content: json(z.object({ status: z.literal("stopping") })),
    },
    204: { description: "No answer is being made." },
    ...problems(400),
  },
});

const messagePath = conversationPath.extend({
  messageId: identifier.openapi({ param: { name: "messageId", in: "path" } }),
});

export const putFeedback = createRoute({
  method: "put",
  path: "/conversations/{id}/messages/{messageId}/feedback",
  operationId: "putFeedback",
  summary: "Rate an answer",
  tags,
  security,
  request: {
    params: messagePath,
    body: {
      required: true,
      content: json(
        z
          .strictObject({
            rating: z.enum(["up", "down"]),
            comment: text(2_000).min(1).nullable().default(null),
          })
          .openapi("NewFeedback"),
      ),
    },
  },
  responses: {
    200: { description: "The message with its rating.", content: json(message) },
    ...problems(400, 404, 413, 415),
  },
});

export const deleteFeedback = createRoute({
  method: "delete",
  path: "/conversations/{id}/messages/{messageId}/feedback",
  operationId: "deleteFeedback",
  summary: "Remove the rating of an answer",
  tags,
  security,
  request: { params: messagePath },
  responses: { 204: { description: "Removed." }, ...problems(400, 404) },
});

const period = tokenUsage
  .extend({
    period: z.string().openapi({ example: "2026-11-20" }),
    limit: z.number().int().nullable().openapi({
      description: "Tokens, input and output together. Null: unlimited.",
    }),
    endsAt: z.iso.datetime(),
  })
  .openapi("PeriodUsage");

export const getUsage = createRoute({
  method: "get",
  path: "/me/usage",
  operationId: "getUsage",
  summary: "Get the tokens that the caller used this day and this month (UTC)",
  tags,
  security,
  responses: {
    200: {
      description: "The caller's usage.",
      content: json(z.object({ day: period, month: period })),
    },
    ...problems(),
  },
});

function failure(description: string) {
  return { description, content: { "application/problem+json": { schema: problem } } };
}
