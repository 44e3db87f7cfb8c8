import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { isBlank } from "../models/chat-model.ts";
import { attachedDocuments, citations, message, tokenUsage } from "./messages.ts";
import {
  conditions,
  conversationPath,
  header,
  idempotencyKeyHeader,
  identifier,
  json,
  modelId,
  problem,
  problems,
  signedIn,
  text,
  wellFormed,
} from "./parts.ts";

const exchange = z
  .object({
    userMessage: message,
    assistantMessage: message.openapi({
      description: "`isError` when the model failed: what it had said until then is kept.",
    }),
    usage: tokenUsage.nullable().openapi({
      description: "As the model's provider counts; estimated when the answer was stopped.",
    }),
  })
  .openapi("Exchange");

const events = z.string().openapi({
  description: [
    "Server-sent events:",
    "`delta` `{offset, text}`, the answer's text from that UTF-16 offset on, with the offset behind it as id;",
    "`message`, the Exchange as saved, which counts where it differs from the deltas;",
    "`error`, problem details; `done`, the end. A comment every 15 s of silence keeps the line open.",
  ].join(" "),
});

const streamHeaders = idempotencyKeyHeader.extend({
  "last-event-id": z
    .string()
    .regex(/^[0-9]{1,9}$/, "must be the id of an event")
    .optional()
    .openapi({
      description:
        "With the `Idempotency-Key` of the request whose stream broke off: goes on behind that " +
        "event. An answer that is still being made in the same process goes on; otherwise the " +
        "saved one is sent. `delta` with offset 0 means that the answer begins anew.",
    }),
});

const content = wellFormed
  .min(1)
  .refine((value) => !isBlank(value), "must not be blank")
  .openapi({
    description: "At most 960 KiB of UTF-8.",
    example: "What should I see in Lisbon?",
  });
const chosenModel = modelId.nullable().default(null).openapi({
  description: "Default: the conversation's, or else the first of `GET /models`.",
});

const answered = {
  200: {
    description: "Answered, in one piece or as a stream, as `Accept` says.",
    headers: {
      "Idempotency-Replayed": header("`true` when an earlier request began or saved this answer."),
    },
    content: { ...json(exchange), "text/event-stream": { schema: events } },
  },
};

const modelProblems = {
  ...problems(400, 404, 412, 413, 415, 422),
  409: failure("There is no such model here, or nothing to regenerate, or the state forbids it."),
  429: failure("The user's quota of tokens is used up until `Retry-After` seconds from now."),
};

const tags = ["chat"];
const security = signedIn;

export const listModels = createRoute({
  method: "get",
  path: "/models",
  operationId: "listModels",
  summary: "List the models that may be asked, the default first",
  tags,
  security,
  responses: {
    200: {
      description: "All there are; none is possible.",
      content: json(
        z.object({
          items: z
            .array(
              z
                .object({
                  id: modelId,
                  contextTokens: z.number().int(),
                  maxOutputTokens: z.number().int(),
                })
                .openapi("Model"),
            )
            .readonly(),
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
  summary: "Ask a model, and save question and answer together",
  description:
    "The model sees the conversation's instructions and as many of its last messages as fit, then " +
    "`citations` and `content`. Both messages are saved in one transaction when the answer has " +
    "ended, also when the model failed (`isError`), and when the client went away and the model " +
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
            content,
            modelId: chosenModel,
            documents: attachedDocuments,
            citations: citations.default([]).openapi({
              description:
                "Passages to answer from; kept with the answer, which cites them as [1]. Default: " +
                "what the conversation's documents say that shares words with the question.",
            }),
          })
          .openapi("Question"),
      ),
    },
  },
  responses: { ...answered, ...modelProblems },
});

export const regenerate = createRoute({
  method: "post",
  path: "/conversations/{id}/regenerate",
  operationId: "regenerate",
  summary: "Ask the last question again, as it was or edited",
  description:
    "Replaces the last answer, and with `content` its question too, in one transaction when the " +
    "new answer is whole; until then, and if the model fails, the old turn stands. Answers a last " +
    "question that has no answer yet. 412 if another message came meanwhile.",
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
            citations: citations.optional().openapi({
              description: "Default: those of the answer that is replaced.",
            }),
          })
          .openapi("Regeneration"),
      ),
    },
  },
  responses: {
    ...answered,
    ...modelProblems,
    502: failure("The model failed, and the old answer stands."),
  },
});

const messagePath = conversationPath.extend({
  messageId: identifier.openapi({ param: { name: "messageId", in: "path" } }),
});

export const putFeedback = createRoute({
  method: "put",
  path: "/conversations/{id}/messages/{messageId}/feedback",
  operationId: "putFeedback",
  summary: "Say what you think of an answer",
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
    200: { description: "The message with it.", content: json(message) },
    ...problems(400, 404, 413, 415),
  },
});

export const deleteFeedback = createRoute({
  method: "delete",
  path: "/conversations/{id}/messages/{messageId}/feedback",
  operationId: "deleteFeedback",
  summary: "Take it back",
  tags,
  security,
  request: { params: messagePath },
  responses: { 204: { description: "There is none any more." }, ...problems(400, 404) },
});

const period = tokenUsage
  .extend({
    period: z.string().openapi({ example: "2026-11-20" }),
    limit: z.number().int().nullable().openapi({
      description: "Tokens, given and answered together; null is unlimited.",
    }),
    endsAt: z.iso.datetime(),
  })
  .openapi("PeriodUsage");

export const getUsage = createRoute({
  method: "get",
  path: "/me/usage",
  operationId: "getUsage",
  summary: "Get the caller's tokens of the day and of the month, in UTC",
  tags,
  security,
  responses: {
    200: { description: "Counted.", content: json(z.object({ day: period, month: period })) },
    ...problems(),
  },
});

function failure(description: string) {
  return { description, content: { "application/problem+json": { schema: problem } } };
}
