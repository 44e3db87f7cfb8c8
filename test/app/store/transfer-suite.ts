import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { ConversationStore } from "../../../app/store/conversation-store.ts";
import type { Message } from "../../../app/store/message.ts";
import type { ImportedHeader, TransferStore } from "../../../app/store/transfer-store.ts";
import { draft, expectRefusal } from "../../../testing/app/store.ts";

export interface TransferUnderTest {
  readonly store: ConversationStore;
  readonly transfers: TransferStore;
}

const time = "2026-01-01T00:00:00.000Z";
const forever = new Date("2999-01-01T00:00:00.000Z");

const headerOf = (id: string): ImportedHeader => ({
  id,
  title: "Imported",
  modelId: "a-model",
  createdAt: time,
  state: "active",
  purgeAt: null,
  lastReadSequence: 2,
});

const messageAt = (sequence: number, content = `${sequence}`): Message => ({
  ...draft(content),
  id: String(sequence),
  sequence,
  timestamp: time,
  citations: [{ title: "A paper" }],
  documents: [],
  stopReason: "complete",
  usage: { inputTokens: 1, outputTokens: 2 },
  feedback: { rating: "up", comment: null, timestamp: time },
  editedAt: null,
});

/** What every `TransferStore` promises, whatever it keeps conversations in. */
export function describeTransfers(name: string, start: () => Promise<TransferUnderTest>) {
  describe(`${name}: transfer`, () => {
    let store: ConversationStore;
    let transfers: TransferStore;
    let user: string;

    beforeAll(async () => {
      ({ store, transfers } = await start());
    });

    const imported = async (messages: number) => {
      user = randomUUID();
      const id = randomUUID();
      expect(await transfers.importConversation(user, headerOf(id))).toBe("created");
      const all = Array.from({ length: messages }, (_, index) => messageAt(index + 1));
      if (messages > 0) await transfers.importMessages(user, id, all);
      return id;
    };

    it("B: imports a conversation with its messages as they were", async () => {
      const id = await imported(4);
      expect(await store.get(user, id)).toMatchObject({
        title: "Imported",
        modelId: "a-model",
        createdAt: time,
        state: "active",
        messageCount: 4,
        unreadCount: 2,
        lastReadSequence: 2,
        lastMessage: { role: "user", preview: "4", timestamp: time },
      });
      const { items } = await store.messages(user, id, { limit: 10, order: "asc" });
      expect(items).toEqual([1, 2, 3, 4].map((sequence) => messageAt(sequence)));
      expect((await store.append(user, id, draft("goes on"))).message.sequence).toBe(5);
    });

    it("B: leaves what is there, and says so for each message", async () => {
      const id = await imported(3);
      expect(await transfers.importConversation(user, { ...headerOf(id), title: "x" })).toBe(
        "exists",
      );
      expect((await store.get(user, id)).title).toBe("Imported");
      const mixed = [messageAt(2), messageAt(3, "another"), messageAt(4)];
      expect(await transfers.importMessages(user, id, mixed)).toEqual([
        "exists",
        "conflict",
        "created",
      ]);
      const far = [messageAt(6), messageAt(7)];
      expect(await transfers.importMessages(user, id, far)).toEqual(["gap", "gap"]);
      expect((await store.message(user, id, "3")).content).toBe("3");
      expect((await store.get(user, id)).messageCount).toBe(4);
    });

    it("B: imports into the archive and the trash, and not into what was deleted", async () => {
      const id = await imported(1);
      const archived = { ...headerOf("archived"), state: "archived" } as const;
      await transfers.importConversation(user, archived);
      expect(await transfers.importMessages(user, "archived", [messageAt(1)])).toEqual(["created"]);
      expect(await store.get(user, "archived")).toMatchObject({ state: "archived" });
      await store.delete(user, id);
      await expectRefusal(transfers.importConversation(user, headerOf(id)), "not-found");
      await expectRefusal(transfers.importMessages(user, id, [messageAt(1)]), "not-found");
      await expectRefusal(transfers.importMessages("mallory", "archived", []), "not-found");
    });

    it("B: imports the same messages in parallel, each once", async () => {
      const id = await imported(0);
      const all = Array.from({ length: 20 }, (_, index) => messageAt(index + 1));
      const attempts = [all, all, all.slice(0, 7), all].map((messages) =>
        transfers.importMessages(user, id, messages),
      );
      const outcomes = (await Promise.all(attempts)).flat();
      expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(20);
      expect(new Set(outcomes)).toEqual(new Set(["created", "exists"]));
    });

    it("B: walks through conversations of every state, page by page, undisturbed by changes", async () => {
      user = randomUUID();
      const ids = Array.from({ length: 9 }, (_, index) => `id-${index}`);
      for (const id of ids) await transfers.importConversation(user, headerOf(id));
      await store.update(user, "id-1", { state: "archived" });
      await store.update(user, "id-2", { state: "trashed" });
      await store.delete(user, "id-3");
      const walked: string[] = [];
      let after: string | undefined;
      do {
        const page = await transfers.walk(user, { limit: 2, after });
        walked.push(...page.items.map(({ id }) => id));
        await store.update(user, "id-8", { title: `While at ${walked.length}` });
        after = page.next;
      } while (after !== undefined);
      expect(walked).toEqual(ids.filter((id) => id !== "id-3"));
    });

    it("E: erases every conversation of one user, in steps when time is short", async () => {
      const other = await imported(2);
      const bob = user;
      const id = await imported(30);
      await transfers.importConversation(user, headerOf("deleted"));
      await store.delete(user, "deleted");
      expect(await transfers.erase(user, new Date(0))).toBe(false);
      expect(await transfers.erase(user, forever)).toBe(true);
      expect((await transfers.walk(user, { limit: 10 })).items).toEqual([]);
      expect((await store.changes(user, { limit: 10 })).deleted).toEqual([]);
      await expectRefusal(store.get(user, id), "not-found");
      expect((await store.get(bob, other)).messageCount).toBe(2);
      expect(await transfers.erase(user, forever)).toBe(true);
    });
  });
}
