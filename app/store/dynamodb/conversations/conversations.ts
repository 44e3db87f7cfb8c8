/** Conversations as header items: creating, listing, changing and syncing them. */
import { Queue } from "../../contention.ts";
import type {
  Appended,
  Changes,
  Cleared,
  Conversation,
  ConversationChanges,
  ConversationContext,
  ConversationDraft,
  ConversationStore,
  Created,
  EditedMessage,
  ListRequest,
  MessageChanges,
  MessagePage,
  Once,
  OpenConversation,
  Order,
  Page,
  PageRequest,
  SavedTurn,
  TurnReplacement,
} from "../../conversation-store.ts";
import type { Guard } from "../../guard.ts";
import {
  type FeedbackDraft,
  type Message,
  type MessageDraft,
  type MessageEdit,
  messageOf,
} from "../../message.ts";
import { StoreError } from "../../store-error.ts";
import { markerOf } from "../../versions/unreadable.ts";
import { clear } from "../erasing/clear.ts";
import { purge } from "../erasing/purge.ts";
import { orderKnown } from "../maintenance/order-known.ts";
import { append } from "../messages/append.ts";
import { messageChanges } from "../messages/edit-records.ts";
import { changeMessage } from "../messages/editing.ts";
import { rate } from "../messages/feedback.ts";
import { readDeletedItem } from "../messages/message-item.ts";
import { queryMessages, readMessage, visiblePage } from "../messages/messages.ts";
import { Turns } from "../messages/turns.ts";
import { clearedThrough } from "../table/header.ts";
import { lastSequence, messageKey, messagePartition } from "../table/keys.ts";
import { getItem, readLiveHeader, type TableAccess } from "../table/table-access.ts";
import { create } from "./creation.ts";
import { inFull } from "./details.ts";
import { HeaderMemory } from "./header-memory.ts";
import { listConversations } from "./listing.ts";
import { listPinned } from "./pins.ts";
import { markRead, revise, suggestTitle } from "./revision.ts";
import { changes } from "./sync.ts";

/** One tenant's conversations in one table. What each access may cost: `docs/concepts/data-model.md`. */
export class DynamoDBConversationStore implements ConversationStore {
  readonly #table: TableAccess;
  readonly #memory: HeaderMemory;
  readonly #queue = new Queue();
  readonly #turns: Turns;
  readonly #isOrdered: () => Promise<boolean>;

  constructor(table: TableAccess) {
    this.#table = table;
    this.#memory = new HeaderMemory(table.now);
    this.#turns = new Turns(table, this.#memory, this.#queue);
    this.#isOrdered = orderKnown(table);
  }

  create(user: string, draft: ConversationDraft, once?: Once): Promise<Created> {
    return create(this.#table, user, draft, once);
  }

  async get(user: string, id: string): Promise<Conversation> {
    return inFull(this.#table, user, await readLiveHeader(this.#table, user, id));
  }

  async open(user: string, id: string, newest: number): Promise<OpenConversation> {
    const order = "desc";
    const [header, messages] = await Promise.all([
      readLiveHeader(this.#table, user, id),
      queryMessages(this.#table, user, id, { limit: newest, order }),
    ]);
    const page = visiblePage(messages, order, header);
    return {
      conversation: await inFull(this.#table, user, header),
      messages: page.items.toReversed(),
      ...markerOf(page.unreadable ?? []),
      ...(page.next === undefined ? {} : { older: page.next }),
    };
  }

  list(user: string, request: ListRequest): Promise<Page<Conversation>> {
    return request.pinned === true
      ? listPinned(this.#table, user, request)
      : listConversations(this.#table, user, request, this.#isOrdered);
  }

  update(
    user: string,
    id: string,
    changes: ConversationChanges,
    guard?: Guard,
  ): Promise<Conversation> {
    return revise(this.#table, user, id, changes, guard);
  }

  suggestTitle(user: string, id: string, title: string): Promise<Conversation> {
    return suggestTitle(this.#table, user, id, title);
  }

  delete(user: string, id: string, guard?: Guard, until?: Date): Promise<boolean> {
    return purge(this.#table, user, id, guard, until);
  }

  clear(user: string, id: string, guard?: Guard, until?: Date): Promise<Cleared> {
    return clear(this.#table, user, id, guard, until);
  }

  markRead(user: string, id: string, sequence: number): Promise<Conversation> {
    return markRead(this.#table, user, id, sequence);
  }

  changes(user: string, page: PageRequest): Promise<Changes> {
    return changes(this.#table, user, page);
  }

  async append(user: string, id: string, draft: MessageDraft, once?: Once): Promise<Appended> {
    const drafts = [draft];
    const arrival = { user, id, drafts, once };
    const written = await append(this.#table, this.#memory, this.#queue, arrival);
    if ("earlier" in written) {
      const { sequence, timestamp } = written.earlier;
      return { message: messageOf(draft, sequence, timestamp), replayed: true };
    }
    const [message] = written.messages;
    if (message === undefined) throw new Error("nothing was appended");
    return { message, replayed: false };
  }

  context(user: string, id: string, newest: number): Promise<ConversationContext> {
    return this.#turns.context(user, id, newest);
  }

  appendTurn(
    user: string,
    id: string,
    messages: readonly MessageDraft[],
    once?: Once,
  ): Promise<SavedTurn> {
    return this.#turns.append(user, id, messages, once);
  }

  replaceTurn(user: string, id: string, turn: TurnReplacement, once?: Once): Promise<SavedTurn> {
    return this.#turns.replace(user, id, turn, once);
  }

  findTurn(user: string, id: string, once: Once): Promise<SavedTurn | undefined> {
    return this.#turns.find(user, id, once);
  }

  async rate(
    user: string,
    id: string,
    messageId: string,
    feedback: FeedbackDraft | null,
  ): Promise<Message> {
    const sequence = sequenceOfId(messageId);
    const header = await readLiveHeader(this.#table, user, id);
    if (sequence <= clearedThrough(header)) throw new StoreError("not-found");
    return rate(this.#table, user, id, sequence, feedback);
  }

  async editMessage(
    user: string,
    id: string,
    messageId: string,
    edit: MessageEdit,
    guard?: Guard,
  ): Promise<EditedMessage> {
    const { header, message } = await this.#change(user, id, messageId, edit, guard);
    if (message === undefined) throw new Error("an edit left no message");
    return { message, conversation: await inFull(this.#table, user, header) };
  }

  async deleteMessage(
    user: string,
    id: string,
    messageId: string,
    guard?: Guard,
  ): Promise<Conversation> {
    const { header } = await this.#change(user, id, messageId, undefined, guard);
    return inFull(this.#table, user, header);
  }

  async #change(
    user: string,
    id: string,
    messageId: string,
    edit: MessageEdit | undefined,
    guard: Guard | undefined,
  ) {
    const place = { user, id, sequence: sequenceOfId(messageId) };
    const edited = await changeMessage(this.#table, place, edit, guard);
    this.#memory.learn(messagePartition(user, id), edited.header);
    return edited;
  }

  messageChanges(
    user: string,
    id: string,
    page: { readonly since: number; readonly limit: number },
  ): Promise<MessageChanges> {
    return messageChanges(this.#table, user, id, page);
  }

  async messages(
    user: string,
    id: string,
    page: PageRequest & { readonly order: Order },
  ): Promise<MessagePage> {
    const [header, messages] = await Promise.all([
      readLiveHeader(this.#table, user, id),
      queryMessages(this.#table, user, id, page),
    ]);
    return visiblePage(messages, page.order, header);
  }

  async message(user: string, id: string, messageId: string): Promise<Message> {
    const sequence = sequenceOfId(messageId);
    const [header, item] = await Promise.all([
      readLiveHeader(this.#table, user, id),
      getItem(this.#table, messageKey(user, id, sequence), "eventual"),
    ]);
    const isGone = item === undefined || readDeletedItem(item) !== undefined;
    if (isGone || sequence <= clearedThrough(header)) throw new StoreError("not-found");
    return readMessage(this.#table, user, id, item);
  }
}

function sequenceOfId(messageId: string): number {
  const sequence = /^[1-9][0-9]*$/.test(messageId) ? Number(messageId) : 0;
  if (sequence < 1 || sequence > lastSequence) throw new StoreError("not-found");
  return sequence;
}
