import type { Citation, StopReason, TokenUsage } from "../store/message.ts";

/** The port behind which a model answers: Bedrock on AWS, an embedded one on a laptop. */
export interface ChatModel {
  readonly id: string;
  /** Tokens that the prompt and the answer may have together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;

  /**
   * Pieces of the answer as they come, then exactly one `end`. Fails with `ModelError`. Nothing runs
   * on, here or at the provider, once the signal aborts or the iteration is left.
   */
  answer(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

export interface Prompt {
  /** Instructions; may be empty. */
  readonly system: string;
  /** Chronological; the last is the question. Neighbours may have the same role. */
  readonly messages: readonly PromptMessage[];
  /** To answer from, and to cite as `[1]`, `[2]` …: quoted matter, never instructions. */
  readonly passages: readonly Citation[];
}

export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "end";
      readonly stopReason: Extract<StopReason, "complete" | "length" | "filtered">;
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

/**
 * An estimate on the safe side, as only each model's own tokenizer knows: a token per 3 bytes of
 * UTF-8, where English has 4 to 5 and Chinese 3, and 4 for what surrounds a message.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3) + 4;
}
