import { setTimeout as sleep } from "node:timers/promises";
import { keepable } from "../contract/any-json.ts";
import type { PartOf } from "../parts/parts.ts";
import {
  type ChatModel,
  estimateTokens,
  intakes,
  ModelError,
  type ModelEvent,
  type Prompt,
} from "./chat-model.ts";
import { renderPassages } from "./passages.ts";

/** Waits before each word; rejects when the signal aborts. */
export type Pace = (signal: AbortSignal) => Promise<void>;

const wordDelayMs = 15;
const unhurried: Pace = (signal) => sleep(wordDelayMs, undefined, { signal });

/**
 * A model without a model, for laptops and tests: the same prompt always gets the same answer, word
 * by word. It repeats the question and quotes the passages it is given. A question may be a command:
 *
 * - `/words 500` answers with so many words
 * - `/endless` answers until it is stopped
 * - `/fail 3` breaks off after so many words
 * - `/throttled` fails before the first one
 * - `/prompt` lists what it was given, as JSON
 * - `/tool weather {"city":"Lisbon"}` calls a tool with that input, and repeats what it answers
 * - `/tools weather {"city":"Lisbon"}` calls it again and again
 */
export function embeddedModels(pace: Pace = unhurried): readonly ChatModel[] {
  return [
    embeddedModel(
      { id: "embedded", contextTokens: 32_768, maxOutputTokens: 4_096, takes: intakes },
      pace,
    ),
    embeddedModel(
      { id: "embedded-small", contextTokens: 2_048, maxOutputTokens: 512, takes: [] },
      pace,
    ),
  ];
}

function embeddedModel(limits: Omit<ChatModel, "answer">, pace: Pace): ChatModel {
  return {
    ...limits,
    async *answer(prompt, signal): AsyncGenerator<ModelEvent> {
      let said = "";
      for (const word of wordsFor(prompt)) {
        await pace(signal);
        signal.throwIfAborted();
        if (word === throttled) throw new ModelError("throttled");
        if (word === failure) throw new ModelError("interrupted");
        said += word;
        yield { type: "text", text: word };
      }
      const call = callOf(prompt);
      if (call !== undefined) yield { type: "part", part: call };
      const given = [prompt.system, renderPassages(prompt.passages), ...contents(prompt)];
      yield {
        type: "end",
        stopReason: call === undefined ? "complete" : "tools",
        usage: {
          inputTokens: given.reduce((sum, text) => sum + estimateTokens(text), 0),
          outputTokens: estimateTokens(said),
        },
        responseId: `embedded-${prompt.messages.length}`,
      };
    },
  };
}

const failure = Symbol("failure");
const throttled = Symbol("throttled");

function* wordsFor(prompt: Prompt): Generator<string | typeof failure | typeof throttled> {
  const question = prompt.messages.at(-1)?.content ?? "";
  const [, command = "", count = "0"] = /^\/(\w+)(?: (\d+))?/.exec(question) ?? [];
  switch (command) {
    case "words":
      yield* numbered(Number(count));
      break;
    case "endless":
      yield* numbered(Number.POSITIVE_INFINITY);
      break;
    case "fail":
      yield* numbered(Number(count));
      yield failure;
      break;
    case "throttled":
      yield throttled;
      break;
    case "prompt":
      yield JSON.stringify(prompt, (_, value: unknown) =>
        value instanceof Map ? [...value.values()].map(({ length }) => length) : value,
      );
      break;
    case "tool":
    case "tools":
      if (callOf(prompt) !== undefined) yield "Let me look. ";
      else yield* wordsOf(`It says: ${JSON.stringify(answersIn(prompt))}`);
      break;
    default:
      yield* wordsOf(`You said: ${question}`);
      for (const [index, { quote = "" }] of prompt.passages.entries()) {
        yield* wordsOf(`\n\n> ${quote} [${index + 1}]`);
      }
  }
}

/** What it calls, if the question says so; its number tells one call from the next. */
function callOf({ messages, steps = [], tools = [] }: Prompt): PartOf<"tool-call"> | undefined {
  const question = messages.at(-1)?.content ?? "";
  const [, command, toolName = "", text = "{}"] =
    /^\/(tools?) ([\w-]+)(?: (.*))?$/.exec(question) ?? [];
  const isDue = command === "tools" || steps.length === 0;
  if (command === undefined || !isDue || tools.length === 0) return undefined;
  const toolCallId = `call-${steps.length / 2 + 1}`;
  return { type: "tool-call", toolCallId, toolName, input: keepable().parse(JSON.parse(text)) };
}

function answersIn({ steps = [] }: Prompt) {
  return steps.flatMap(({ parts = [] }) =>
    parts.flatMap((part) => (part.type === "tool-result" ? [part.output] : [])),
  );
}

function* numbered(count: number): Generator<string> {
  for (let index = 1; index <= count; index++) yield `word${index} `;
}

/** Each word with the white space in front of it, and what is left at the end: joined they are the text. */
function wordsOf(text: string): readonly string[] {
  return text.split(/(?<=\S)(?=\s)/);
}

const contents = ({ messages }: Prompt) => messages.map(({ content }) => content);
