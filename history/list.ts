import { contentOfParts, messageParts } from "../app/parts/parts.ts";
import type { ConversationStore } from "../app/store/conversation-store.ts";
import type { Message, MessageDraft } from "../app/store/message.ts";
import { StoreError } from "../app/store/store-error.ts";
import type { Adapted, Given } from "../client/adapters/adapters.ts";

/** One conversation of one user, as adapters to other libraries see it. */
export interface Place {
  readonly store: ConversationStore;
  /** Take it from a token that you have verified. */
  readonly user: string;
  /** 1 to 64 letters, digits, `_` and `-`. It is made when something is first added. */
  readonly conversationId: string;
}

const atOnce = 100;

/** Every message, the oldest first; none of a conversation that there is not. */
export async function allMessages({ store, user, conversationId }: Place): Promise<Message[]> {
  const found: Message[] = [];
  let after: string | undefined;
  do {
    const page = await ifAny(
      store.messages(user, conversationId, { limit: atOnce, order: "asc", after }),
    );
    found.push(...(page?.items ?? []));
    after = page?.next;
  } while (after !== undefined);
  return found;
}

/** Adds them one after another, and makes the conversation where there is none. */
export async function addMessages(place: Place, drafts: readonly MessageDraft[]): Promise<void> {
  const { store, user, conversationId } = place;
  for (const draft of drafts) {
    const added = await ifAny(store.append(user, conversationId, draft));
    if (added !== undefined) continue;
    await made(place);
    await store.append(user, conversationId, draft);
  }
}

/** Takes every message out; the conversation stays. */
export async function clearMessages({ store, user, conversationId }: Place): Promise<void> {
  for (;;) {
    const cleared = await ifAny(store.clear(user, conversationId));
    if (cleared === undefined || cleared.isDone) return;
  }
}

/** By another process at the same time is as good. */
async function made({ store, user, conversationId }: Place): Promise<void> {
  try {
    await store.create(user, { id: conversationId, title: "", modelId: null });
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== "id-taken") throw error;
  }
}

async function ifAny<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return undefined;
    throw error;
  }
}

/** A message that an adapter of the client made. @throws ZodError for parts that no message may have. */
export function draftOf({ role, content = "", parts }: Adapted): MessageDraft {
  const own = parts && messageParts.parse(parts);
  return {
    role,
    content: own ? contentOfParts(own) : content,
    ...(own && { parts: own }),
    type: "markdown",
    modelId: null,
    isError: false,
    errorMessage: null,
    citations: [],
    llmResponseId: null,
  };
}

/** A message as the client's adapters read it: plain JSON, of the document's types. */
export const givenOf = ({ role, content, parts }: Message): Given =>
  JSON.parse(JSON.stringify({ role, content, parts }));
