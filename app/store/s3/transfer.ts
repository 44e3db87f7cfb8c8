import { isDeepStrictEqual } from "node:util";
import type { ObjectStore } from "../../objects/object-store.ts";
import type { Page, PageRequest } from "../conversation-store.ts";
import { type DeletedMessage, isDeleted, type Message } from "../message.ts";
import { StoreError } from "../store-error.ts";
import type {
  ImportedHeader,
  ImportedMessage,
  TransferStore,
  WalkedConversation,
} from "../transfer-store.ts";
import { markerOf, type Report } from "../versions/unreadable.ts";
import { mutable } from "./arrival.ts";
import { gonePlace, isGone, newDocument, newestOf } from "./document.ts";
import { History, historyPrefix, requestPrefix } from "./history.ts";
import { Summaries } from "./summaries.ts";

/** S3 deletes as many objects with one request. */
const deletedAtOnce = 1_000;

export class S3TransferStore implements TransferStore {
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

  async walk(user: string, { limit, after = "" }: PageRequest): Promise<Page<WalkedConversation>> {
    const { all, unreadable, cleared } = await this.#summaries.of(user);
    const marker = after === "" ? markerOf(unreadable) : {};
    const rest = all
      .filter(({ id }) => id > after)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const items = rest.slice(0, limit).map((conversation): WalkedConversation => {
      const before = cleared.get(conversation.id) ?? 0;
      return { ...conversation, ...(before > 0 && { firstSequence: before + 1 }) };
    });
    const last = items.at(-1);
    return rest.length > limit && last !== undefined
      ? { items, ...marker, next: last.id }
      : { items, ...marker };
  }

  async importConversation(user: string, header: ImportedHeader): Promise<"created" | "exists"> {
    try {
      await this.#history.create(user, {
        ...newDocument(header, header.createdAt, undefined),
        updatedAt: this.#now().toISOString(),
        state: header.state,
        purgeAt: header.purgeAt,
        ...(header.lastReadSequence > 0 && { readThrough: header.lastReadSequence }),
        cleared: (header.firstSequence ?? 1) - 1,
      });
      return "created";
    } catch (error) {
      if (!(error instanceof StoreError && error.kind === "id-taken")) throw error;
      await this.#history.read(user, header.id);
      return "exists";
    }
  }

  async importMessages(
    user: string,
    id: string,
    messages: readonly (Message | DeletedMessage)[],
  ): Promise<readonly ImportedMessage[]> {
    return this.#history.change(user, id, (found) => {
      const newest = newestOf(found);
      if ((messages[0]?.sequence ?? 1) > newest + 1) {
        return { result: messages.map(() => "gap" as const) };
      }
      const fresh = messages.filter(({ sequence }) => sequence > newest);
      const result = messages.map(({ sequence }, index): ImportedMessage => {
        const stored = found.messages[sequence - 1 - found.cleared];
        if (stored === undefined) return "created";
        const sent = messages[index];
        const isSame =
          sent !== undefined && isDeleted(sent)
            ? isGone(stored)
            : isDeepStrictEqual(plain(stored), plain(sent));
        return isSame ? "exists" : "conflict";
      });
      if (fresh.length === 0) return { result };
      const added = fresh.map((message) =>
        isDeleted(message) ? gonePlace(message.sequence, message.timestamp) : mutable(message),
      );
      const read = Math.min(found.readThrough ?? 0, newest + added.length);
      const next = {
        ...found,
        messages: [...found.messages, ...added],
        lastRead: Math.max(found.lastRead, read),
        updatedAt: this.#now().toISOString(),
        version: found.version + 1,
      };
      return { next, result };
    });
  }

  async erase(user: string, until: Date): Promise<boolean> {
    for (const prefix of [historyPrefix(user), requestPrefix(user)]) {
      const objects = await Array.fromAsync(this.#objects.list(prefix));
      for (let from = 0; from < objects.length; from += deletedAtOnce) {
        if (this.#now() >= until) return false;
        const batch = objects.slice(from, from + deletedAtOnce);
        await this.#objects.delete(batch.map(({ key }) => key));
      }
    }
    return true;
  }
}

/** Without what is not set: that makes a message no other one. */
function plain(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}
