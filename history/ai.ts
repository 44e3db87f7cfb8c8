import { isDeepStrictEqual } from "node:util";
import type { Message, MessageDraft } from "../app/store/message.ts";
import { fromUIMessage, toUIMessage, type UIMessageLike } from "../client/adapters/ai-sdk.ts";
import { addMessages, allMessages, clearMessages, draftOf, givenOf, type Place } from "./list.ts";

export type { Place, UIMessageLike };

/**
 * The messages of a chat of the AI SDK, the oldest first: for `useChat({ messages })` and `convertToModelMessages`.
 */
export async function loadMessages<Kind extends UIMessageLike = UIMessageLike>(
  place: Place,
): Promise<Kind[]> {
  const messages = await allMessages(place);
  return messages.map((message) =>
    JSON.parse(JSON.stringify(toUIMessage({ ...givenOf(message), id: message.id }))),
  );
}

/**
 * Saves the messages of a chat, as `onFinish` of `toUIMessageStreamResponse` has them: adds what is new, and takes an
 * answer that was made anew in the place of the old one. The API and every other reader of the conversation
 * shows a message's text. Tools and files are parts of the
 * message; what only the AI SDK knows is kept beside them.
 */
export async function saveMessages(
  place: Place,
  messages: readonly UIMessageLike[],
): Promise<void> {
  const drafts = messages.map((message) => draftOf(fromUIMessage(message)));
  const stored = await allMessages(place);
  const same = stored.findIndex((message, index) => !isSame(message, drafts[index]));
  const kept = same === -1 ? stored.length : same;
  const [rest, count] = [drafts.slice(kept), stored.length - kept];
  const last = stored.at(-1);
  if (count === 0 || last === undefined) return addMessages(place, rest);
  if (rest.length < count) {
    // The store replaces messages, and takes none but all of them out.
    await clearMessages(place);
    return addMessages(place, drafts);
  }
  const { store, user, conversationId } = place;
  await store.replaceTurn(user, conversationId, { messages: rest, count, last: last.sequence });
}

const isSame = (message: Message, draft: MessageDraft | undefined): boolean =>
  message.role === draft?.role && isDeepStrictEqual(jsonOf(message.parts), jsonOf(draft.parts));

const jsonOf = (parts: MessageDraft["parts"]): unknown => JSON.parse(JSON.stringify(parts ?? []));
