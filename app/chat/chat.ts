/**
 * Chat turns: what a model is asked, how its answer streams to those who watch, and how both are
 * saved.
 */
import type { Passages } from "../documents/retrieval.ts";
import { problemOf } from "../http/failures.ts";
import { Problem } from "../http/problem.ts";
import { failureEntry, type Log } from "../lambda/log.ts";
import type { ChatModel, Prompt } from "../models/chat-model.ts";
import type {
  ConversationContext,
  ConversationStore,
  SavedTurn,
} from "../store/conversation-store.ts";
import type { ErasureStore } from "../store/erasure-store.ts";
import type { Citation, Message, MessageDraft, TokenUsage } from "../store/message.ts";
import { StoreError } from "../store/store-error.ts";
import type { Hold, UsageStore } from "../store/usage-store.ts";
import {
  type ChatRequest,
  type Plan,
  planQuestion,
  planRegeneration,
  type Question,
  type Regeneration,
} from "./plan.ts";
import { estimateUsage, longestWindow, promptOf } from "./prompt.ts";
import { type Quotas, reserve } from "./quotas.ts";
import { type Begun, RunningTurns } from "./running-turns.ts";
import { type Answer, type Exchange, type Outcome, Turn } from "./turn.ts";

export interface ChatDependencies {
  readonly conversations: ConversationStore;
  /** The default first; none is possible. */
  readonly models: readonly ChatModel[];
  readonly usage: UsageStore;
  readonly erasures: Pick<ErasureStore, "last">;
  readonly passages: Passages;
  readonly quotas: Quotas;
  readonly log: Log;
}

/** What is quoted from documents for one question, in all: some 2,000 tokens. */
const passageCharacters = 8_000;

/** Time to save an answer before the process is stopped. */
const savingMs = 5_000;

/** Asks models, and saves what they answer together with what they were asked. */
export class Chat {
  readonly #deps: ChatDependencies;
  readonly #running = new RunningTurns();

  constructor(deps: ChatDependencies) {
    this.#deps = deps;
  }

  /** A new question at the end of the conversation. */
  ask(request: Question): Promise<Begun> {
    return this.#begin(request, () => planQuestion(this.#deps.conversations, request));
  }

  /** Another answer to the last question, which may be edited, in the place of the last answer. */
  regenerate(request: Regeneration): Promise<Begun> {
    return this.#begin(request, (context) =>
      planRegeneration(this.#deps.conversations, request, context),
    );
  }

  #begin(request: ChatRequest, plan: (context: ConversationContext) => Plan): Promise<Begun> {
    const { user, id, once } = request;
    return this.#running.join([user, id], once, async () => {
      const { conversations } = this.#deps;
      const [earlier, context] = await Promise.allSettled([
        once === undefined ? undefined : conversations.findTurn(user, id, once),
        conversations.context(user, id, longestWindow),
      ]);
      const isRepeatable = context.status === "fulfilled" || isNotActive(context.reason);
      if (isRepeatable && earlier.status === "rejected") throw earlier.reason;
      if (isRepeatable && earlier.status === "fulfilled" && earlier.value !== undefined) {
        return { exchange: await this.#exchange(request, earlier.value) };
      }
      if (context.status === "rejected") throw context.reason;
      await request.check?.();
      return {
        turn: await this.#start(request, context.value, plan(context.value)),
        joined: false,
      };
    });
  }

  async #start(request: ChatRequest, context: ConversationContext, plan: Plan): Promise<Turn> {
    const model = this.#model(request.modelId ?? context.conversation.modelId);
    const history = [
      ...(await this.#opening(request, context)),
      ...(plan.history ?? context.messages),
    ];
    const prompt = promptOf(
      model,
      history,
      plan.question,
      await this.#passages(model, request, context, plan),
    );
    const { usage, quotas } = this.#deps;
    const most = { ...estimateUsage(prompt, ""), outputTokens: model.maxOutputTokens };
    const hold = await reserve(request.user, usage, quotas, most, request.deadline);
    return new Turn(
      (signal) => model.answer(prompt, signal),
      (answer) => this.#finish(request, { ...plan, hold }, model, prompt, answer),
      request.deadline === undefined ? undefined : request.deadline - Date.now() - savingMs,
    );
  }

  /** Those that the client chose, or else what the conversation's documents say of the question. */
  async #passages(
    model: ChatModel,
    { user, documents }: ChatRequest,
    context: ConversationContext,
    { passages, question }: Plan,
  ): Promise<readonly Citation[]> {
    const ids = [...context.documents, ...documents];
    if (passages.length > 0 || ids.length === 0) return passages;
    // What nobody asked for may take half of what the model can read, at a token a character.
    const room = Math.floor((model.contextTokens - model.maxOutputTokens) / 2);
    return this.#deps.passages.find(user, ids, question, Math.min(passageCharacters, room));
  }

  #model(wanted: string | null): ChatModel {
    const { models } = this.#deps;
    const model = wanted === null ? models[0] : models.find(({ id }) => id === wanted);
    if (model === undefined) {
      throw new Problem("model-unavailable", { detail: "`GET /models` lists those there are." });
    }
    return model;
  }

  /** Instructions stand at a conversation's very beginning, before any window of a long one. */
  async #opening({ user, id }: ChatRequest, { messages }: ConversationContext): Promise<Message[]> {
    const oldest = messages[0]?.sequence ?? 1;
    if (oldest === 1) return [];
    const first = await this.#deps.conversations.message(user, id, "1");
    return first.role === "system" ? [first] : [];
  }

  /** Saves and counts at the same time. Never rejects: whoever still listens is told what went wrong. */
  async #finish(
    request: ChatRequest,
    plan: Plan & { readonly hold: Hold | undefined },
    model: ChatModel,
    prompt: Prompt,
    answer: Answer,
  ): Promise<Outcome> {
    const { failure: refusal } = answer;
    if (refusal !== undefined) this.#log(refusal, { model: model.id, ...refusal.reason });
    const draft = answerOf(answer, model, prompt);
    const isPart = answer.stopReason === "aborted" || answer.stopReason === "error";
    const isKept = !isPart || plan.keepsParts;
    const saving = isKept
      ? plan.save(draft).then((turn) => this.#exchange(request, turn, plan))
      : undefined;
    const [saved] = await Promise.allSettled([
      saving,
      this.#count(request.user, plan.hold, draft.usage ?? none, saving),
    ]);
    if (saved.status === "rejected") {
      this.#log(saved.reason);
      return { failure: problemOf(saved.reason) };
    }
    if (!isPart) return { exchange: saved.value };
    const detail = answer.failure?.message ?? "The answer was stopped before its end.";
    const isToldApart = answer.failure !== undefined || !isKept;
    return {
      exchange: saved.value,
      ...(isToldApart && { failure: new Problem("model-failed", { detail }) }),
    };
  }

  /** The turn is worth more than its count: a failure is logged, and the answer given. */
  async #count(
    user: string,
    hold: Hold | undefined,
    used: TokenUsage,
    saving: Promise<unknown> | undefined,
  ): Promise<void> {
    const { usage } = this.#deps;
    try {
      if (hold !== undefined) return await usage.settle(hold, used);
      if (used === none || (await this.#isErased(user, saving))) return;
      await usage.add(user, used);
    } catch (error) {
      this.#log(error);
    }
  }

  /** A turn of a user who was erased meanwhile is nobody's: its count would bring the user back. */
  async #isErased(user: string, saving: Promise<unknown> | undefined): Promise<boolean> {
    try {
      await saving;
      return false;
    } catch (error) {
      const isGone = error instanceof StoreError && error.kind === "not-found";
      return isGone && (await this.#deps.erasures.last(user))?.isSettled === false;
    }
  }

  async #exchange(
    { user, id }: ChatRequest,
    { messages }: SavedTurn,
    plan?: Plan,
  ): Promise<Exchange> {
    const assistantMessage = messages.at(-1);
    if (assistantMessage === undefined) throw new Error("a turn was saved without its answer");
    const before = String(assistantMessage.sequence - 1);
    const userMessage =
      messages.at(-2) ??
      plan?.unchanged ??
      (await this.#deps.conversations.message(user, id, before));
    return { userMessage, assistantMessage };
  }

  #log(error: unknown, context: Parameters<typeof failureEntry>[1] = {}): void {
    this.#deps.log(failureEntry(error, context));
  }
}

const none: TokenUsage = { inputTokens: 0, outputTokens: 0 };

function isNotActive(error: unknown): boolean {
  return error instanceof StoreError && error.kind === "not-active";
}

function answerOf(answer: Answer, model: ChatModel, prompt: Prompt): MessageDraft {
  // What was never begun is not billed; of the rest we know what was sent and what came.
  const begun = answer.text !== "" || answer.failure === undefined;
  return {
    role: "assistant",
    content: answer.text,
    type: "markdown",
    modelId: model.id,
    isError: answer.failure !== undefined,
    errorMessage: answer.failure?.message ?? null,
    citations: prompt.passages,
    llmResponseId: answer.responseId,
    stopReason: answer.stopReason,
    usage: answer.usage ?? (begun ? estimateUsage(prompt, answer.text) : null),
  };
}
