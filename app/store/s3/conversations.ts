import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { ObjectStore } from "../../objects/object-store.ts";
import { pageBytes } from "../../resources/memory.ts";
import { attached } from "../attached.ts";
import {
  type Appended,
  type Changes,
  type Cleared,
  type Conversation,
  type ConversationChanges,
  type ConversationContext,
  type ConversationDraft,
  type ConversationStore,
  type Created,
  type EditedMessage,
  type ListRequest,
  type MessageChanges,
  type MessagePage,
  mostPins,
  type Once,
  type OpenConversation,
  type Order,
  type Page,
  type PageRequest,
  type SavedTurn,
  type TurnReplacement,
} from "../conversation-store.ts";
import type { Guard } from "../guard.ts";
import {
  type FeedbackDraft,
  type Message,
  type MessageDraft,
  type MessageEdit,
  saysTheSame,
} from "../message.ts";
import { StoreError } from "../store-error.ts";
import { partsOf, placePosition, readPosition, sequencePosition } from "../versions/position.ts";
import { markerOf, type Report } from "../versions/unreadable.ts";
import { type Arrival, type Arrived, arrive, checkGuard, findRequest, replay } from "./arrival.ts";
import { claimCreation, releaseCreation } from "./creation.ts";
import {
  isGone,
  isPlace,
  type LiveDocument,
  messageAt,
  newDocument,
  newestOf,
  toConversation,
} from "./document.ts";
import { changesOf, edited } from "./editing.ts";
import { History } from "./history.ts";
import { cleared, revised } from "./revision.ts";
import { Summaries } from "./summaries.ts";
import { changes } from "./sync.ts";

/**
 * One tenant's conversations as JSON objects, one each: for one or a few users, who want to read their
 * history with any tool. Its costs and limits: `docs/api/history-in-s3.md`.
 */
export class S3ConversationStore implements ConversationStore {
  readonly #objects: ObjectStore;
  readonly #history: History;
  readonly #summaries: Summaries;
  readonly #now: () => Date;

  constructor(objects: ObjectStore, now: () => Date, report?: Report) {
    this.#objects = objects;
    this.#history = new History(objects, now);
    this.#summaries = new Summaries(objects, now, report);
    this.#now = now;
  }

  async create(user: string, draft: ConversationDraft, once?: Once): Promise<Created> {
    const now = this.#now();
    if (draft.pinned === true) await this.#limitPins(user, draft.id);
    const claimed =
      once === undefined
        ? { draft, createdAt: now.toISOString() }
        : await claimCreation(this.#objects, user, draft, once, now);
    const first = newDocument(claimed.draft, claimed.createdAt, once);
    try {
      await this.#history.create(user, first);
      return { conversation: toConversation(first), replayed: false };
    } catch (error) {
      const isTaken = error instanceof StoreError && error.kind === "id-taken";
      if (!isTaken || once === undefined) throw error;
      const createdBy = await this.#history.creatorOf(user, claimed.draft.id);
      // The key may have been forgotten since, and claimed anew.
      const { at = claimed.createdAt } = createdBy ?? {};
      if (!isDeepStrictEqual(createdBy && { ...createdBy, at }, first.createdBy)) {
        // It holds what was sent, and nothing of a refused request stays.
        await releaseCreation(this.#objects, user, once);
        throw error;
      }
      return { conversation: toConversation(first), replayed: true };
    }
  }

  async get(user: string, id: string): Promise<Conversation> {
    return toConversation(await this.#history.read(user, id));
  }

  async open(user: string, id: string, newest: number): Promise<OpenConversation> {
    const found = await this.#history.read(user, id);
    const { items, unreadable, next } = pageOf(found, { limit: newest, order: "desc" });
    return {
      conversation: toConversation(found),
      messages: items.toReversed(),
      ...markerOf(unreadable ?? []),
      ...(next === undefined ? {} : { older: next }),
    };
  }

  async context(user: string, id: string, newest: number): Promise<ConversationContext> {
    const found = await this.#history.read(user, id);
    if (found.state !== "active") throw new StoreError("not-active");
    const { items } = pageOf(found, { limit: newest, order: "desc" });
    return {
      conversation: toConversation(found),
      isTitleMade: found.autoTitle === "text",
      newest: newestOf(found),
      documents: attached([], found.messages),
      messages: items.toReversed(),
    };
  }

  async list(
    user: string,
    { state = "active", limit, after, pinned }: ListRequest,
  ): Promise<Page<Conversation>> {
    const { all, unreadable } = await this.#summaries.of(user);
    const placed = all
      .filter((conversation) => conversation.state === state)
      .filter((conversation) => pinned !== true || conversation.pinned === true)
      .map((conversation) => ({ conversation, place: placeOf(conversation) }))
      .toSorted((one, other) => (one.place < other.place ? 1 : -1));
    // What moved to the front during the walk comes at its end, the oldest of it first.
    const from = after === undefined ? [] : readPosition(listPosition, after);
    const [behind = "", top = placed[0]?.place ?? "", late = ""] = from;
    const rest = [
      ...placed.filter(({ place }) => late === "" && (behind === "" || place < behind)),
      ...placed.filter(({ place }) => after !== undefined && place > (late || top)).toReversed(),
    ];
    const items = rest.slice(0, limit);
    const last = items.at(-1)?.place;
    const next = last !== undefined && last > top ? [behind, top, last] : [last, top];
    return {
      items: items.map(({ conversation }) => conversation),
      ...(after === undefined ? markerOf(unreadable) : {}),
      ...(rest.length > limit ? { next: next.join("|") } : {}),
    };
  }

  async update(
    user: string,
    id: string,
    changes: ConversationChanges,
    guard?: Guard,
  ): Promise<Conversation> {
    if (changes.pinned === true) await this.#limitPins(user, id);
    return this.#history.change(user, id, (found) => {
      checkGuard(found, guard);
      const next = revised(found, changes, this.#now());
      return { next, result: toConversation(next) };
    });
  }

  async suggestTitle(user: string, id: string, title: string): Promise<Conversation> {
    return this.#history.change(user, id, (found) => {
      if (found.autoTitle !== "text") return { result: toConversation(found) };
      const next = revised(found, { title }, this.#now());
      return { next, result: toConversation(next) };
    });
  }

  /** Counted before the write: two pins at once may both be the last. Nothing depends on it here, where a list reads every object. */
  async #limitPins(user: string, id: string): Promise<void> {
    const { all } = await this.#summaries.of(user);
    const others = all.filter((one) => one.pinned === true && one.id !== id);
    if (others.length >= mostPins) throw new StoreError("too-many-pins");
  }

  /** One object, one write: there is no half-way. */
  async delete(user: string, id: string, guard?: Guard): Promise<boolean> {
    await this.#history.bury(user, id, (found) => checkGuard(found, guard));
    return true;
  }

  async clear(user: string, id: string, guard?: Guard): Promise<Cleared> {
    return this.#history.change(user, id, (found) => {
      if (found.state !== "active") throw new StoreError("not-active");
      checkGuard(found, guard);
      if (found.messages.length === 0) {
        return { result: { conversation: toConversation(found), isDone: true } };
      }
      const next = cleared(found, this.#now());
      return { next, result: { conversation: toConversation(next), isDone: true } };
    });
  }

  async markRead(user: string, id: string, sequence: number): Promise<Conversation> {
    return this.#history.change(user, id, (found) => {
      const lastRead = Math.min(sequence, newestOf(found));
      if (lastRead <= found.lastRead) return { result: toConversation(found) };
      const next = { ...found, lastRead };
      return { next, result: toConversation(next) };
    });
  }

  async changes(user: string, page: PageRequest): Promise<Changes> {
    return changes(this.#summaries, user, page);
  }

  async append(user: string, id: string, draft: MessageDraft, once?: Once): Promise<Appended> {
    const { messages, replayed } = await this.#arrive(user, id, { drafts: [draft], once });
    const [message] = messages;
    if (message === undefined) throw new Error("nothing was appended");
    return { message, replayed };
  }

  async appendTurn(
    user: string,
    id: string,
    drafts: readonly MessageDraft[],
    once?: Once,
  ): Promise<SavedTurn> {
    return this.#arrive(user, id, { drafts, once, isBegun: true });
  }

  async replaceTurn(
    user: string,
    id: string,
    { messages, guard, ...replaces }: TurnReplacement,
    once?: Once,
  ): Promise<SavedTurn> {
    return this.#arrive(user, id, { drafts: messages, replaces, guard, once, isBegun: true });
  }

  async findTurn(user: string, id: string, once: Once): Promise<SavedTurn | undefined> {
    const found = await this.#history.read(user, id);
    const earlier = findRequest(found, once, this.#now());
    return earlier && replay(found, earlier);
  }

  async rate(
    user: string,
    id: string,
    messageId: string,
    draft: FeedbackDraft | null,
  ): Promise<Message> {
    return this.#history.change(user, id, (found) => {
      const rated = messageAt(found, messageId);
      if (rated.role !== "assistant") throw new StoreError("not-found");
      const feedback = draft && { ...draft, timestamp: this.#now().toISOString() };
      const messages = found.messages.map((message) =>
        message.id === messageId ? { ...message, feedback } : message,
      );
      return { next: { ...found, messages }, result: { ...rated, feedback } };
    });
  }

  async editMessage(
    user: string,
    id: string,
    messageId: string,
    edit: MessageEdit,
    guard?: Guard,
  ): Promise<EditedMessage> {
    return this.#history.change(user, id, (found) => {
      const next = edited(found, messageId, edit, guard, this.#now());
      const before = messageAt(found, messageId);
      // Whoever repeats a request finds it done.
      if (saysTheSame(before, edit)) {
        return { result: { message: before, conversation: toConversation(found) } };
      }
      const message = messageAt(next, messageId);
      return { next, result: { message, conversation: toConversation(next) } };
    });
  }

  async deleteMessage(
    user: string,
    id: string,
    messageId: string,
    guard?: Guard,
  ): Promise<Conversation> {
    return this.#history.change(user, id, (found) => {
      const next = edited(found, messageId, undefined, guard, this.#now());
      return { next, result: toConversation(next) };
    });
  }

  async messageChanges(
    user: string,
    id: string,
    page: { readonly since: number; readonly limit: number },
  ): Promise<MessageChanges> {
    return changesOf(await this.#history.read(user, id), page, this.#now());
  }

  async messages(
    user: string,
    id: string,
    page: PageRequest & { readonly order: Order },
  ): Promise<MessagePage> {
    return pageOf(await this.#history.read(user, id), page);
  }

  async message(user: string, id: string, messageId: string): Promise<Message> {
    return messageAt(await this.#history.read(user, id), messageId);
  }

  #arrive(user: string, id: string, arrival: Arrival): Promise<Arrived> {
    return this.#history.change(user, id, (found) => arrive(found, arrival, this.#now()));
  }
}

/** One page in the order of the sequence; a position is a sequence. */
function pageOf(
  { messages }: LiveDocument,
  { limit, after, order }: PageRequest & { readonly order: Order },
): MessagePage {
  const ordered = order === "asc" ? messages : messages.toReversed();
  const behind = after === undefined ? undefined : readPosition(sequencePosition, after);
  const start = ordered.findIndex(({ sequence }) =>
    order === "asc" ? sequence > (behind ?? 0) : sequence < (behind ?? Infinity),
  );
  if (start === -1) return { items: [] };
  const page = ordered.slice(start, start + fitting(ordered, start, limit));
  const last = page.at(-1);
  const isLast = start + page.length >= ordered.length || last === undefined;
  return {
    items: page.filter((message) => !isPlace(message) && !isGone(message)),
    ...markerOf(page.filter(isPlace).map(({ id }) => id)),
    ...(page.some(isGone) && { deleted: page.filter(isGone).map(({ id }) => id) }),
    ...(isLast ? {} : { next: last.id }),
  };
}

/** How many of them make a page, at least one. */
function fitting(messages: readonly Message[], start: number, limit: number): number {
  let [length, bytes] = [0, 0];
  for (const message of messages.slice(start, start + limit)) {
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (length > 0 && bytes > pageBytes) break;
    length++;
  }
  return length;
}

/** Behind which place the list goes on, its first place, and behind which of those that moved since. */
const listPosition = partsOf(z.array(placePosition).min(1).max(3));

/** Where a conversation stands in the list by recency. */
function placeOf({ updatedAt, id }: Conversation): string {
  return `${updatedAt}/${id}`;
}
