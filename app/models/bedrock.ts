import type {
  BedrockRuntimeClientConfig,
  ConverseStreamOutput,
  ConverseStreamRequest,
  Message,
} from "@aws-sdk/client-bedrock-runtime";
import { connectionOptions } from "../lambda/aws-connections.ts";
import { noteFailures } from "../logging/aws-calls.ts";
import {
  type ChatModel,
  ModelError,
  type ModelErrorKind,
  type ModelEvent,
  type Prompt,
} from "./chat-model.ts";
import { renderPassages } from "./passages.ts";

/** What every model of the Converse API can write in one answer. */
const maxOutputTokens = 4_096;

/** Tokens by family (Amazon Bedrock User Guide, model cards, 2026-11); what we do not know gets little. */
const contextTokens: readonly (readonly [RegExp, number])[] = [
  [/\bamazon\.nova-micro/, 128_000],
  [/\bamazon\.nova-/, 300_000],
  [/\banthropic\.claude-/, 200_000],
  [/\b(meta\.llama|mistral\.mistral-large|deepseek\.|openai\.)/, 128_000],
];
const unknownContextTokens = 32_000;

export interface BedrockModel {
  /** A model's id, or an inference profile's (`eu.anthropic.…`): what users choose by. */
  readonly id: string;
  /** Inference profile that the model is asked through. Default: none, the id itself. */
  readonly profileArn?: string;
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
  return models.map(({ id, profileArn = id }) => ({
    id,
    contextTokens: contextTokens.find(([family]) => family.test(id))?.[1] ?? unknownContextTokens,
    maxOutputTokens,
    answer: (prompt, signal) => answer(sender, profileArn, prompt, signal),
  }));
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

async function* answer(
  sender: () => Promise<Sender>,
  modelId: string,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const send = await sender();
  // The SDK does not close the connection of a stream that is merely left.
  const left = new AbortController();
  let stop: string | undefined;
  let end: ModelEvent | undefined;
  try {
    const request = requestOf(modelId, prompt);
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
    throw new ModelError(kindOf(error), { cause: error });
  } finally {
    left.abort();
  }
  // Otherwise the connection ended, and the answer did not.
  if (end === undefined) throw new ModelError("interrupted");
  yield end;
}

function requestOf(modelId: string, { system, messages, passages }: Prompt): ConverseStreamRequest {
  return {
    modelId,
    messages: converse(messages, renderPassages(passages)),
    ...(system !== "" && { system: [{ text: system }] }),
    inferenceConfig: { maxTokens: maxOutputTokens },
  };
}

/** Converse wants the user first and the roles in turns: neighbours of one role become one message. */
function converse(messages: Prompt["messages"], passages: string): Message[] {
  const turns: Message[] = [];
  const lastIndex = messages.length - 1;
  for (const [index, { role, content }] of messages.entries()) {
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

/** Also for exceptions inside the stream, which the SDK throws from the iteration. */
function kindOf(error: unknown): ModelErrorKind {
  return (error instanceof Error ? kinds[error.name] : undefined) ?? "interrupted";
}
