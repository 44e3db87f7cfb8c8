import { Problem } from "../http/problem.ts";
import {
  type ChatModel,
  estimateSpoken,
  estimateTokens,
  isBlank,
  isSpoken,
  type Prompt,
  type Spoken,
} from "../models/chat-model.ts";
import { renderPassages } from "../models/passages.ts";
import type { Citation, Message } from "../store/message.ts";

/** Instructions for the model: one text for every conversation, or a function that returns a conversation's text. */
export type SystemPrompt =
  | string
  | ((about: {
      readonly user: string;
      readonly conversationId: string;
    }) => string | Promise<string>);

/** How many of the newest messages are read for a model at most, even if its context has room for more. */
export const longestWindow = 50;

/**
 * Builds the prompt, in this order:
 * 1. the instructions, the deployment's before the conversation's;
 * 2. as many of the last messages as there is room for, each as a whole. Failed answers and blank messages are
 *    left out;
 * 3. the passages and the question.
 *
 * Room is the model's context less its longest answer, in estimated tokens. Throws the problem `too-large` when
 * the instructions, the passages and the question do not fit, even without earlier messages.
 */
export function promptOf(
  model: ChatModel,
  history: readonly Message[],
  question: Spoken,
  passages: readonly Citation[],
  instructions = "",
): Prompt {
  const told = history.filter(({ role }) => role === "system").map(({ content }) => content);
  const system = [instructions, ...told].filter((text) => !isBlank(text)).join("\n\n");
  const measure = measureOf(model, history);
  const fixed = [system, renderPassages(passages)]
    .filter((content) => content !== "")
    .reduce((sum, content) => sum + measure({ content }), measure(question));
  let room = model.contextTokens - model.maxOutputTokens - fixed;
  if (room < 0) {
    throw new Problem("too-large", {
      detail: `The message, its passages and the instructions do not fit into ${model.id}.`,
    });
  }
  const spoken = history.filter(
    (message) => message.role !== "system" && !message.isError && isSpoken(message),
  );
  let first = spoken.length;
  for (; first > 0; first--) {
    room -= measure(spoken[first - 1] ?? nothing);
    if (room < 0) break;
  }
  const window = spoken.slice(model.cachesPrompts ? steady(spoken, first) : first);
  // Providers refuse a conversation that begins with an answer, so answers at the beginning are left out.
  const start = window.findIndex(({ role }) => role !== "assistant");
  const messages = (start < 0 ? [] : window.slice(start)).map(({ role, content, parts }) => ({
    // Results of tools are sent in the role of the user, as providers require.
    role: role === "assistant" ? ("assistant" as const) : ("user" as const),
    content,
    ...(parts !== undefined && { parts }),
  }));
  const asked = {
    role: "user" as const,
    content: question.content,
    ...(question.parts !== undefined && { parts: question.parts }),
  };
  return { system, messages: [...messages, asked], passages };
}

const nothing: Spoken = { content: "" };

/** How many messages the window moves on at a time, for a model that caches its prompts. */
const windowStep = 10;

/**
 * Index of the message at which the window begins, for a model that caches its prompts. A window that does not reach
 * back to the first message begins at the same message for several turns: if it moved with every turn, no prompt
 * would begin as the last one did, and the cache would never have it.
 *
 * @param first index of the earliest message that there is room for.
 */
function steady(spoken: readonly Message[], first: number): number {
  if (spoken[first]?.sequence === 1) return first;
  const begins = spoken.findIndex(
    ({ sequence }, index) => index >= first && sequence % windowStep === 1,
  );
  return begins < 0 ? first : begins;
}

/** Estimates are corrected only once the counted answers have this many estimated tokens together. */
const telling = 200;
/** Safety factor: messages may have more tokens than the correction by earlier answers says. */
const margin = 1.1;

/**
 * Returns a function that measures a message in tokens. For an answer of the same model, it returns the number that the
 * provider counted. For any other message, it returns an estimate. The estimate is corrected by the rate at which
 * the estimates of this conversation's answers were too high or too low.
 */
function measureOf(model: ChatModel, history: readonly Message[]): (message: Spoken) => number {
  const counted = new Map<Spoken, number>();
  let [real, estimated] = [0, 0];
  for (const message of history) {
    const { modelId, stopReason, usage, parts, content } = message;
    const isWhole = stopReason === "complete" || stopReason === "length";
    // An answer with parts is skipped: its count includes the tokens of reasoning and of tool calls.
    if (modelId !== model.id || usage === null || !isWhole || parts !== undefined) continue;
    counted.set(message, usage.outputTokens);
    real += usage.outputTokens;
    estimated += estimateTokens(content);
  }
  const rate = estimated < telling ? 1 : Math.min(2, Math.max(0.4, (real / estimated) * margin));
  return (message) => {
    const known = counted.get(message);
    if (known !== undefined) return known + 4;
    const text = estimateTokens(message.content);
    return Math.ceil(estimateSpoken(message) + text * (rate - 1));
  };
}

/** Estimates the tokens of a prompt and its answer, where the provider has not reported them. */
export function estimateUsage(prompt: Prompt, answer: string) {
  const { system, passages, messages } = prompt;
  const fixed = tokens([system, renderPassages(passages)]);
  const inputTokens = messages.reduce((sum, message) => sum + estimateSpoken(message), fixed);
  return { inputTokens, outputTokens: estimateTokens(answer) };
}

function tokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + (text === "" ? 0 : estimateTokens(text)), 0);
}
