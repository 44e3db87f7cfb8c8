import type { Value } from "../contract/any-json.ts";
import type { BytesPart, MessagePart, PartOf } from "../parts/parts.ts";
import type { Citation, StopReason, TokenUsage } from "../store/message.ts";

/** The port behind which a model answers: Bedrock on AWS, an embedded one on a laptop. */
export interface ChatModel {
  readonly id: string;
  /** Tokens that the prompt and the answer may have together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** What it takes beside text. */
  readonly takes: readonly Intake[];
  /** Whether the next prompt costs less where it begins as the last one did. Default false. */
  readonly cachesPrompts?: boolean;

  /**
   * Pieces of the answer as they come, then exactly one `end`. Fails with `ModelError`. Nothing runs
   * on, here or at the provider, once the signal aborts or the iteration is left.
   */
  answer(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

export const intakes = ["images", "files", "tools"] as const;
export type Intake = (typeof intakes)[number];

/** A tool as a model is told of it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, Value>>;
}

export interface Prompt {
  /** Instructions; may be empty. */
  readonly system: string;
  /** Chronological; the last is the question. Neighbours may have the same role. */
  readonly messages: readonly PromptMessage[];
  /** To answer from, and to cite as `[1]`, `[2]` …: quoted matter, never instructions. */
  readonly passages: readonly Citation[];
  /** What the model and its tools said since the question. */
  readonly steps?: readonly PromptMessage[];
  /** That it may call. */
  readonly tools?: readonly ToolSpec[];
  /** From 0 to 1; default as the model has it. */
  readonly temperature?: number;
  /** Of this answer; default the model's. */
  readonly maxOutputTokens?: number;
  /** That question and answer pass. */
  readonly guardrail?: Guardrail;
  /** Of images and files: what is not here the model is told of, and not shown. */
  readonly bytes?: ReadonlyMap<BytesPart, Uint8Array>;
}

/** Of Amazon Bedrock. */
export interface Guardrail {
  /** Or its ARN. */
  readonly id: string;
  /** Digits, or `DRAFT`. */
  readonly version: string;
}

export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
  /** All that was said, where it is more than text. */
  readonly parts?: readonly MessagePart[] | undefined;
}

export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "part"; readonly part: PartOf<"tool-call"> | PartOf<"reasoning"> }
  | {
      readonly type: "end";
      /** `tools`: it waits for what the tools say that it called. */
      readonly stopReason: Extract<StopReason, "complete" | "length" | "filtered"> | "tools";
      readonly usage: TokenUsage;
      /** The provider's id of the answer, for asking about it there. */
      readonly responseId: string | null;
    };

const messages = {
  throttled: "The model is busy: try again in a moment.",
  unavailable: "The model cannot be used at the moment.",
  refused: "The model did not accept the conversation.",
  interrupted: "The answer broke off.",
} as const;

export type ModelErrorKind = keyof typeof messages;

/** Why, in words that are ours or the provider's names: nothing of a prompt is among them. */
export interface ModelErrorReason {
  /** The provider's name of the error, e.g. `ValidationException`. */
  readonly provider?: string;
  readonly status?: number;
  /** E.g. `too many output tokens`. */
  readonly because?: string;
  /** The provider's id of the request. */
  readonly providerRequestId?: string;
}

/** A model's failure. Its message is fit for the user: nothing of what provider or user said is in it. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  readonly reason: ModelErrorReason;

  constructor(kind: ModelErrorKind, options?: ErrorOptions, reason: ModelErrorReason = {}) {
    const { provider, status, because } = reason;
    const told = [provider, status, because].filter((part) => part !== undefined);
    super(`${messages[kind]}${told.length > 0 ? ` (${told.join(", ")})` : ""}`, options);
    this.kind = kind;
    this.reason = reason;
  }
}

/** Whether there is nothing in it to read: white space, control and invisible characters alone. */
export function isBlank(text: string): boolean {
  return !/[^\p{White_Space}\p{C}]/u.test(text);
}

/** Whether it says something that a model can take in. */
export function isSpoken({ content, parts = [] }: Spoken): boolean {
  return !isBlank(content) || parts.some(({ type }) => type in partTokens);
}

export type Spoken = Pick<PromptMessage, "content" | "parts">;

/** Of an image of usual size, and of a file, by what providers say of theirs. */
const partTokens: Partial<Record<MessagePart["type"], number>> = {
  image: 1_600,
  file: 6_000,
  "tool-call": 0,
  "tool-result": 0,
};

/** The same for a message of parts. */
export function estimateSpoken({ content, parts = [] }: Spoken): number {
  const others = parts.map((part) => {
    const isTool = part.type === "tool-call" || part.type === "tool-result";
    return isTool ? estimateTokens(JSON.stringify(part)) : (partTokens[part.type] ?? 0);
  });
  return others.reduce((sum, tokens) => sum + tokens, estimateTokens(content));
}

/** Whether a model that takes these is shown it. */
export function isTaken(part: BytesPart, takes: readonly Intake[]): boolean {
  return takes.includes(part.type === "image" ? "images" : "files");
}

/**
 * An estimate on the safe side, as only each model's own tokenizer knows: a token per 3 bytes of
 * UTF-8, where English has 4 to 5 and Chinese 3, and 4 for what surrounds a message.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3) + 4;
}
