import { isIdentifier, newIdentifier } from "../../http/identifiers.ts";
import { ConditionLost, type ObjectStore } from "../../objects/object-store.ts";
import { bucketFolders } from "../../resources/bucket.ts";
import { LostRace, Queue, untilWon } from "../contention.ts";
import { epochSeconds } from "../expiry.ts";
import { StoreError } from "../store-error.ts";
import { type Report, readOr } from "../versions/unreadable.ts";
import { carry } from "./carry.ts";
import {
  type Document,
  ifLive,
  isGone,
  type LiveDocument,
  liveDocument,
  parseDocument,
  readDocument,
} from "./document.ts";
import { tombstone } from "./revision.ts";

/** Every append moves the whole conversation twice: beyond this, S3 JSON is the wrong store. */
export const conversationBytes = 8 * 1024 * 1024;
const rememberedWrites = 32;

interface Stored {
  readonly document: Document;
  /** As it was stored, with what a later version has beside. */
  readonly raw: unknown;
  readonly etag: string;
}

/** Objects of conversations, written only in place of the version that was read. */
export class History {
  readonly #objects: ObjectStore;
  readonly #now: () => Date;
  readonly #queue = new Queue();

  constructor(objects: ObjectStore, now: () => Date) {
    this.#objects = objects;
    this.#now = now;
  }

  async read(user: string, id: string): Promise<LiveDocument> {
    return liveDocument((await this.#find(historyKey(user, id)))?.document, this.#now());
  }

  /** The request that created a conversation, be it deleted by now. */
  async creatorOf(user: string, id: string): Promise<Document["createdBy"] | undefined> {
    return (await this.#find(historyKey(user, id)))?.document.createdBy;
  }

  /** Puts the first version there, unless a conversation or the memory of one has the id. */
  async create(user: string, first: LiveDocument): Promise<void> {
    const key = historyKey(user, first.id);
    const token = newIdentifier();
    const body = JSON.stringify({ ...first, writes: [token] });
    await untilWon(async () => {
      const etag = await this.#put(key, body, "absent");
      if (etag !== undefined) return;
      const found = await this.#find(key);
      if (found === undefined) throw new LostRace();
      const { document } = found;
      // The first answer may have been lost on its way to us.
      if (document.state !== "deleted" && document.writes.includes(token)) return;
      if (document.state !== "deleted" || document.takenUntil > epochSeconds(this.#now())) {
        throw new StoreError("id-taken");
      }
      if ((await this.#put(key, body, { etag: found.etag })) === undefined) throw new LostRace();
    });
  }

  /**
   * Changes a conversation: reads it, writes what `apply` makes of it in the place of what was read,
   * and starts again if somebody else was faster. No `next` means nothing to write.
   */
  async change<T>(
    user: string,
    id: string,
    apply: (found: LiveDocument) => { readonly next?: LiveDocument; readonly result: T },
  ): Promise<T> {
    const key = historyKey(user, id);
    const token = newIdentifier();
    let written: { readonly result: T } | undefined;
    return this.#queue.run(key, () =>
      untilWon(async () => {
        const stored = await this.#find(key);
        const isOurs = hasWrite(stored?.document, token);
        if (isOurs && written !== undefined) return written.result;
        const found = liveDocument(stored?.document, this.#now());
        const { next, result } = apply(found);
        if (stored === undefined || next === undefined) return result;
        written = { result };
        const writes = [...found.writes, token].slice(-rememberedWrites);
        const body = JSON.stringify(carry(stored.raw, { ...next, writes }));
        if (Buffer.byteLength(body) > conversationBytes) {
          throw new StoreError("full");
        }
        const etag = await this.#put(key, body, { etag: stored.etag });
        if (etag === undefined) throw new LostRace();
        return result;
      }),
    );
  }

  /**
   * Puts a tombstone in the place of a conversation, one that cannot be read too: its user may always
   * delete it.
   */
  async bury(user: string, id: string, check: (found: LiveDocument) => void): Promise<void> {
    const key = historyKey(user, id);
    await this.#queue.run(key, () =>
      untilWon(async () => {
        const object = await this.#objects.get(key);
        if (object === undefined) throw new StoreError("not-found");
        const what = { kind: "conversation", id } as const;
        const stored = readOr(() => readDocument(object.body), what, undefined);
        const found = stored && liveDocument(stored, this.#now());
        if (found !== undefined) check(found);
        const body = JSON.stringify(tombstone(found ?? { createdBy: null }, this.#now()));
        if ((await this.#put(key, body, { etag: object.etag })) === undefined) throw new LostRace();
      }),
    );
  }

  /** Puts a tombstone in the place of a conversation that is past its time in the trash. Tells of one that stays. */
  async purgeIfDue(
    user: string,
    id: string,
    report?: Report,
  ): Promise<"purged" | "gone" | { readonly messages: number }> {
    const key = historyKey(user, id);
    return untilWon(async () => {
      const object = await this.#objects.get(key);
      if (object === undefined) return "gone";
      const read = () => readDocument(object.body);
      const stored = readOr(read, { kind: "conversation", id }, report);
      // What cannot be read is there, with messages that nobody can count.
      if (stored === undefined) return { messages: 0 };
      if (stored.state === "deleted") return "gone";
      const live = ifLive(stored, this.#now());
      if (live !== undefined) {
        return { messages: live.messages.filter((message) => !isGone(message)).length };
      }
      const body = JSON.stringify(tombstone(stored, this.#now()));
      // Whoever was faster has restored it, or has deleted it, or nobody was and S3 was busy.
      if ((await this.#put(key, body, { etag: object.etag })) === undefined) throw new LostRace();
      return "purged";
    });
  }

  async #find(key: string): Promise<Stored | undefined> {
    const object = await this.#objects.get(key);
    if (object === undefined) return undefined;
    const raw: unknown = JSON.parse(Buffer.from(object.body).toString());
    return { document: parseDocument(raw), raw, etag: object.etag };
  }

  /** Undefined when the object was no longer as expected. */
  async #put(
    key: string,
    body: string,
    when: "absent" | { etag: string },
  ): Promise<string | undefined> {
    try {
      return await this.#objects.put(key, body, { contentType: "application/json", when });
    } catch (error) {
      if (error instanceof ConditionLost) return undefined;
      throw error;
    }
  }
}

function hasWrite(document: Document | undefined, token: string): boolean {
  return document !== undefined && document.state !== "deleted" && document.writes.includes(token);
}

export function historyPrefix(user: string): string {
  return `${bucketFolders.history.prefix}${identifier(user)}/`;
}

export function requestPrefix(user: string): string {
  return `${bucketFolders.historyRequests.prefix}${identifier(user)}/`;
}

export function historyKey(user: string, conversation: string): string {
  return `${historyPrefix(user)}${identifier(conversation)}.json`;
}

export function conversationOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1, -".json".length);
}

/** Routes validate; this is the last door before a key is built. */
function identifier(text: string): string {
  if (!isIdentifier(text)) {
    throw new TypeError("not an identifier: it must not become part of a key");
  }
  return text;
}
