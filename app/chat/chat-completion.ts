import { randomUUID } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type * as z from "zod";
import type { AppEnv } from "../context.ts";
import type { CompletionMessage } from "../contract/completions.ts";
import { contentOfBody, newParts } from "../contract/messages.ts";
import { problemOf } from "../http/failures.ts";
import { Problem } from "../http/problem.ts";
import { isBlank } from "../models/chat-model.ts";
import type { Message, StopReason } from "../store/message.ts";
import type { EventFormat } from "./event-stream.ts";
import type { Exchange, Step } from "./turn.ts";

/** What is the same in all objects of one answer. */
export interface Completion {
  readonly conversation: string;
  readonly model: string;
  /** Whether the stream ends with the tokens that the answer took. */
  readonly includesUsage: boolean;
}

/** What the last message asks, which is the user's: its text, and its parts where images are among them. */
export function questionOf(messages: readonly CompletionMessage[]): Question {
  const index = messages.length - 1;
  const { role, content = "" } = messages[index] ?? {};
  const given = typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
  if (role !== "user")
    throw refused(index, "must have the role user, as the question that is to be answered");
  const parts = given.map((part, at) => partOf(part, `${index}/content/${at}`));
  const isTextAlone = parts.every(({ type }) => type === "text");
  const checked = newParts.safeParse(parts);
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  if (isTextAlone ? isBlank(text) || !text.isWellFormed() : !checked.success) {
    const [fault] = checked.error?.issues ?? [];
    const isOfPart = !isTextAlone && fault !== undefined;
    throw refused(
      isOfPart ? `${index}/content/${String(fault.path[0] ?? 0)}` : index,
      isOfPart ? fault.message : "must be well-formed Unicode, and not blank",
    );
  }
  if (isTextAlone || !checked.success) return { content: text };
  return { content: contentOfBody({ parts: checked.data }), parts: checked.data };
}

interface Question {
  readonly content: string;
  readonly parts?: z.output<typeof newParts>;
}

const refused = (at: string | number, message: string) =>
  new Problem("validation", { errors: [{ in: "body", pointer: `/messages/${at}`, message }] });

const dataUrl = /^data:([a-z]+\/[a-z]+);base64,/;

/** A part of OpenAI's as one of ours. Whether what it holds is an image is for `newParts` to say. */
function partOf(
  { type, text, image_url: image }: Record<string, unknown>,
  at: string,
): { type: "text"; text: string } | { type: "image"; mediaType: string; data: string } {
  if (type === "text" && typeof text === "string") return { type, text };
  if (type !== "image_url")
    throw refused(at, "must be text or image_url: documents are added with POST /documents");
  const url = typeof image === "object" && image !== null && "url" in image ? image.url : undefined;
  if (typeof url !== "string") throw refused(`${at}/image_url/url`, "must be a data: URL");
  const [prefix = "", mediaType = ""] = dataUrl.exec(url) ?? [];
  if (prefix === "")
    throw refused(
      `${at}/image_url/url`,
      "must be a data: URL in base64: the API fetches no address that a user names",
    );
  return { type: "image", mediaType, data: url.slice(prefix.length) };
}

/** Gives every refusal the member that the `openai` packages look for. */
export const openAiErrors = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.error === undefined) return;
  const { status, headers } = c.res;
  c.res = undefined;
  c.res = new Response(JSON.stringify(errorOf(problemOf(c.error))), { status, headers });
});

/** A turn in one piece, as OpenAI's chat completion object. */
export function chatCompletion({ userMessage, assistantMessage }: Exchange, about: Completion) {
  const { content, citations } = assistantMessage;
  return {
    // A repeated request is told the same.
    ...identity(about, new Date(assistantMessage.timestamp)),
    object: "chat.completion" as const,
    choices: [
      {
        index: 0,
        message: { role: "assistant" as const, content, refusal: null, citations },
        finish_reason: finishReasonOf(assistantMessage),
        logprobs: null,
      },
    ],
    usage: usageOf(assistantMessage),
    metadata: {
      conversation_id: about.conversation,
      message_id: assistantMessage.id,
      user_message_id: userMessage.id,
    },
  };
}

/** A turn as OpenAI's chat completion chunks, which the `openai` packages read. */
export function chatCompletionChunks(about: Completion, created: Date): EventFormat {
  const shared = {
    ...identity(about, created),
    object: "chat.completion.chunk",
    metadata: { conversation_id: about.conversation },
  };
  const chunk = (delta: object, finish_reason: string | null = null) =>
    data({ ...shared, choices: [{ index: 0, delta, finish_reason, logprobs: null }] });
  let isBegun = false;
  return {
    render(step: Step) {
      const begin = isBegun ? "" : chunk({ role: "assistant", content: "" });
      isBegun = true;
      if (step.type === "text") return begin + chunk({ content: step.text });
      // Tools run here: to these clients a call would be one for them to run.
      if (step.type === "part") return begin;
      const { exchange, failure } = step.outcome;
      // The packages throw what `error` holds, and read no further.
      if (failure !== undefined) return `${begin}${data(errorOf(failure))}${done}`;
      const message = exchange?.assistantMessage;
      const { citations = [] } = message ?? {};
      return [
        begin,
        chunk(citations.length > 0 ? { citations } : {}, finishReasonOf(message)),
        about.includesUsage && message !== undefined
          ? data({ ...shared, choices: [], usage: usageOf(message) })
          : "",
        done,
      ].join("");
    },
  };
}

/** Problem details with the member that the `openai` packages take their errors' words from. */
function errorOf(problem: Problem) {
  const { options, kind, message } = problem;
  const [field] = options.errors ?? [];
  const told = options.detail ?? (field && `${field.pointer} ${field.message}`);
  return {
    ...problem.toJSON(),
    error: {
      message: told === undefined ? message : `${message}: ${told}`,
      type: kind,
      code: kind,
      param: field?.pointer ?? null,
    },
  };
}

function identity({ model }: Completion, created: Date) {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(created.getTime() / 1000), model };
}

function usageOf({ usage }: Message) {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens } = usage ?? {};
  return {
    prompt_tokens: inputTokens,
    ...(cacheReadTokens !== undefined && {
      prompt_tokens_details: { cached_tokens: cacheReadTokens },
    }),
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

function finishReasonOf(message: Message | undefined) {
  const reasons = {
    complete: "stop",
    length: "length",
    filtered: "content_filter",
    aborted: "stop",
    error: "stop",
  } as const satisfies Record<StopReason, string>;
  return reasons[message?.stopReason ?? "complete"];
}

const done = "data: [DONE]\n\n";

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
