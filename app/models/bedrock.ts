import type {
  BedrockRuntimeClientConfig,
  ConverseStreamMetadataEvent,
  ConverseStreamOutput,
  ConverseStreamRequest,
} from "@aws-sdk/client-bedrock-runtime";
import * as z from "zod";
import { keepable, type Value } from "../contract/any-json.ts";
import { connectionOptions } from "../lambda/aws-connections.ts";
import { noteFailures } from "../logging/aws-calls.ts";
import type { TokenUsage } from "../store/message.ts";
import { type Caching, cachePointsOf, cachingOf } from "./cache-points.ts";
import {
  type ChatModel,
  type Intake,
  isBlank,
  ModelError,
  type ModelErrorKind,
  type ModelErrorReason,
  type ModelEvent,
  type Prompt,
} from "./chat-model.ts";
import { converseMessages } from "./converse.ts";

/**
 * Tokens of context and answer by family (Amazon Bedrock User Guide, model cards and inference parameters,
 * 2026-11). Bedrock refuses a request for more output than the model writes, however short the answer.
 */
const known: readonly (readonly [family: RegExp, context: number, output: number])[] = [
  [/\bamazon\.nova-micro/, 128_000, 4_096],
  [/\bamazon\.nova-/, 300_000, 4_096],
  [/\bamazon\.titan-text-lite/, 4_096, 2_048],
  [/\bamazon\.titan-text-premier/, 32_000, 3_072],
  [/\banthropic\.claude-/, 200_000, 4_096],
  [/\bmeta\.llama3-[1-9]-/, 128_000, 2_048],
  [/\bmeta\.llama3-/, 8_192, 2_048],
  [/\bmeta\.llama2-/, 4_096, 2_048],
  [/\bmeta\.llama/, 128_000, 4_096],
  [/\bmistral\.mistral-large/, 128_000, 4_096],
  [/\bmistral\.mi[sx]/, 32_000, 4_096],
  [/\bcohere\.command-r/, 128_000, 4_000],
  [/\b(deepseek\.|openai\.|ai21\.jamba)/, 128_000, 4_096],
];
/**
 * What families take beside text (Amazon Bedrock User Guide, "Supported models and model features", as of
 * 2026-11): those that stream tool calls, which is how they are asked.
 */
const knownIntakes: readonly (readonly [family: RegExp, takes: readonly Intake[]])[] = [
  [/\bamazon\.nova-micro/, ["tools"]],
  [/\bamazon\.nova-/, ["images", "files", "tools"]],
  [/\banthropic\.claude-(v2|instant)/, ["files"]],
  [/\banthropic\.claude-3-5-haiku/, ["files", "tools"]],
  [/\banthropic\.claude-/, ["images", "files", "tools"]],
  [/\bai21\.jamba-1-5/, ["files", "tools"]],
  [/\bcohere\.command-r/, ["files", "tools"]],
  [/\bmeta\.llama3-2-(11b|90b)/, ["images", "files"]],
  [/\bmeta\.llama4/, ["images", "files"]],
  [/\bmeta\.llama|\bmistral\.mi[sx]/, ["files"]],
];

/** What we do not know gets little. */
const unknownModel = [/(?:)/, 32_000, 2_048] as const;

export interface BedrockModel {
  /** A model's id, or an inference profile's (`eu.anthropic.…`): what users choose by. */
  readonly id: string;
  /** Inference profile that the model is asked through. Default: none, the id itself. */
  readonly profileArn?: string;
  /** What the model takes and writes. Default: as its family is known, else little. */
  readonly limits?: Partial<ModelLimits>;
}

export interface ModelLimits {
  /** Tokens that the prompt and the answer may have together. */
  readonly contextTokens: number;
  /** Tokens of the longest answer that is asked for. */
  readonly maxOutputTokens: number;
  /** What the model takes beside text. */
  readonly takes: readonly Intake[];
}

function knownLimits(id: string): ModelLimits {
  const [, contextTokens, maxOutputTokens] =
    known.find(([family]) => family.test(id)) ?? unknownModel;
  const [, takes = []] = knownIntakes.find(([family]) => family.test(id)) ?? [];
  return { contextTokens, maxOutputTokens, takes };
}

/**
 * Models of Amazon Bedrock, through ConverseStream. Region, endpoint and credentials come from the environment, as the SDK reads it.
 */
export function bedrockModels(
  models: readonly BedrockModel[],
  config: BedrockRuntimeClientConfig = {},
): readonly ChatModel[] {
  let client: Promise<Sender> | undefined;
  const sender = () => {
    client ??= openSender(config);
    return client;
  };
  return models.map(({ id, profileArn = id, limits }) => {
    const { contextTokens, maxOutputTokens, takes } = { ...knownLimits(id), ...limits };
    const caching = cachingOf(id);
    const asked = { modelId: profileArn, maxTokens: maxOutputTokens, caching };
    return {
      id,
      contextTokens,
      maxOutputTokens,
      takes,
      cachesPrompts: caching !== undefined,
      answer: (prompt, signal) => answer(sender, asked, prompt, signal),
    };
  });
}

type Sender = (request: ConverseStreamRequest, signal: AbortSignal) => Promise<Reply>;

interface Reply {
  readonly stream: AsyncIterable<ConverseStreamOutput> | undefined;
  readonly requestId: string | undefined;
}

/** Loaded with the first chat: who only reads and writes messages does not wait for it. */
async function openSender(config: BedrockRuntimeClientConfig): Promise<Sender> {
  const [{ BedrockRuntimeClient, ConverseStreamCommand }, { NodeHttpHandler }] = await Promise.all([
    import("@aws-sdk/client-bedrock-runtime"),
    import("@smithy/node-http-handler"),
  ]);
  const client = new BedrockRuntimeClient({
    maxAttempts: 3,
    // HTTP/1.1 and a connection for each request: what a frozen Lambda held on to may be dead when it
    // thaws, and a model may think for a minute before its first word, so that silence tells nothing.
    requestHandler: new NodeHttpHandler(
      connectionOptions({ answer: 60_000, silence: 60_000, reuse: false }),
    ),
    ...config,
  });
  noteFailures(client.middlewareStack);
  return async (request, signal) => {
    const command = new ConverseStreamCommand(request);
    const { stream, $metadata } = await client.send(command, { abortSignal: signal });
    return { stream, requestId: $metadata.requestId };
  };
}

interface Asked {
  readonly modelId: string;
  readonly maxTokens: number;
  readonly caching: Caching | undefined;
}

/** Bedrock counts what the cache read and wrote beside the input (API reference, TokenUsage). */
function usageOf(usage: ConverseStreamMetadataEvent["usage"]): TokenUsage {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  const { cacheReadInputTokens: read = 0, cacheWriteInputTokens: written = 0 } = usage ?? {};
  return {
    inputTokens: inputTokens + read + written,
    outputTokens,
    ...(read > 0 && { cacheReadTokens: read }),
    ...(written > 0 && { cacheWriteTokens: written }),
  };
}

async function* answer(
  sender: () => Promise<Sender>,
  asked: Asked,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const send = await sender();
  // The SDK does not close the connection of a stream that is merely left.
  const left = new AbortController();
  let stop: string | undefined;
  let end: ModelEvent | undefined;
  let block = newBlock();
  try {
    const request = requestOf(asked, prompt);
    const { stream, requestId } = await send(request, AbortSignal.any([signal, left.signal]));
    for await (const event of stream ?? []) {
      const text = event.contentBlockDelta?.delta?.text;
      if (text !== undefined) yield { type: "text", text };
      collect(block, event);
      if (event.contentBlockStop !== undefined) {
        const part = partOf(block);
        if (part !== undefined) yield { type: "part", part };
        block = newBlock();
      }
      stop = event.messageStop?.stopReason ?? stop;
      if (event.metadata !== undefined && stop !== undefined) {
        end = {
          type: "end",
          stopReason: stopReasonOf(stop),
          usage: usageOf(event.metadata.usage),
          responseId: requestId ?? null,
        };
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new ModelError(kindOf(error), { cause: error }, reasonOf(error));
  } finally {
    left.abort();
  }
  // Otherwise the connection ended, and the answer did not.
  if (end === undefined) throw new ModelError("interrupted");
  yield end;
}

/** What a content block has come to, of those that are no text. */
interface Block {
  tool: { readonly toolCallId: string; readonly toolName: string } | undefined;
  input: string;
  reasoning: string;
  signature: string | undefined;
  redacted: string | undefined;
}

function newBlock(): Block {
  return { tool: undefined, input: "", reasoning: "", signature: undefined, redacted: undefined };
}

function collect(
  block: Block,
  { contentBlockStart, contentBlockDelta }: ConverseStreamOutput,
): void {
  const { toolUseId, name } = contentBlockStart?.start?.toolUse ?? {};
  if (toolUseId !== undefined && name !== undefined) {
    block.tool = { toolCallId: toolUseId, toolName: name };
  }
  block.input += contentBlockDelta?.delta?.toolUse?.input ?? "";
  const {
    text = "",
    signature,
    redactedContent,
  } = contentBlockDelta?.delta?.reasoningContent ?? {};
  block.reasoning += text;
  if (signature !== undefined) block.signature = `${block.signature ?? ""}${signature}`;
  if (redactedContent !== undefined) {
    block.redacted = Buffer.from(redactedContent).toString("base64");
  }
}

function partOf({ tool, input, reasoning, signature, redacted }: Block) {
  if (tool !== undefined) {
    return { type: "tool-call" as const, ...tool, input: inputOf(input) };
  }
  if (reasoning === "" && redacted === undefined) return undefined;
  return {
    type: "reasoning" as const,
    text: reasoning,
    ...(signature !== undefined && { signature }),
    ...(redacted !== undefined && { redacted }),
  };
}

/** A model may write what is no JSON: then the call is one of nothing, which the tool refuses. */
function inputOf(text: string): Value {
  try {
    return keepable().parse(JSON.parse(text || "{}"));
  } catch {
    return {};
  }
}

function requestOf({ modelId, maxTokens, caching }: Asked, prompt: Prompt): ConverseStreamRequest {
  const { system, tools = [], temperature, maxOutputTokens = maxTokens, guardrail } = prompt;
  const points = caching && cachePointsOf(caching, prompt);
  const cachePoint = { cachePoint: { type: "default" } } as const;
  return {
    modelId,
    messages: converseMessages(prompt, points),
    ...(!isBlank(system) && {
      system: [{ text: system }, ...(points?.system ? [cachePoint] : [])],
    }),
    ...(tools.length > 0 && {
      toolConfig: {
        tools: [
          ...tools.map(({ name, description, inputSchema }) => ({
            toolSpec: { name, description, inputSchema: { json: { ...inputSchema } } },
          })),
          ...(points?.tools ? [cachePoint] : []),
        ],
      },
    }),
    inferenceConfig: {
      maxTokens: maxOutputTokens,
      ...(temperature !== undefined && { temperature }),
    },
    ...(guardrail !== undefined && {
      guardrailConfig: {
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
      },
    }),
  };
}

function stopReasonOf(reason: string): "complete" | "length" | "filtered" | "tools" {
  if (reason === "tool_use") return "tools";
  if (reason === "max_tokens" || reason === "model_context_window_exceeded") return "length";
  if (reason === "content_filtered" || reason === "guardrail_intervened") return "filtered";
  return "complete";
}

const kinds: Readonly<Record<string, ModelErrorKind>> = {
  ThrottlingException: "throttled",
  ServiceQuotaExceededException: "throttled",
  ModelNotReadyException: "throttled",
  AccessDeniedException: "unavailable",
  ResourceNotFoundException: "unavailable",
  ServiceUnavailableException: "unavailable",
  InternalServerException: "unavailable",
  ValidationException: "refused",
};

/** What a provider's message says, told apart without repeating it: it may quote what was sent. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/\bblank\b|\bempty\b/i, "blank text"],
  [/alternate|must start with a user|\broles?\b/i, "order of roles"],
  [/too long|context (window|length)|input (is )?(length|tokens)/i, "longer than its context"],
  [/max(imum)?[ _]?(output )?tokens|maxTokens|max_gen_len/i, "more output than it writes"],
  [/on-demand throughput|inference profile/i, "asked without an inference profile"],
  [/end of (its )?life|legacy/i, "at the end of its life"],
  [/system (prompt|message)/i, "takes no instructions"],
  [/identifier is invalid|does ?n[o']t exist|not found/i, "no such model"],
];

const sdkError = z.object({
  $metadata: z.object({
    httpStatusCode: z.number().optional(),
    requestId: z.string().optional(),
  }),
});

function reasonOf(error: unknown): ModelErrorReason {
  if (!(error instanceof Error) || error.name === "Error") return {};
  const { httpStatusCode, requestId } = sdkError.safeParse(error).data?.$metadata ?? {};
  const isRefusal = kindOf(error) === "refused";
  const because = reasons.find(([pattern]) => isRefusal && pattern.test(error.message))?.[1];
  return {
    // A name is a class of the SDK's; anything else would be the provider's words.
    ...(/^[A-Z][A-Za-z]{2,63}$/.test(error.name) && { provider: error.name }),
    ...(httpStatusCode !== undefined && { status: httpStatusCode }),
    ...(because !== undefined && { because }),
    ...(requestId !== undefined && { providerRequestId: requestId }),
  };
}

/** Also for exceptions inside the stream, which the SDK throws from the iteration. */
function kindOf(error: unknown): ModelErrorKind {
  return (error instanceof Error ? kinds[error.name] : undefined) ?? "interrupted";
}
