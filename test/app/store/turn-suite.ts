import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import type { ConversationStore } from "../../../app/store/conversation-store.ts";
import { draft, expectRefusal, type StoreUnderTest } from "../../../testing/app/store.ts";

/** What every `ConversationStore` promises of questions and their answers. */
export function describeTurns(under: () => StoreUnderTest) {
  let store: ConversationStore;
  const user = "alice";

  beforeAll(() => {
    store = under().openStore();
  });

  const create = async () =>
    (await store.create(user, { id: randomUUID(), title: "x", modelId: null })).conversation;

  it("saves a question and its answer together, once for an idempotency key", async () => {
    const { id } = await create();
    await store.append(user, id, draft("before"));
    const once = { key: "turn", bodyHash: "hash" };
    const answer = {
      ...draft("an answer"),
      role: "assistant",
      stopReason: "complete",
      usage: { inputTokens: 3, outputTokens: 2 },
    } as const;
    const saved = await store.appendTurn(user, id, [draft("a question"), answer], once);
    expect(saved).toMatchObject({
      replayed: false,
      messages: [
        { sequence: 2, content: "a question" },
        { sequence: 3, ...answer },
      ],
    });
    const again = { messages: saved.messages, replayed: true };
    expect(await store.appendTurn(user, id, [draft("a question"), answer], once)).toEqual(again);
    expect(await under().openStore().findTurn(user, id, once)).toEqual(again);
    expect(await store.findTurn(user, id, { ...once, key: "other" })).toBeUndefined();
    const reused = { ...once, bodyHash: "other" };
    await expectRefusal(store.findTurn(user, id, reused), "key-reused");
    await expectRefusal(store.appendTurn(user, id, [draft("x"), answer], reused), "key-reused");
    expect(await store.get(user, id)).toMatchObject({
      messageCount: 3,
      lastMessage: { role: "assistant", preview: "an answer" },
    });
    under().advance(24 * 3600 + 1);
    expect(await store.findTurn(user, id, once)).toBeUndefined();
  });

  it("shows a model the newest messages as they are now", async () => {
    const { id } = await create();
    for (let index = 1; index <= 5; index++) await store.append(user, id, draft(`${index}`));
    const { conversation, messages } = await store.context(user, id, 3);
    expect(conversation).toEqual(await store.get(user, id));
    expect(messages.map(({ content }) => content)).toEqual(["3", "4", "5"]);
    await expectRefusal(store.context("mallory", id, 3), "not-found");
  });

  it("A: keeps in mind which documents came with any message, the newest 20 of them", async () => {
    const { id } = await create();
    const sent = await store.append(user, id, { ...draft("one"), documents: ["a", "b"] });
    expect(sent.message.documents).toEqual(["a", "b"]);
    expect(await store.message(user, id, "1")).toEqual(sent.message);
    await store.append(user, id, draft("none"));
    const reply = { ...draft("yes"), role: "assistant" } as const;
    await store.appendTurn(user, id, [{ ...draft("two"), documents: ["c", "a"] }, reply]);
    expect((await store.context(user, id, 1)).documents).toEqual(["b", "c", "a"]);
    const many = Array.from({ length: 18 }, (_, index) => `d${index}`);
    await under()
      .openStore()
      .append(user, id, { ...draft("three"), documents: many });
    expect((await store.context(user, id, 1)).documents).toEqual(["c", "a", ...many]);
  });

  it("replaces the last messages in place, keeping the sequence dense", async () => {
    const { id } = await create();
    const reply = (content: string) => ({ ...draft(content), role: "assistant" }) as const;
    await store.appendTurn(user, id, [draft("question"), reply("answer")]);
    const edited = await store.replaceTurn(user, id, {
      messages: [draft("better question"), reply("better answer")],
      count: 2,
      last: 2,
    });
    expect(edited.messages.map(({ sequence }) => sequence)).toEqual([1, 2]);
    await store.replaceTurn(user, id, { messages: [reply("again")], count: 1, last: 2 });
    const { items } = await store.messages(user, id, { limit: 10, order: "asc" });
    expect(items.map(({ content }) => content)).toEqual(["better question", "again"]);
    await store.append(user, id, draft("unanswered"));
    const grown = { messages: [draft("asked anew"), reply("yes")], count: 1, last: 3 };
    const once = { key: "grown", bodyHash: "hash" };
    const saved = await store.replaceTurn(user, id, grown, once);
    expect(saved.messages.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(await under().openStore().replaceTurn(user, id, grown, once)).toEqual({
      messages: saved.messages,
      replayed: true,
    });
    expect(await store.get(user, id)).toMatchObject({
      messageCount: 4,
      version: 6,
      lastMessage: { preview: "yes" },
    });
  });

  it("refuses to replace what is no longer the last, or no longer of that version", async () => {
    const { id } = await create();
    await store.append(user, id, draft("one"));
    const turn = { messages: [draft("uno")], count: 1 };
    await expectRefusal(store.replaceTurn(user, id, { ...turn, last: 2 }), "stale");
    const other = under().openStore();
    await other.append(user, id, draft("two"));
    await expectRefusal(store.replaceTurn(user, id, { ...turn, last: 1 }), "stale");
    await store.update(user, id, { title: "Renamed" });
    for (const versions of [[3], []]) {
      const stale = { ...turn, last: 2, guard: { versions } };
      await expectRefusal(store.replaceTurn(user, id, stale), "stale");
    }
    await store.replaceTurn(user, id, { ...turn, last: 2, guard: { versions: [4] } });
    const { items } = await store.messages(user, id, { limit: 10, order: "asc" });
    expect(items.map(({ content }) => content)).toEqual(["one", "uno"]);
  });

  it("keeps an answer that was begun where its conversation stands now, and not what was cleared", async () => {
    const { id } = await create();
    const turn = [draft("a question"), { ...draft("an answer"), role: "assistant" as const }];
    await store.appendTurn(user, id, turn);
    const replacement = { messages: turn, count: 2, last: 2 };
    await store.update(user, id, { state: "archived" });
    const archived = async () => (await store.list(user, { limit: 100, state: "archived" })).items;
    const other = await create();
    await store.update(user, other.id, { state: "archived" });
    for (const begun of [
      () => store.appendTurn(user, id, turn),
      () => store.replaceTurn(user, id, { ...replacement, last: 4 }),
    ]) {
      under().advance(1);
      await begun();
      expect((await archived())[0]).toMatchObject({ id, messageCount: 4, state: "archived" });
    }
    await expectRefusal(store.append(user, id, draft("x")), "not-active");
    expect((await store.list(user, { limit: 100 })).items.map((one) => one.id)).not.toContain(id);
    await store.update(user, id, { state: "active" });
    await store.append(user, id, draft("five"));
    expect((await store.list(user, { limit: 1 })).items).toMatchObject([{ id, messageCount: 5 }]);

    await store.clear(user, id);
    const late = store.replaceTurn(user, id, { ...replacement, last: 5 });
    await expectRefusal(late, "stale");
    expect((await store.get(user, id)).messageCount).toBe(0);
  });

  it("keeps feedback on an answer, and on nothing else", async () => {
    const { id } = await create();
    const answer = { ...draft("an answer"), role: "assistant" } as const;
    await store.appendTurn(user, id, [draft("a question"), answer]);
    const up = { rating: "up", comment: "well said" } as const;
    const rated = await store.rate(user, id, "2", up);
    expect(rated).toMatchObject({ content: "an answer", feedback: up });
    expect(await store.message(user, id, "2")).toEqual(rated);
    expect((await store.rate(user, id, "2", null)).feedback).toBeNull();
    for (const [who, message] of [
      [user, "1"],
      [user, "3"],
      [user, "x"],
      ["mallory", "2"],
    ] as const) {
      await expectRefusal(store.rate(who, id, message, up), "not-found");
    }
    const { items } = await store.messages(user, id, { limit: 10, order: "asc" });
    expect(items).toHaveLength(2);
  });
}
