import type {
  BedrockRuntimeClientConfig,
  ConverseStreamOutput,
  ConverseStreamRequest,
  Message,
} from "@aws-sdk/client-bedrock-runtime";
import * as z from "zod";
import { connectionOptions } from "../lambda/aws-connections.ts";
import { noteFailures } from "../logging/aws-calls.ts";
import {
  type ChatModel,
  isBlank,
  ModelError,
  type ModelErrorKind,
  type ModelErrorReason,
  type ModelEvent,
  type Prompt,
} from "./chat-model.ts";
import { renderPassages } from "./passages.ts";

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
}

function knownLimits(id: string): ModelLimits {
  const [, contextTokens, maxOutputTokens] =
    known.find(([family]) => family.test(id)) ?? unknownModel;
  return { contextTokens, maxOutputTokens };
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
    const { contextTokens, maxOutputTokens } = { ...knownLimits(id), ...limits };
    const asked = { modelId: profileArn, maxTokens: maxOutputTokens };
    return {
      id,
      contextTokens,
      maxOutputTokens,
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
  try {
    const request = requestOf(asked, prompt);
    const { stream, requestId } = await send(request, AbortSignal.any([signal, left.signal]));
    for await (const event of stream ?? []) {
      const text = event.contentBlockDelta?.delta?.text;
      if (text !== undefined) yield { type: "text", text };
      stop = event.messageStop?.stopReason ?? stop;
      if (event.metadata !== undefined && stop !== undefined) {
        const { inputTokens = 0, outputTokens = 0 } = event.metadata.usage ?? {};
        end = {
          type: "end",
          stopReason: stopReasonOf(stop),
          usage: { inputTokens, outputTokens },
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

function requestOf(
  { modelId, maxTokens }: Asked,
  { system, messages, passages }: Prompt,
): ConverseStreamRequest {
  return {
    modelId,
    messages: converse(messages, renderPassages(passages)),
    ...(!isBlank(system) && { system: [{ text: system }] }),
    inferenceConfig: { maxTokens },
  };
}

/** Converse wants the user first and the roles in turns: neighbours of one role become one message. */
function converse(messages: Prompt["messages"], passages: string): Message[] {
  const turns: Message[] = [];
  const lastIndex = messages.length - 1;
  for (const [index, { role, content }] of messages.entries()) {
    // "The text field in the ContentBlock object is blank": one of them refuses the whole conversation.
    if (isBlank(content)) continue;
    const block = { text: index === lastIndex ? `${passages}${content}` : content };
    const previous = turns.at(-1);
    if (previous?.role === role) previous.content?.push(block);
    else if (turns.length > 0 || role === "user") turns.push({ role, content: [block] });
  }
  return turns;
}

function stopReasonOf(reason: string): "complete" | "length" | "filtered" {
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
