import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { modelProblems } from "./chat.ts";
import { citations } from "./messages.ts";
import {
  header,
  idempotencyKeyHeader,
  identifier,
  json,
  modelId,
  rateLimit,
  signedIn,
} from "./parts.ts";

/** Headers of the `openai` package. They are declared so that a browser may send them (CORS). Nothing reads them. */
const clientHeaders = [
  ...["arch", "lang", "os", "package-version", "retry-count", "runtime", "runtime-version"],
  "timeout",
].map((name) => `x-stainless-${name}`);

const notUsed = z.number().nullish().openapi({
  description: "Accepted and ignored: the conversation's `settings` apply.",
});

const message = z
  .looseObject({
    role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
    content: z
      .union([z.string(), z.array(z.looseObject({ type: z.string() })), z.null()])
      .optional(),
  })
  .openapi("CompletionMessage", { example: { role: "user", content: "What should I see?" } });

export type CompletionMessage = z.infer<typeof message>;

const request = z
  .strictObject({
    model: modelId,
    messages: z
      .array(message)
      .min(1)
      .max(2_000)
      .openapi({
        description:
          "The last message is the question: role `user`, text, and images as `data:` URLs. Earlier messages are ignored: the " +
          "API uses the saved conversation.",
      }),
    metadata: z.strictObject({ conversation_id: identifier }).openapi({
      description: "Id of an existing conversation, in which question and answer are saved.",
    }),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().optional() }).nullish().openapi({
      description: "`include_usage` adds the number of tokens at the end of the stream.",
    }),
    n: z.literal(1).nullish(),
    temperature: notUsed,
    top_p: notUsed,
    presence_penalty: notUsed,
    frequency_penalty: notUsed,
    seed: notUsed,
  })
  .openapi("CompletionRequest");

const finishReason = z.enum(["stop", "length", "content_filter"]);

const completion = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.number().int().openapi({ description: "Seconds since 1970." }),
    model: modelId,
    choices: z.array(
      z.object({
        index: z.number().int(),
        message: z.object({
          role: z.literal("assistant"),
          content: z.string(),
          refusal: z.null(),
          citations: citations.readonly().openapi({ description: "Not part of OpenAI's format." }),
        }),
        finish_reason: finishReason,
        logprobs: z.null(),
      }),
    ),
    usage: z.object({
      prompt_tokens: z.number().int(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().int() }).optional(),
      completion_tokens: z.number().int(),
      total_tokens: z.number().int(),
    }),
    metadata: z.object({
      conversation_id: identifier,
      message_id: z.string(),
      user_message_id: z.string(),
    }),
  })
  .openapi("Completion");

export const createCompletion = createRoute({
  method: "post",
  path: "/chat/completions",
  operationId: "createCompletion",
  summary: "Ask a model in the format of OpenAI's chat completions",
  description:
    "The operation `chat` for the `openai` packages and compatible clients. The API reads only the last message; " +
    "the model gets the saved conversation. Errors are problem details with OpenAI's " +
    "member `error` added.",
  tags: ["chat"],
  security: signedIn,
  request: {
    headers: idempotencyKeyHeader.extend(
      Object.fromEntries(clientHeaders.map((name) => [name, z.string().optional()])),
    ),
    body: { required: true, content: json(request) },
  },
  responses: {
    200: {
      description: "The answer, as JSON or as a stream, depending on `stream`.",
      headers: {
        "Idempotency-Replayed": header(
          "`true` if an earlier request started or saved this answer.",
        ),
        ...rateLimit,
      },
      content: {
        ...json(completion),
        "text/event-stream": {
          schema: z.string().openapi({
            description:
              "Server-sent events, each with a chat completion chunk or an `{error}`, and `[DONE]` at the end.",
          }),
        },
      },
    },
    ...modelProblems,
  },
});
