import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Conversation, ConversationStore } from "../../../app/store/conversation-store.ts";
import { StoreError } from "../../../app/store/store-error.ts";
import { draft, type StoreUnderTest } from "../../../testing/app/store.ts";

const answer = (content: string) => ({ ...draft(content), role: "assistant" as const });

interface Act {
  readonly writer: number;
  readonly target: number;
  readonly kind: string;
}

/** A client that holds what syncs have told it, and nothing else. */
class Replica {
  readonly held = new Map<string, Conversation>();
  told = 0;
  #cursor: string | undefined;
  readonly #store: ConversationStore;
  readonly #user: string;

  constructor(store: ConversationStore, user: string) {
    this.#store = store;
    this.#user = user;
  }

  async sync(limit = 100): Promise<void> {
    for (let more = true; more; ) {
      const page = await this.#store.changes(this.#user, { limit, after: this.#cursor });
      this.told += page.items.length + page.deleted.length;
      for (const one of page.items) this.held.set(one.id, one);
      for (const id of page.deleted) this.held.delete(id);
      this.#cursor = page.next;
      more = page.more;
    }
  }
}

/** What every `ConversationStore` promises of syncs. */
export function describeSync(name: string, start: () => Promise<StoreUnderTest>) {
  describe(`${name}: sync`, () => {
    let under: StoreUnderTest;
    let store: ConversationStore;

    beforeAll(async () => {
      under = await start();
      store = under.openStore();
    });

    const create = async (user: string, on = store) =>
      (await on.create(user, { id: randomUUID(), title: "x", modelId: null })).conversation.id;

    /** All that there is, read conversation by conversation. */
    const truth = async (user: string) => {
      const all: Conversation[] = [];
      for (const state of ["active", "archived", "trashed"] as const) {
        for (const { id } of (await store.list(user, { limit: 1_000, state })).items) {
          all.push(await store.get(user, id));
        }
      }
      return new Map(all.map((one) => [one.id, one]));
    };

    it("B: tells every kind of change once, and then nothing", async () => {
      const user = randomUUID();
      const replica = new Replica(store, user);
      const settled = async (changes: number) => {
        const before = replica.told;
        await replica.sync();
        expect(replica.held).toEqual(await truth(user));
        expect(replica.told - before).toBe(changes);
        await replica.sync();
        expect(replica.told - before).toBe(changes);
      };
      await settled(0);
      const [one, two] = [await create(user), await create(user)];
      await settled(2);
      await store.append(user, one, answer("news"));
      await settled(1);
      await store.update(user, two, { title: "Renamed" });
      await settled(1);
      await under.openStore().markRead(user, one, 1);
      await settled(1);
      await store.update(user, one, { state: "archived" });
      await settled(1);
      await store.update(user, one, { state: "trashed" });
      await store.update(user, two, { modelId: "another" });
      await settled(2);
      await store.delete(user, one);
      await settled(1);
      under.advance(3600);
      await settled(0);
      await store.append(user, two, draft("later"));
      await settled(1);
    });

    it("B: tells of a mark of reading however long ago the message came", async () => {
      const user = randomUUID();
      const ids = [await create(user), await create(user), await create(user)];
      for (const id of ids) await store.append(user, id, answer("news"));
      const replica = new Replica(store, user);
      await replica.sync();
      under.advance(7 * 24 * 3600);
      await replica.sync();
      await store.markRead(user, ids[1]!, 1);
      await replica.sync();
      expect(replica.held).toEqual(await truth(user));
    });

    it("B: tells of a conversation made anew under the id of a deleted one", async () => {
      const user = randomUUID();
      const id = await create(user);
      const replica = new Replica(store, user);
      await replica.sync();
      await store.delete(user, id);
      under.advance(24 * 3600 + 1);
      await store.create(user, { id, title: "Anew", modelId: null });
      await replica.sync();
      expect(replica.held).toEqual(await truth(user));
    });

    it("B: goes through many changes page by page, while they go on", async () => {
      const user = randomUUID();
      const ids: string[] = [];
      for (let index = 0; index < 130; index++) ids.push(await create(user));
      const replica = new Replica(store, user);
      const writing = (async () => {
        for (const id of ids.slice(0, 40)) await store.update(user, id, { title: "While" });
      })();
      await replica.sync(7);
      await writing;
      await replica.sync(7);
      expect(replica.held).toEqual(await truth(user));
    }, 30_000);

    it("B: loses nothing to parallel writers whose clocks differ by minutes", async () => {
      const act = fc.record({
        writer: fc.nat({ max: 4 }),
        target: fc.nat({ max: 5 }),
        kind: fc.constantFrom(
          "create",
          "append",
          "rename",
          "archive",
          "trash",
          "restore",
          "read",
          "delete",
        ),
      });
      const skews = fc.array(fc.integer({ min: -240, max: 240 }), { minLength: 5, maxLength: 5 });
      const rounds = fc.array(fc.array(act, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
      const run = async (skewSeconds: number[], actions: Act[][]) => {
        const user = randomUUID();
        const writers = skewSeconds.map((skew) => under.openStore(skew));
        const ids = await Promise.all(Array.from({ length: 6 }, () => create(user)));
        const replica = new Replica(under.openStore(skewSeconds[0]), user);
        const perform = async ({ writer, target, kind }: Act) => {
          const by = writers[writer]!;
          const id = ids[target]!;
          if (kind === "create") await create(user, by);
          if (kind === "append") await by.append(user, id, answer("news"));
          if (kind === "rename") await by.update(user, id, { title: randomUUID() });
          if (kind === "archive") await by.update(user, id, { state: "archived" });
          if (kind === "trash") await by.update(user, id, { state: "trashed" });
          if (kind === "restore") await by.update(user, id, { state: "active" });
          if (kind === "read") await by.markRead(user, id, 1_000);
          if (kind === "delete") await by.delete(user, id);
        };
        for (const acts of actions) {
          // The reader reads while they write; only the last sync comes when all have written.
          await Promise.all([replica.sync(3), ...acts.map((one) => unlessRefused(perform(one)))]);
          under.advance(45);
        }
        await replica.sync(3);
        expect(replica.held).toEqual(await truth(user));
      };
      await fc.assert(fc.asyncProperty(skews, rounds, run), { numRuns: 25 });
    }, 120_000);
  });
}

/** Some acts come too late: the conversation is deleted, or takes no messages. */
async function unlessRefused(act: Promise<void>): Promise<void> {
  await act.catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
  });
}
