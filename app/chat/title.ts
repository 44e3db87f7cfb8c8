import { msLeft, within } from "../http/deadline.ts";
import { Problem } from "../http/problem.ts";
import { failureEntry, type Log } from "../lambda/log.ts";
import { type ChatModel, isBlank, ModelError, type Prompt } from "../models/chat-model.ts";
import type { Conversation, ConversationStore } from "../store/conversation-store.ts";
import type { Message, TokenUsage } from "../store/message.ts";
import type { UsageStore } from "../store/usage-store.ts";
import { estimateUsage } from "./prompt.ts";
import { type Quotas, reserve } from "./quotas.ts";
import { boundBy, type Options } from "./settings.ts";

/** Tokens of a title. */
const titleTokens = 32;
const titleCharacters = 120;
/** Characters of question and answer that the model is told: some 1,000 tokens together. */
const toldCharacters = 1_500;
const patienceMs = 15_000;

const instructions =
  "Write a title for the conversation below: at most six words, in its language, without quotation marks. " +
  "Answer with the title alone.";

interface TitleDependencies extends Options {
  readonly conversations: ConversationStore;
  readonly usage: UsageStore;
  readonly quotas: Quotas;
  readonly log: Log;
}

interface Asked {
  readonly user: string;
  readonly id: string;
  readonly deadline: number | undefined;
}

/** The conversation with a title of a model's, or as it is where its title is no text's. */
export async function makeTitle(
  deps: TitleDependencies,
  { user, id, deadline }: Asked,
  modelOf: (id: string | null) => ChatModel,
): Promise<Conversation> {
  const { conversations, usage, quotas } = deps;
  const { conversation, isTitleMade } = await conversations.context(user, id, 1);
  if (isTitleMade !== true) return conversation;
  const model = modelOf(conversation.modelId);
  const bounds = boundBy(deps, conversation.settings, titleTokens);
  const { items } = await conversations.messages(user, id, { limit: 10, order: "asc" });
  const told = [toldOf(items, "user"), toldOf(items, "assistant")].filter((text) => text !== "");
  if (told.length === 0) return conversation;
  const prompt: Prompt = {
    ...bounds.prompt,
    maxOutputTokens: bounds.outputTokens,
    system: instructions,
    messages: [{ role: "user", content: told.join("\n\n") }],
    passages: [],
  };
  const most = { ...estimateUsage(prompt, ""), outputTokens: bounds.outputTokens };
  const hold = await reserve(user, usage, quotas, most, deadline);
  const { text, used, failure } = await answerOf(model, prompt, msLeft(patienceMs, deadline));
  try {
    if (hold !== undefined) await usage.settle(hold, used);
    else if (used !== none) await usage.add(user, used);
  } catch (error) {
    // As of turns: the answer is worth more than its count.
    deps.log(failureEntry(error, {}));
  }
  if (failure !== undefined) {
    deps.log(failureEntry(failure, { model: model.id, ...failure.reason }));
    throw new Problem("model-failed", { detail: failure.message });
  }
  const title = titleIn(text);
  return title === "" ? conversation : conversations.suggestTitle(user, id, title);
}

function toldOf(messages: readonly Message[], role: Message["role"]): string {
  const message = messages.find((one) => one.role === role && !isBlank(one.content));
  return message === undefined ? "" : message.content.slice(0, toldCharacters).toWellFormed();
}

/** Its first line, without what models put around it. */
function titleIn(text: string): string {
  const line = text.trim().split(/[\r\n]/)[0] ?? "";
  let [from, to] = [0, line.length];
  while (from < to && around.has(line.charAt(from))) from++;
  while (to > from && around.has(line.charAt(to - 1))) to--;
  const bare = line.slice(from, to).replace(/\s+/g, " ");
  return isBlank(bare) ? "" : bare.slice(0, titleCharacters).toWellFormed().trim();
}

const around = new Set(['"', "'", "#", "*", ".", " ", "\t"]);

const none: TokenUsage = { inputTokens: 0, outputTokens: 0 };

async function answerOf(model: ChatModel, prompt: Prompt, ms: number) {
  let text = "";
  let used: TokenUsage | undefined;
  let failure: ModelError | undefined;
  try {
    await within(ms, async (signal) => {
      for await (const event of model.answer(prompt, signal)) {
        if (event.type === "text") text += event.text;
        if (event.type === "end") used = event.usage;
        // A model that minds no limit.
        if (text.length > 4 * titleCharacters) break;
      }
    });
  } catch (error) {
    failure = error instanceof ModelError ? error : new ModelError("interrupted", { cause: error });
  }
  const isBegun = text !== "" || failure === undefined;
  return { text, used: used ?? (isBegun ? estimateUsage(prompt, text) : none), failure };
}
