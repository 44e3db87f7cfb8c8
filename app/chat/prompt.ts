import { Problem } from "../http/problem.ts";
import { type ChatModel, estimateTokens, isBlank, type Prompt } from "../models/chat-model.ts";
import { renderPassages } from "../models/passages.ts";
import type { Citation, Message } from "../store/message.ts";

/** No conversation is read further back than this for a model, whatever its context holds. */
export const longestWindow = 50;

/**
 * What the model is told: instructions first, then as many of the last messages as its context has
 * room for, each whole or not at all, then passages and the question. Failed answers and
 * blank messages are left out. Room is what the model's context leaves beside its longest answer, in estimated tokens.
 *
 * The problem `too-large` when not even the question fits.
 */
export function promptOf(
  model: ChatModel,
  history: readonly Message[],
  question: string,
  passages: readonly Citation[],
): Prompt {
  const system = history
    .filter(({ role, content }) => role === "system" && !isBlank(content))
    .map(({ content }) => content)
    .join("\n\n");
  const fixed = [system, renderPassages(passages), question];
  let room = model.contextTokens - model.maxOutputTokens - tokens(fixed);
  if (room < 0) {
    throw new Problem("too-large", {
      detail: `The message, its passages and the instructions do not fit into ${model.id}.`,
    });
  }
  const spoken = history.filter(
    ({ role, isError, content }) => role !== "system" && !isError && !isBlank(content),
  );
  let first = spoken.length;
  for (; first > 0; first--) {
    room -= estimateTokens(spoken[first - 1]?.content ?? "");
    if (room < 0) break;
  }
  const window = spoken.slice(first);
  // An answer without its question would begin the conversation, which providers refuse.
  const start = window.findIndex(({ role }) => role !== "assistant");
  const messages = (start < 0 ? [] : window.slice(start)).map(({ role, content }) => ({
    // What a tool found out is told by the user's side, as providers want it.
    role: role === "assistant" ? ("assistant" as const) : ("user" as const),
    content,
  }));
  return { system, messages: [...messages, { role: "user", content: question }], passages };
}

/** For answers whose provider never came to say what they took. */
export function estimateUsage(prompt: Prompt, answer: string) {
  const { system, passages, messages } = prompt;
  const given = [system, renderPassages(passages), ...messages.map(({ content }) => content)];
  return { inputTokens: tokens(given), outputTokens: estimateTokens(answer) };
}

function tokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + (text === "" ? 0 : estimateTokens(text)), 0);
}
