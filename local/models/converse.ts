import * as z from "zod";

const image = z.object({ format: z.string(), source: z.object({ bytes: z.base64() }) });
const toolResult = z.object({
  toolUseId: z.string(),
  status: z.string().optional(),
  content: z.array(z.object({ text: z.string(), json: z.unknown(), image: z.unknown() }).partial()),
});
const block = z
  .object({
    text: z.string(),
    image,
    toolUse: z.object({ toolUseId: z.string(), name: z.string(), input: z.unknown() }),
    toolResult,
  })
  .partial();
const tool = z.object({
  name: z.string(),
  description: z.string().optional(),
  inputSchema: z.object({ json: z.record(z.string(), z.unknown()) }),
});

/** What of ConverseStream's request other providers are told. Cache points are Bedrock's own. */
export const converseRequest = z.object({
  messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: z.array(block) })),
  system: z.array(block).default([]),
  toolConfig: z
    .object({ tools: z.array(z.object({ toolSpec: tool.optional() })) })
    .default({ tools: [] }),
  inferenceConfig: z
    .object({ maxTokens: z.number().optional(), temperature: z.number().optional() })
    .default({}),
  guardrailConfig: z.object({}).optional(),
});

export type ConverseRequest = z.infer<typeof converseRequest>;
export type ConverseBlock = z.infer<typeof block>;

/** An event of ConverseStream by its name, as `{contentBlockDelta: {…}}`. */
export type ConverseEvent = Readonly<Record<string, object>>;

/**
 * Rejects before the first event with `ModelRefusal` where the model does not answer.
 *
 * @param body of ConverseStream's request, as the app sent it.
 */
export type Answers = (body: unknown, signal: AbortSignal) => Promise<AsyncIterable<ConverseEvent>>;

/** Bedrock's errors by what a provider answered. */
const errors = [
  { status: 429, type: "ThrottlingException", from: [429] },
  { status: 403, type: "AccessDeniedException", from: [401, 402, 403] },
  { status: 404, type: "ResourceNotFoundException", from: [404] },
  { status: 400, type: "ValidationException", from: [400, 413, 422] },
] as const;
const unavailable = { status: 503, type: "ServiceUnavailableException" } as const;

/** A provider's refusal, as Bedrock would put it. Holds nothing of what the provider said, which may quote. */
export class ModelRefusal extends Error {
  readonly status: number;
  readonly type: string;

  /** @param answered the provider's HTTP status; undefined where nothing answered. */
  constructor(answered: number | undefined) {
    const found = errors.find(({ from }) => from.some((status) => status === answered));
    const { status, type } = found ?? unavailable;
    super(answered === undefined ? "no answer" : `status ${answered}`);
    this.status = status;
    this.type = type;
  }
}

/** The HTTP status that an error carries, wherever its library puts it. */
export function statusOf(error: unknown): number | undefined {
  const told = z
    .object({
      statusCode: z.number().optional(),
      $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
    })
    .safeParse(error).data;
  return told?.statusCode ?? told?.$metadata?.httpStatusCode;
}
