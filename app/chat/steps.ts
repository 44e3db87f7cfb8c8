import type { ChatModel, ModelEvent, Prompt, PromptMessage } from "../models/chat-model.ts";
import { contentOfParts, type MessagePart, type PartOf } from "../parts/parts.ts";
import type { StopReason, TokenUsage } from "../store/message.ts";
import { mostCalls } from "./tools.ts";

/** Times that a model is asked for one answer: what it calls beyond that is not run. */
export const mostSteps = 8;

/** Bytes of JSON that calls and results of one answer may have. */
const mostToolBytes = 384 * 1024;

/** What a turn sees: of a model and its tools together. */
export type TurnEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "part"; readonly part: Exclude<MessagePart, PartOf<"text">> }
  | {
      readonly type: "end";
      readonly stopReason: StopReason;
      readonly usage: TokenUsage;
      readonly responseId: string | null;
    };

/**
 * Asks the model, runs what it calls, tells it what came of it, and asks again, until it calls nothing more. Ends
 * with `length` where the steps or the bytes do not suffice.
 */
export async function* answerInSteps(
  model: ChatModel,
  prompt: Prompt,
  run: (call: PartOf<"tool-call">) => Promise<PartOf<"tool-result">>,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const steps: PromptMessage[] = [];
  let usage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  let bytes = 0;
  for (let step = 1; ; step++) {
    const said: MessagePart[] = [];
    let end: Extract<ModelEvent, { type: "end" }> | undefined;
    for await (const event of model.answer(
      { ...prompt, ...(steps.length > 0 && { steps }) },
      signal,
    )) {
      if (event.type === "end") end = event;
      else {
        said.push(event.type === "text" ? event : event.part);
        yield event;
      }
    }
    // The turn knows what it means that there is none.
    if (end === undefined) return;
    usage = sumOf(usage, end.usage);
    const calls = said.flatMap((part) => (part.type === "tool-call" ? [part] : []));
    const { responseId, stopReason } = end;
    if (stopReason !== "tools" || calls.length === 0) {
      yield {
        type: "end",
        stopReason: stopReason === "tools" ? "complete" : stopReason,
        usage,
        responseId,
      };
      return;
    }
    bytes += Buffer.byteLength(JSON.stringify(calls));
    if (step === mostSteps || calls.length > mostCalls || bytes > mostToolBytes) {
      yield { type: "end", stopReason: "length", usage, responseId };
      return;
    }
    const results = await Promise.all(calls.map(run));
    signal.throwIfAborted();
    for (const part of results) yield { type: "part", part };
    bytes += Buffer.byteLength(JSON.stringify(results));
    const text = contentOfParts(said);
    steps.push({ role: "assistant", content: text, parts: joined(said) });
    steps.push({ role: "user", content: "", parts: results });
  }
}

function sumOf(one: TokenUsage, other: TokenUsage): TokenUsage {
  const cacheReadTokens = (one.cacheReadTokens ?? 0) + (other.cacheReadTokens ?? 0);
  const cacheWriteTokens = (one.cacheWriteTokens ?? 0) + (other.cacheWriteTokens ?? 0);
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(cacheReadTokens > 0 && { cacheReadTokens }),
    ...(cacheWriteTokens > 0 && { cacheWriteTokens }),
  };
}

/** Neighbouring pieces of text are one. */
export function joined(parts: readonly MessagePart[]): MessagePart[] {
  const all: MessagePart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.type === "text" && last?.type === "text") {
      all[all.length - 1] = { type: "text", text: last.text + part.text };
    } else all.push(part);
  }
  return all;
}
