import { BaseListChatMessageHistory } from "@langchain/core/chat_history";
import {
  type BaseMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  type StoredMessage,
} from "@langchain/core/messages";
import type { Message } from "../app/store/message.ts";
import { fromStoredMessage, toStoredMessage } from "../client/adapters/langchain.ts";
import { addMessages, allMessages, clearMessages, draftOf, givenOf, type Place } from "./list.ts";

export type { Place };

/**
 * LangChain's message history on a store: `new ChatHistory({ store, user, conversationId })`. The API and
 * every other reader of the conversation shows a message's text. Tool calls and their results are
 * parts of the message; what only LangChain knows is kept beside them.
 */
export class ChatHistory extends BaseListChatMessageHistory {
  override lc_namespace = ["chatstack", "langchain"];
  readonly #place: Place;

  constructor(place: Place) {
    super();
    this.#place = place;
  }

  override async getMessages(): Promise<BaseMessage[]> {
    return (await allMessages(this.#place)).flatMap(readMessage);
  }

  override addMessage(message: BaseMessage): Promise<void> {
    return this.addMessages([message]);
  }

  override addMessages(messages: BaseMessage[]): Promise<void> {
    return addMessages(this.#place, writtenMessages(messages));
  }

  override clear(): Promise<void> {
    return clearMessages(this.#place);
  }
}

function readMessage(message: Message): BaseMessage[] {
  const { type, data } = toStoredMessage(givenOf(message));
  // What LangChain wrote is LangChain's to read.
  const stored: StoredMessage = JSON.parse(JSON.stringify({ type, data }));
  return mapStoredMessagesToChatMessages([stored]);
}

const writtenMessages = (messages: BaseMessage[]) =>
  mapChatMessagesToStoredMessages(messages).map((stored) => {
    const { type, data } = JSON.parse(JSON.stringify(stored));
    return draftOf(fromStoredMessage({ type, data }));
  });
