import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { UsageError } from "../../offline/usage-error.ts";
import {
  type Answers,
  type ConverseEvent,
  converseRequest,
  ModelRefusal,
  statusOf,
} from "./converse.ts";
import { callOptionsOf } from "./prompt.ts";

/** What of the AI SDK's provider interface (`LanguageModelV2` and later) is needed. */
interface LanguageModel {
  doStream(options: object): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

interface Provider {
  languageModel(id: string): unknown;
}

/** A server that speaks OpenAI's chat completions. */
export async function openAiCompatible(
  baseURL: string,
  model: string,
  apiKey?: string,
): Promise<Answers> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const provider = createOpenAICompatible({
    name: "local",
    baseURL,
    includeUsage: true,
    ...(apiKey !== undefined && { apiKey }),
  });
  return answersOf(provider.languageModel(model));
}

/** A provider's package of the user's own, e.g. `@ai-sdk/anthropic`, which finds its key by itself. */
export async function providerAnswers(name: string, model: string): Promise<Answers> {
  const found: Record<string, unknown> = await load(name);
  const provider = Object.values(found).find(isProvider);
  const opened = provider?.languageModel(model);
  if (!isLanguageModel(opened)) {
    throw new UsageError(`--models: ${name} exports no provider of the AI SDK`);
  }
  return answersOf(opened);
}

/** From the user's project, where it is installed. */
async function load(name: string) {
  const require = createRequire(join(process.cwd(), "package.json"));
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    throw new UsageError(
      `--models: the package ${name} is not installed here. Install it: npm install ${name}`,
    );
  }
  return import(pathToFileURL(path).href);
}

const has = (value: unknown, name: string) =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  typeof Reflect.get(value, name) === "function";

function isProvider(value: unknown): value is Provider {
  return has(value, "languageModel");
}

function isLanguageModel(value: unknown): value is LanguageModel {
  return has(value, "doStream");
}

function answersOf(model: LanguageModel): Answers {
  return async (body, abortSignal) => {
    const request = converseRequest.parse(body);
    // A guardrail is Bedrock's: without it, the conversation gets no answer.
    if (request.guardrailConfig !== undefined) throw new ModelRefusal(400);
    try {
      const { stream } = await model.doStream({ ...callOptionsOf(request), abortSignal });
      return eventsOf(stream);
    } catch (error) {
      throw new ModelRefusal(statusOf(error));
    }
  };
}

/** A number in version 2 of the interface. */
const tokens = z
  .union([z.number(), z.object({ total: z.number().optional() })])
  .optional()
  .transform((count) => (typeof count === "object" ? count.total : count) ?? 0);

const part = z.union([
  z.object({ type: z.literal("text-delta"), delta: z.string() }),
  z.object({ type: z.literal("reasoning-delta"), delta: z.string() }),
  z.object({
    type: z.literal("tool-call"),
    toolCallId: z.string(),
    toolName: z.string(),
    /** JSON. */
    input: z.string(),
  }),
  z.object({
    type: z.literal("finish"),
    finishReason: z.union([
      z.string(),
      z.object({ unified: z.string() }).transform(({ unified }) => unified),
    ]),
    usage: z.object({ inputTokens: tokens, outputTokens: tokens }),
  }),
  z.object({ type: z.literal("error"), error: z.unknown() }),
]);

const stopReasons: Readonly<Record<string, string>> = {
  length: "max_tokens",
  "content-filter": "content_filtered",
  "tool-calls": "tool_use",
};

async function* eventsOf(stream: ReadableStream<unknown>): AsyncGenerator<ConverseEvent> {
  let contentBlockIndex = 0;
  let open: "text-delta" | "reasoning-delta" | undefined;
  for await (const value of stream) {
    const { data } = part.safeParse(value);
    if (data === undefined) continue;
    if (data.type === "error") throw new ModelRefusal(statusOf(data.error));
    if (open !== undefined && data.type !== open) {
      yield { contentBlockStop: { contentBlockIndex: contentBlockIndex++ } };
      open = undefined;
    }
    switch (data.type) {
      case "text-delta":
      case "reasoning-delta": {
        open = data.type;
        const { delta: text } = data;
        const delta = open === "text-delta" ? { text } : { reasoningContent: { text } };
        yield { contentBlockDelta: { contentBlockIndex, delta } };
        break;
      }
      case "tool-call": {
        const { toolCallId: toolUseId, toolName: name, input } = data;
        yield { contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId, name } } } };
        yield { contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input } } } };
        yield { contentBlockStop: { contentBlockIndex: contentBlockIndex++ } };
        break;
      }
      case "finish": {
        if (data.finishReason === "error") throw new ModelRefusal(undefined);
        yield { messageStop: { stopReason: stopReasons[data.finishReason] ?? "end_turn" } };
        const { inputTokens, outputTokens } = data.usage;
        yield {
          metadata: {
            usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
            metrics: { latencyMs: 0 },
          },
        };
      }
    }
  }
}
