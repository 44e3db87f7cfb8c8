/**
 * Chat turns: what a model is asked, how its answer streams to those who watch, and how both are
 * saved.
 */
import type { Library } from "../documents/library.ts";
import type { Passages } from "../documents/retrieval.ts";
import { longestRequestMs, msLeft, within } from "../http/deadline.ts";
import { problemOf } from "../http/failures.ts";
import { Problem } from "../http/problem.ts";
import { failureEntry, type Log } from "../lambda/log.ts";
import { type ChatModel, type Guardrail, isBlank, type Prompt } from "../models/chat-model.ts";
import type {
  Conversation,
  ConversationContext,
  ConversationStore,
  RunStore,
  SavedTurn,
} from "../store/conversation-store.ts";
import type { ErasureStore } from "../store/erasure-store.ts";
import type { Citation, Message, MessageDraft, TokenUsage } from "../store/message.ts";
import { StoreError } from "../store/store-error.ts";
import type { Hold, Taken, UsageStore } from "../store/usage-store.ts";
import {
  type ChatRequest,
  type Plan,
  planQuestion,
  planRegeneration,
  type Question,
  type Regeneration,
} from "./plan.ts";
import { estimateUsage, longestWindow, promptOf, type SystemPrompt } from "./prompt.ts";
import { type Quotas, refuseSpent, reserve } from "./quotas.ts";
import { type Begun, RunningTurns } from "./running-turns.ts";
import { RunNote } from "./runs.ts";
import { boundBy } from "./settings.ts";
import { shownBytes } from "./shown-bytes.ts";
import { answerInSteps } from "./steps.ts";
import { makeTitle } from "./title.ts";
import { type ChatTool, checkTools, runTool } from "./tools.ts";
import { type Answer, type Exchange, type Outcome, Turn } from "./turn.ts";

export interface ChatDependencies {
  readonly tenant: string;
  readonly conversations: ConversationStore;
  /** The default first; none is possible. */
  readonly models: readonly ChatModel[];
  readonly usage: UsageStore;
  readonly erasures: Pick<ErasureStore, "last">;
  readonly passages: Passages;
  readonly library: Pick<Library, "read">;
  /** Default: nobody sees an answer that is under way. */
  readonly runs?: RunStore;
  /** What models may call; default nothing. */
  readonly tools?: readonly ChatTool[];
  /** That conversations may choose from; default none. */
  readonly guardrails?: Readonly<Record<string, Guardrail>> | undefined;
  readonly quotas: Quotas;
  readonly log: Log;
  readonly systemPrompt?: SystemPrompt | undefined;
}

/** What is quoted from documents for one question, in all: some 2,000 tokens. */
const passageCharacters = 8_000;

/** Longest that each of the app's own parts may take with what a model is told. */
const preparingMs = 15_000;

/** Asks models, and saves what they answer together with what they were asked. */
export class Chat {
  readonly #deps: ChatDependencies;
  readonly #running = new RunningTurns();

  constructor(deps: ChatDependencies) {
    checkTools(deps.tools ?? []);
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

  /**
   * A title by a model in the place of one that was made from the first question, once. Unlike that, it costs tokens, so
   * it is made only where it is asked for.
   */
  title({
    user,
    id,
    deadline,
  }: Pick<ChatRequest, "user" | "id" | "deadline">): Promise<Conversation> {
    return makeTitle(this.#deps, { user, id, deadline }, (modelId) => this.#model(modelId));
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
      return { ...(await this.#enter(request, context.value, plan)), joined: false };
    });
  }

  /**
   * Refuses what no model can be asked, and then lets a question wait that must not be answered beside another: a
   * question that is refused stops no answer.
   */
  async #enter(
    request: ChatRequest,
    context: ConversationContext,
    plan: (context: ConversationContext) => Plan,
  ): Promise<Started> {
    const { runs, conversations, usage, quotas } = this.#deps;
    const { user, id, modelId, whenBusy = "parallel" } = request;
    const planned = plan(context);
    const model = this.#model(modelId ?? context.conversation.modelId);
    const run = runs && new RunNote(runs, request, planned.question, (error) => this.#log(error));
    const ready = await this.#prepare(request, model, context, planned);
    if (run === undefined || whenBusy === "parallel") return this.#start(request, ready, run);
    if (whenBusy === "interrupt") await refuseSpent(user, usage, quotas);
    try {
      const hasWaited = await run.enter(whenBusy);
      if (!hasWaited) return await this.#start(request, ready, run);
      const now = await conversations.context(user, id, longestWindow);
      return await this.#start(request, await this.#prepare(request, model, now, plan(now)), run);
    } catch (error) {
      await run.leave();
      throw error;
    }
  }

  /** The problem `too-large` or `guardrail-unavailable` where the model cannot be asked. */
  async #prepare(
    request: ChatRequest,
    model: ChatModel,
    context: ConversationContext,
    plan: Plan,
  ): Promise<Ready> {
    const { settings } = context.conversation;
    const bounds = boundBy(this.#deps, settings, model.maxOutputTokens);
    const history = [
      ...(await this.#opening(request, context)),
      ...(plan.history ?? context.messages),
    ];
    const told = promptOf(
      model,
      history,
      plan.question,
      await this.#passages(model, request, context, plan),
      await this.#instructions(request, context),
    );
    const tools = model.takes.includes("tools") ? bounds.tools : [];
    const prompt: Prompt = {
      ...told,
      ...bounds.prompt,
      ...(tools.length > 0 && { tools }),
      ...(await within(msLeft(preparingMs, request.deadline), () =>
        shownBytes(this.#deps.library, request.user, model, told),
      )),
    };
    return { model, plan, prompt, tools, outputTokens: bounds.outputTokens };
  }

  async #start(
    request: ChatRequest,
    { model, plan, prompt, tools, outputTokens }: Ready,
    run: RunNote | undefined,
  ): Promise<Started> {
    const { usage, quotas } = this.#deps;
    const most = { ...estimateUsage(prompt, ""), outputTokens };
    const hold = await reserve(request.user, usage, quotas, most, request.deadline);
    // Behind whatever may refuse the question: what is refused costs no note.
    await run?.show();
    const turn = new Turn(
      (signal) => {
        const { tenant, log } = this.#deps;
        const context = { tenant, user: request.user, conversation: request.id, signal };
        return answerInSteps(model, prompt, (call) => runTool(tools, call, context, log), signal);
      },
      async (answer) => {
        const outcome = await this.#finish(request, { ...plan, hold }, model, prompt, answer);
        await run?.leave();
        return outcome;
      },
      request.deadline === undefined ? undefined : msLeft(longestRequestMs, request.deadline),
    );
    void run?.heed(turn);
    return { turn, taken: hold?.taken };
  }

  /** The deployment's, then the conversation's. */
  async #instructions(
    { user, id, deadline }: ChatRequest,
    { conversation }: ConversationContext,
  ): Promise<string> {
    const { systemPrompt } = this.#deps;
    const ofDeployment =
      typeof systemPrompt === "function"
        ? await within(msLeft(preparingMs, deadline), () =>
            systemPrompt({ user, conversationId: id }),
          )
        : systemPrompt;
    return [ofDeployment ?? "", conversation.settings?.instructions ?? ""]
      .filter((text) => !isBlank(text))
      .join("\n\n");
  }

  /** Those that the client chose, or else what the conversation's documents say of the question. */
  async #passages(
    model: ChatModel,
    { user, documents, deadline }: ChatRequest,
    context: ConversationContext,
    { passages, question }: Plan,
  ): Promise<readonly Citation[]> {
    const ids = [...context.documents, ...documents];
    if (passages.length > 0 || ids.length === 0) return passages;
    // What nobody asked for may take half of what the model can read, at a token a character.
    const room = Math.floor((model.contextTokens - model.maxOutputTokens) / 2);
    return within(msLeft(preparingMs, deadline), () =>
      this.#deps.passages.find(user, ids, question.content, Math.min(passageCharacters, room)),
    );
  }

  #model(wanted: string | null): ChatModel {
    const { models } = this.#deps;
    const model = wanted === null ? models[0] : models.find(({ id }) => id === wanted);
    if (model === undefined) {
      throw new Problem("model-unavailable", {
        detail: "`GET /models` lists the available models.",
      });
    }
    return model;
  }

  /** Instructions stand at a conversation's very beginning, before any window of a long one. */
  async #opening({ user, id }: ChatRequest, { messages }: ConversationContext): Promise<Message[]> {
    const oldest = messages[0]?.sequence ?? 1;
    if (oldest === 1) return [];
    try {
      const first = await this.#deps.conversations.message(user, id, "1");
      return first.role === "system" ? [first] : [];
    } catch (error) {
      // Cleared, or deleted.
      if (error instanceof StoreError && error.kind === "not-found") return [];
      throw error;
    }
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
    const userMessage =
      messages.at(-2) ??
      plan?.unchanged ??
      (await this.#before(user, id, assistantMessage.sequence));
    return { userMessage, assistantMessage };
  }

  /** The message before one: sequences may have places of deleted messages between. */
  async #before(user: string, id: string, sequence: number): Promise<Message> {
    const page = { limit: 10, order: "desc", after: String(sequence) } as const;
    const [before] = (await this.#deps.conversations.messages(user, id, page)).items;
    if (before === undefined) throw new StoreError("not-found");
    return before;
  }

  #log(error: unknown, context: Parameters<typeof failureEntry>[1] = {}): void {
    this.#deps.log(failureEntry(error, context));
  }
}

/** What a model is asked, and what becomes of its answer. */
interface Ready {
  readonly model: ChatModel;
  readonly plan: Plan;
  readonly prompt: Prompt;
  readonly tools: readonly ChatTool[];
  /** Most of one answer. */
  readonly outputTokens: number;
}

interface Started {
  readonly turn: Turn;
  readonly taken: Taken | undefined;
}

const none: TokenUsage = { inputTokens: 0, outputTokens: 0 };

function isNotActive(error: unknown): boolean {
  return error instanceof StoreError && error.kind === "not-active";
}

function answerOf(answer: Answer, model: ChatModel, prompt: Prompt): MessageDraft {
  // What was never begun is not billed; of the rest we know what was sent and what came.
  const begun = answer.text !== "" || answer.parts !== undefined || answer.failure === undefined;
  return {
    role: "assistant",
    content: answer.text,
    ...(answer.parts !== undefined && { parts: answer.parts }),
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
