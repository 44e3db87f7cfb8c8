import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type ConversationStore, trashDays } from "../../../app/store/conversation-store.ts";
import { draft, expectRefusal, type StoreUnderTest } from "../../../testing/app/store.ts";

const answer = (content: string) => ({ ...draft(content), role: "assistant" as const });
const day = 24 * 3600;

/** What every `ConversationStore` promises of archive, trash and reading. */
export function describeStates(name: string, start: () => Promise<StoreUnderTest>) {
  describe(`${name}: states and reading`, () => {
    let under: StoreUnderTest;
    let store: ConversationStore;
    let user: string;

    beforeAll(async () => {
      under = await start();
      store = under.openStore();
    });

    const create = async (title = "x") => {
      user ??= randomUUID();
      return (await store.create(user, { id: randomUUID(), title, modelId: null })).conversation.id;
    };
    const listed = async (state: "active" | "archived" | "trashed", limit = 100) =>
      (await store.list(user, { limit, state })).items.map(({ id }) => id);

    it("B: lists conversations by state, and moves them between states", async () => {
      user = randomUUID();
      const [one, two, three] = [await create(), await create(), await create()];
      await store.update(user, one, { state: "archived" });
      const trashed = await store.update(user, two, { state: "trashed" });
      expect(Date.parse(trashed.purgeAt!) - Date.parse(trashed.updatedAt)).toBe(
        trashDays * day * 1000,
      );
      expect(await listed("active")).toEqual([three]);
      expect(await listed("archived")).toEqual([one]);
      expect(await listed("trashed")).toEqual([two]);
      expect(await store.update(user, two, { state: "active" })).toMatchObject({ purgeAt: null });
      await store.update(user, one, { state: "active" });
      expect(new Set(await listed("active"))).toEqual(new Set([one, two, three]));
      expect(await listed("trashed")).toEqual([]);
    });

    it("B: pages through one state past many in others, none lost and none twice", async () => {
      user = randomUUID();
      const kept: string[] = [];
      for (let index = 0; index < 12; index++) {
        const id = await create();
        under.advance(1);
        if (index % 4 === 0) kept.unshift(id);
        else await store.update(user, id, { state: "archived" });
      }
      for (const limit of [1, 2, 3, 50]) {
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.list(user, { limit, after });
          expect(page.items.length).toBeGreaterThan(0);
          found.push(...page.items.map(({ id }) => id));
          after = page.next;
        } while (after !== undefined);
        expect(found).toEqual(kept);
      }
    });

    it("B: refuses messages to what is archived or in the trash, and reads both", async () => {
      const id = await create();
      await store.append(user, id, draft("before"));
      for (const state of ["archived", "trashed"] as const) {
        await store.update(user, id, { state });
        for (const writer of [store, under.openStore()]) {
          await expectRefusal(writer.append(user, id, draft("no")), "not-active");
          await expectRefusal(writer.context(user, id, 5), "not-active");
        }
        expect((await store.open(user, id, 5)).messages).toHaveLength(1);
      }
      await store.update(user, id, { state: "active" });
      expect((await store.append(user, id, draft("after"))).message.sequence).toBe(2);
    });

    it("B: keeps a turn that began before, and repeats what was said, in every state", async () => {
      const once = { key: "said", bodyHash: "hash" };
      for (const state of ["archived", "trashed"] as const) {
        const id = await create();
        const said = await store.append(user, id, draft("before"), once);
        await store.update(user, id, { state });
        for (const writer of [store, under.openStore()]) {
          const again = await writer.append(user, id, draft("before"), once);
          expect(again).toEqual({ message: said.message, replayed: true });
        }
        const turn = await store.appendTurn(user, id, [draft("paid"), answer("for")]);
        expect(turn.messages.map(({ sequence }) => sequence)).toEqual([2, 3]);
        const replaced = { messages: [answer("again")], count: 1, last: 3 };
        await store.replaceTurn(user, id, replaced);
        expect(await store.get(user, id)).toMatchObject({ state, messageCount: 3 });
      }
    });

    it("B: loses a conversation from the trash when its time is over, for every reader", async () => {
      user = randomUUID();
      const id = await create();
      await store.append(user, id, draft("x"));
      await store.update(user, id, { state: "trashed" });
      under.advance(trashDays * day - 60);
      expect(await listed("trashed")).toEqual([id]);
      under.advance(61);
      for (const attempt of [
        () => store.get(user, id),
        () => store.open(user, id, 1),
        () => store.messages(user, id, { limit: 1, order: "asc" }),
        () => store.update(user, id, { state: "active" }),
        () => store.markRead(user, id, 1),
        () => store.append(user, id, draft("x")),
      ]) {
        await expectRefusal(attempt(), "not-found");
      }
      expect(await listed("trashed")).toEqual([]);
    });

    it("B: guards a change of state by the version", async () => {
      const id = await create();
      const stale = store.update(user, id, { state: "trashed" }, { versions: [7] });
      await expectRefusal(stale, "stale");
      expect((await store.update(user, id, { state: "archived" }, { versions: [1] })).version).toBe(
        2,
      );
    });

    it("D: counts what is unread, and never un-reads", async () => {
      const id = await create();
      expect(await store.get(user, id)).toMatchObject({ unreadCount: 0, lastReadSequence: 0 });
      for (let index = 0; index < 5; index++) await store.append(user, id, answer("news"));
      const before = await store.get(user, id);
      expect(before).toMatchObject({ unreadCount: 5, lastReadSequence: 0 });
      const marked = await store.markRead(user, id, 3);
      expect(marked).toEqual({ ...before, unreadCount: 2, lastReadSequence: 3 });
      expect(await store.markRead(user, id, 1)).toEqual(marked);
      expect(await store.markRead(user, id, 99)).toMatchObject({ lastReadSequence: 5 });
      await store.append(user, id, answer("more"));
      const [first] = (await store.list(user, { limit: 1, unread: true })).items;
      expect(first).toMatchObject({ id, unreadCount: 1 });
      await store.append(user, id, draft("I have seen it"));
      expect(await store.get(user, id)).toMatchObject({ unreadCount: 0, lastReadSequence: 7 });
      await store.appendTurn(user, id, [draft("a question"), answer("an answer")]);
      expect(await store.get(user, id)).toMatchObject({ unreadCount: 0 });
    });

    it("D: takes parallel marks in any order, and the furthest wins", async () => {
      const id = await create();
      for (let index = 0; index < 9; index++) await store.append(user, id, answer("news"));
      await Promise.all([4, 9, 2, 7, 1].map((sequence) => store.markRead(user, id, sequence)));
      expect(await store.get(user, id)).toMatchObject({ lastReadSequence: 9 });
    });
  });
}
