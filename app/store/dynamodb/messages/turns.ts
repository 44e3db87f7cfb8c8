import type { Queue } from "../../contention.ts";
import type {
  ConversationContext,
  Once,
  SavedTurn,
  TurnReplacement,
} from "../../conversation-store.ts";
import type { MessageDraft } from "../../message.ts";
import { StoreError } from "../../store-error.ts";
import { inFull } from "../conversations/details.ts";
import type { HeaderMemory } from "../conversations/header-memory.ts";
import { clearedThrough } from "../table/header.ts";
import { findResult } from "../table/idempotency.ts";
import { headerKey, messagePartition } from "../table/keys.ts";
import { activeHeader, getItem, type TableAccess } from "../table/table-access.ts";
import { type AppendResult, append, appendResult } from "./append.ts";
import { queryMessages } from "./messages.ts";

/** No replica lags behind for longer. */
const lagMs = 60_000;

/** A question and its answer are read together, written together and repeated together. */
export class Turns {
  readonly #table: TableAccess;
  readonly #memory: HeaderMemory;
  readonly #queue: Queue;

  constructor(table: TableAccess, memory: HeaderMemory, queue: Queue) {
    this.#table = table;
    this.#memory = memory;
    this.#queue = queue;
  }

  /**
   * The header is read consistently, for one unit: it tells whether the cheap read of the messages
   * lagged behind, which is then done again, and it saves the append that follows a read of its own.
   */
  async context(user: string, id: string, newest: number): Promise<ConversationContext> {
    const page = { limit: newest, order: "desc" } as const;
    const [item, cheap] = await Promise.all([
      getItem(this.#table, headerKey(user, id), "strong"),
      queryMessages(this.#table, user, id, page),
    ]);
    const header = activeHeader(item, this.#table.now());
    this.#memory.learn(messagePartition(user, id), header);
    const seen = cheap.first;
    // What was edited or deleted a moment ago may look as it did before.
    const recently = new Date(this.#table.now().getTime() - lagMs).toISOString();
    const isCurrent =
      !(header.editedVersion !== undefined && header.updatedAt > recently) &&
      (seen?.sequence ?? 0) >= header.sequence &&
      (seen?.timestamp ?? "") >= (header.lastMessage?.timestamp ?? "");
    const { items } = isCurrent
      ? cheap
      : await queryMessages(this.#table, user, id, page, "strong");
    const shown = items.filter(({ sequence }) => sequence > clearedThrough(header));
    return {
      conversation: await inFull(this.#table, user, header, "strong"),
      newest: header.sequence,
      isTitleMade: header.autoTitle === "text",
      documents: header.documents ?? [],
      messages: shown.toReversed(),
    };
  }

  append(
    user: string,
    id: string,
    drafts: readonly MessageDraft[],
    once: Once | undefined,
  ): Promise<SavedTurn> {
    return this.#save(user, id, { messages: drafts }, once);
  }

  replace(
    user: string,
    id: string,
    turn: TurnReplacement,
    once: Once | undefined,
  ): Promise<SavedTurn> {
    return this.#save(user, id, turn, once);
  }

  async find(user: string, id: string, once: Once): Promise<SavedTurn | undefined> {
    const found = await findResult(this.#table, messagePartition(user, id), once);
    return found && this.#replay(user, id, appendResult.parse(found));
  }

  async #save(
    user: string,
    id: string,
    turn: { readonly messages: readonly MessageDraft[] } | TurnReplacement,
    once: Once | undefined,
  ): Promise<SavedTurn> {
    const written = await append(this.#table, this.#memory, this.#queue, {
      user,
      id,
      drafts: turn.messages,
      once,
      isBegun: true,
      ...("last" in turn && { replaces: turn, guard: turn.guard }),
    });
    return "earlier" in written
      ? this.#replay(user, id, written.earlier)
      : { messages: written.messages, replayed: false };
  }

  /** The answer was the model's: unlike a question, it must be read back. */
  async #replay(user: string, id: string, { sequence, count }: AppendResult): Promise<SavedTurn> {
    const bytes = Number.POSITIVE_INFINITY;
    const page = { limit: count, after: String(sequence - 1), order: "asc", bytes } as const;
    const { items } = await queryMessages(this.#table, user, id, page, "strong");
    // Cleared or deleted since.
    if (items.length < count) throw new StoreError("not-found");
    return { messages: items, replayed: true };
  }
}
