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
  Once,
  OpenConversation,
  Order,
  Page,
  PageRequest,
  SavedTurn,
  TurnReplacement,
} from "../../conversation-store.ts";
import type { Guard } from "../../guard.ts";
import { type FeedbackDraft, type Message, type MessageDraft, messageOf } from "../../message.ts";
import { StoreError } from "../../store-error.ts";
import { markerOf } from "../../versions/unreadable.ts";
import { clear } from "../erasing/clear.ts";
import { purge } from "../erasing/purge.ts";
import { orderKnown } from "../maintenance/order-known.ts";
import { append } from "../messages/append.ts";
import { rate } from "../messages/feedback.ts";
import { queryMessages, readMessage, visiblePage } from "../messages/messages.ts";
import { Turns } from "../messages/turns.ts";
import { clearedThrough, toConversation } from "../table/header.ts";
import { lastSequence, messageKey } from "../table/keys.ts";
import { getItem, readLiveHeader, type TableAccess } from "../table/table-access.ts";
import { create } from "./creation.ts";
import { HeaderMemory } from "./header-memory.ts";
import { type ListRequest, listConversations } from "./listing.ts";
import { markRead, revise } from "./revision.ts";
import { changes } from "./sync.ts";

/** One tenant's conversations in one table. What each access may cost: `docs/data-model.md`. */
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
    return toConversation(await readLiveHeader(this.#table, user, id));
  }

  async open(user: string, id: string, newest: number): Promise<OpenConversation> {
    const order = "desc";
    const [header, messages] = await Promise.all([
      readLiveHeader(this.#table, user, id),
      queryMessages(this.#table, user, id, { limit: newest, order }),
    ]);
    const page = visiblePage(messages, order, header);
    return {
      conversation: toConversation(header),
      messages: page.items.toReversed(),
      ...markerOf(page.unreadable ?? []),
      ...(page.next === undefined ? {} : { older: page.next }),
    };
  }

  list(user: string, request: ListRequest): Promise<Page<Conversation>> {
    return listConversations(this.#table, user, request, this.#isOrdered);
  }

  update(
    user: string,
    id: string,
    changes: ConversationChanges,
    guard?: Guard,
  ): Promise<Conversation> {
    return revise(this.#table, user, id, changes, guard);
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

  async messages(
    user: string,
    id: string,
    page: PageRequest & { readonly order: Order },
  ): Promise<Page<Message>> {
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
    if (item === undefined || sequence <= clearedThrough(header)) throw new StoreError("not-found");
    return readMessage(this.#table, user, id, item);
  }
}

function sequenceOfId(messageId: string): number {
  const sequence = /^[1-9][0-9]*$/.test(messageId) ? Number(messageId) : 0;
  if (sequence < 1 || sequence > lastSequence) throw new StoreError("not-found");
  return sequence;
}
