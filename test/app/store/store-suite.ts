import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { contentOfParts, type MessagePart } from "../../../app/parts/parts.ts";
import type { Appended, ConversationStore, Order } from "../../../app/store/conversation-store.ts";
import type { MessageDraft } from "../../../app/store/message.ts";
import { StoreError } from "../../../app/store/store-error.ts";
import { messageParts } from "../../../testing/app/parts.ts";
import { draft, expectRefusal, type StoreUnderTest } from "../../../testing/app/store.ts";
import { describeTurns } from "./turn-suite.ts";

/** What every `ConversationStore` promises, whatever it keeps conversations in. */
export function describeConversationStore(name: string, start: () => Promise<StoreUnderTest>) {
  describe(name, () => {
    let under: StoreUnderTest;
    let store: ConversationStore;
    const user = "alice";

    beforeAll(async () => {
      under = await start();
      store = under.openStore();
    });

    const create = async (title = "A conversation", owner = user) =>
      (await store.create(owner, { id: randomUUID(), title, modelId: null })).conversation;

    it("creates a conversation that can be read back", async () => {
      const draft = { id: randomUUID(), title: "Hello", modelId: "a-model" };
      const { conversation } = await store.create(user, draft);
      expect(conversation).toMatchObject({ ...draft, messageCount: 0, version: 1 });
      expect(await store.get(user, draft.id)).toEqual(conversation);
    });

    it("refuses an id that the user has taken, but not one of another user", async () => {
      const { id } = await create();
      const draft = { id, title: "Again", modelId: null };
      await expectRefusal(store.create(user, draft), "id-taken");
      expect((await store.create("bob", draft)).conversation.id).toBe(id);
    });

    it("never reaches another user's conversation", async () => {
      const { id } = await create();
      await store.append(user, id, draft("secret"));
      for (const attempt of [
        () => store.get("mallory", id),
        () => store.open("mallory", id, 20),
        () => store.update("mallory", id, { title: "mine" }),
        () => store.delete("mallory", id),
        () => store.append("mallory", id, draft("hi")),
        () => store.messages("mallory", id, { limit: 10, order: "asc" }),
        () => store.message("mallory", id, "1"),
      ]) {
        await expectRefusal(attempt(), "not-found");
      }
      expect((await store.get(user, id)).title).toBe("A conversation");
    });

    it("lists by most recent activity, page by page, none lost and none twice", async () => {
      const owner = randomUUID();
      const made: string[] = [];
      for (let index = 0; index < 7; index++) {
        made.push((await create(`No. ${index}`, owner)).id);
        under.advance(1);
      }
      await store.append(owner, made[2]!, draft("wakes it up"));
      const expected = [2, 6, 5, 4, 3, 1, 0].map((index) => made[index]);
      for (const limit of [1, 2, 3, 7, 50]) {
        const listed = await collect((after) => store.list(owner, { limit, after }));
        expect(listed.map(({ id }) => id)).toEqual(expected);
      }
    });

    it("ends a list without an empty page", async () => {
      const owner = randomUUID();
      for (let index = 0; index < 4; index++) await create("x", owner);
      const first = await store.list(owner, { limit: 2 });
      const second = await store.list(owner, { limit: 2, after: first.next });
      expect(second.items).toHaveLength(2);
      expect(second.next).toBeUndefined();
    });

    it("shows the last message in the list, shortened", async () => {
      const owner = randomUUID();
      const { id } = await create("x", owner);
      await store.append(owner, id, draft(`many\n\nwords ${"ä".repeat(5_000)}`));
      const [listed] = (await store.list(owner, { limit: 1 })).items;
      expect(listed?.messageCount).toBe(1);
      expect(listed?.lastMessage?.preview).toMatch(/^many words ä+…$/);
      expect(Buffer.byteLength(listed!.lastMessage!.preview)).toBeLessThanOrEqual(160);
    });

    it("changes what is named, and only that", async () => {
      const draftOf = { id: randomUUID(), title: "Before", modelId: "model-1" };
      const { conversation } = await store.create(user, draftOf);
      const renamed = await store.update(user, draftOf.id, { title: "After" });
      const { updatedAt } = renamed;
      expect(renamed).toEqual({ ...conversation, title: "After", version: 2, updatedAt });
      const unset = await store.update(user, draftOf.id, { modelId: null });
      expect(unset).toEqual({
        ...renamed,
        modelId: null,
        version: 3,
        updatedAt: unset.updatedAt,
      });
      expect(await store.get(user, draftOf.id)).toEqual(unset);
    });

    it("guards changes and deletion by the version", async () => {
      const { id } = await create();
      await store.update(user, id, { title: "v2" }, { versions: [1] });
      await expectRefusal(store.update(user, id, { title: "no" }, { versions: [1] }), "stale");
      await expectRefusal(store.update(user, id, { title: "no" }, { versions: [] }), "stale");
      await expectRefusal(store.delete(user, id, { versions: [1, 3] }), "stale");
      await expectRefusal(store.update(user, "none", {}, { versions: [1] }), "not-found");
      expect((await store.get(user, id)).title).toBe("v2");
      await store.delete(user, id, { versions: [1, 2] });
      await expectRefusal(store.get(user, id), "not-found");
    });

    it("keeps every field of a message", async () => {
      const { id } = await create();
      const full: MessageDraft = {
        role: "assistant",
        content: "Grüße 👋\n",
        type: "markdown",
        modelId: "a-model",
        isError: true,
        errorMessage: "it broke",
        citations: [{ title: "A paper", url: "https://example.org/", page: 3, quote: "so" }, {}],
        llmResponseId: "msg_123",
      };
      const { message } = await store.append(user, id, full);
      expect(message).toMatchObject({ ...full, id: "1", sequence: 1 });
      expect(await store.message(user, id, "1")).toEqual(message);
      expect((await store.open(user, id, 20)).messages).toEqual([message]);
    });

    it("gives back every part of a message as it was", async () => {
      const { id } = await create();
      await fc.assert(
        fc.asyncProperty(messageParts, async (parts) => {
          const sent = { ...draft(contentOfParts(parts)), parts };
          const { message } = await store.append(user, id, sent);
          expect(message.parts).toEqual(parts);
          expect(await under.openStore().message(user, id, message.id)).toEqual(message);
        }),
        { numRuns: 8 },
      );
      const parts: MessagePart[] = [
        { type: "text", text: "long " },
        { type: "tool-result", toolCallId: "1", output: "x".repeat(40_000) },
        { type: "text", text: "y".repeat(40_000) },
      ];
      const { message } = await store.append(user, id, { ...draft(contentOfParts(parts)), parts });
      expect(await under.openStore().message(user, id, message.id)).toEqual(message);
      expect(message.parts).toEqual(parts);
    });

    it("pages through messages in either order, none lost and none twice", async () => {
      const { id } = await create();
      for (let index = 1; index <= 6; index++) await store.append(user, id, draft(`${index}`));
      for (const order of ["asc", "desc"] as const satisfies Order[]) {
        for (const limit of [1, 2, 3, 4, 6, 50]) {
          const listed = await collect((after) =>
            store.messages(user, id, { limit, order, after }),
          );
          const expected = ["1", "2", "3", "4", "5", "6"];
          expect(listed.map(({ content }) => content)).toEqual(
            order === "asc" ? expected : expected.toReversed(),
          );
        }
      }
      const full = await store.messages(user, id, { limit: 6, order: "asc" });
      expect(full.next).toBeUndefined();
    });

    it("opens a conversation with its newest messages in order, and says where older ones are", async () => {
      const { id } = await create();
      for (let index = 1; index <= 5; index++) await store.append(user, id, draft(`${index}`));
      const { conversation, messages, older } = await store.open(user, id, 2);
      expect(conversation.messageCount).toBe(5);
      expect(messages.map(({ content }) => content)).toEqual(["4", "5"]);
      const rest = await store.messages(user, id, { limit: 9, order: "desc", after: older });
      expect(rest.items.map(({ content }) => content)).toEqual(["3", "2", "1"]);
      expect((await store.open(user, id, 5)).older).toBeUndefined();
    });

    it("answers not-found for a message that does not exist", async () => {
      const { id } = await create();
      await store.append(user, id, draft("only"));
      for (const messageId of ["0", "2", "01", "-1", "1.0", "1e0", "x", "99999999999999999999"]) {
        await expectRefusal(store.message(user, id, messageId), "not-found");
      }
    });

    it("answers a repeated append with the first answer, and keeps one message", async () => {
      const { id } = await create();
      const once = { key: "key-1", bodyHash: "hash-1" };
      const first = await store.append(user, id, draft("once"), once);
      expect(first.replayed).toBe(false);
      await store.append(user, id, draft("another"));
      for (const other of [store, under.openStore()]) {
        const again = await other.append(user, id, draft("once"), once);
        expect(again).toEqual({ message: first.message, replayed: true });
      }
      expect((await store.get(user, id)).messageCount).toBe(2);
    });

    it("answers a repeated append with the first answer, whatever became of the message", async () => {
      const { id } = await create();
      const once = { key: "key-1", bodyHash: "hash-1" };
      const { message } = await store.append(user, id, draft("once"), once);
      const again = () => store.append(user, id, draft("once"), once);
      await store.editMessage(user, id, "1", { content: "edited" });
      expect(await again()).toEqual({ message, replayed: true });
      await store.deleteMessage(user, id, "1");
      expect(await again()).toEqual({ message, replayed: true });
      await store.append(user, id, draft("another"));
      await store.clear(user, id);
      expect(await again()).toEqual({ message, replayed: true });
      expect((await store.get(user, id)).messageCount).toBe(0);
    });

    it("creates nothing anew for a key that was forgotten, while its conversation is there", async () => {
      const once = { key: randomUUID(), bodyHash: "hash" };
      const asked = { id: randomUUID(), title: "Once", modelId: null };
      const { conversation } = await store.create(user, asked, once);
      under.advance(24 * 3600 + 1);
      await expectRefusal(store.create(user, asked, once), "id-taken");
      expect(await store.get(user, asked.id)).toEqual(conversation);
    });

    it("refuses an idempotency key that came with another body", async () => {
      const { id } = await create();
      await store.append(user, id, draft("one"), { key: "key", bodyHash: "one" });
      const other = store.append(user, id, draft("two"), { key: "key", bodyHash: "two" });
      await expectRefusal(other, "key-reused");
      expect((await store.get(user, id)).messageCount).toBe(1);
    });

    it("forgets an idempotency key after 24 hours, whether or not it was cleaned up", async () => {
      const { id } = await create();
      const once = { key: "key", bodyHash: "hash" };
      await store.append(user, id, draft("first"), once);
      under.advance(24 * 3600 + 1);
      const later = await store.append(user, id, draft("second"), once);
      expect(later.replayed).toBe(false);
      expect(later.message.sequence).toBe(2);
    });

    it("answers a repeated creation with the first answer", async () => {
      const once = { key: randomUUID(), bodyHash: "hash" };
      const make = () =>
        store.create(user, { id: randomUUID(), title: "Once", modelId: null }, once);
      const first = await make();
      await store.update(user, first.conversation.id, { title: "Renamed" });
      expect(await make()).toEqual({ conversation: first.conversation, replayed: true });
      await expectRefusal(
        store.create(
          user,
          { id: randomUUID(), title: "Two", modelId: null },
          { ...once, bodyHash: "x" },
        ),
        "key-reused",
      );
    });

    it("never lets time run backwards within a conversation", async () => {
      const { id } = await create();
      under.advance(60);
      const first = await store.append(user, id, draft("from a fast clock"));
      under.advance(-60);
      const second = await under.openStore().append(user, id, draft("from a slow clock"));
      expect(second.message.timestamp >= first.message.timestamp).toBe(true);
    });

    describeTurns(() => under);

    it("removes a conversation from every reader, and keeps its id taken for a day", async () => {
      const owner = randomUUID();
      const { id } = await create("Gone soon", owner);
      const once = { key: "key", bodyHash: "hash" };
      await store.append(owner, id, draft("gone soon"), once);
      await store.delete(owner, id);
      for (const attempt of [
        () => store.get(owner, id),
        () => store.open(owner, id, 20),
        () => store.messages(owner, id, { limit: 10, order: "asc" }),
        () => store.message(owner, id, "1"),
        () => store.append(owner, id, draft("too late")),
        () => store.append(owner, id, draft("gone soon"), once),
        () => under.openStore().append(owner, id, draft("too late")),
        () => store.update(owner, id, { title: "no" }),
        () => store.delete(owner, id),
      ]) {
        await expectRefusal(attempt(), "not-found");
      }
      expect((await store.list(owner, { limit: 10 })).items).toEqual([]);
      const again = { id, title: "Again", modelId: null };
      await expectRefusal(store.create(owner, again), "id-taken");
      under.advance(24 * 3600 + 1);
      await store.create(owner, again);
      expect((await store.messages(owner, id, { limit: 10, order: "asc" })).items).toEqual([]);
      const fresh = await store.append(owner, id, draft("gone soon"), once);
      expect(fresh).toMatchObject({ replayed: false, message: { sequence: 1 } });
    });

    it("B: keeps 80 parallel appends with 20 replays: each once, in a dense sequence", async () => {
      const { id } = await create();
      // Eight processes with ten writers each: the writers of one process queue, processes race.
      const processes = Array.from({ length: 8 }, () => under.openStore());
      const write = (index: number) =>
        untilDone(() =>
          processes[index % processes.length]!.append(user, id, draft(`${index}`), {
            key: `${index}`,
            bodyHash: `${index}`,
          }),
        );
      const indexes = Array.from({ length: 80 }, (_, index) => index);
      const answers = await Promise.all([...indexes, ...indexes.slice(0, 20)].map(write));

      const stored = await collect((after) =>
        store.messages(user, id, { limit: 60, order: "asc", after }),
      );
      expect(stored.map(({ sequence }) => sequence)).toEqual(indexes.map((index) => index + 1));
      expect(new Set(stored.map(({ content }) => content)).size).toBe(80);
      expect(await store.get(user, id)).toMatchObject({ messageCount: 80, version: 81 });
      const bySequence = new Map(stored.map((message) => [message.sequence, message]));
      for (const { message } of answers) expect(message).toEqual(bySequence.get(message.sequence));
      expect(answers.filter(({ replayed }) => replayed)).toHaveLength(20);
    });
  });
}

/** A client that does as `Retry-After` says. */
async function untilDone(attempt: () => Promise<Appended>): Promise<Appended> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StoreError && error.kind === "busy")) throw error;
    }
  }
}

async function collect<T>(
  page: (after: string | undefined) => Promise<{ items: readonly T[]; next?: string }>,
): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await page(after);
    all.push(...items);
    after = next;
  } while (after !== undefined);
  return all;
}
