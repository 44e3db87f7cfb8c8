import { creationIndex, recencyIndex } from "../../app/resources/table.ts";
import { copyConversation } from "../../app/transfer/copy.ts";
import {
  conversation,
  document,
  draft,
  imported,
  importedMessages,
  once,
  profile,
  type Stores,
  today,
  user,
} from "../../testing/app/samples.ts";

export interface Units {
  /** Of table and indexes together. */
  readonly writes: number;
  readonly reads: number;
}

/** One way in which the app reaches the table. */
export interface AccessPattern {
  readonly name: string;
  /** What no design with these promises can do without, for items of at most 1 KB. */
  readonly floor: Units;
  /** Why more is spent than the floor, and how much that is at most. */
  readonly above?: Units & { readonly because: string };
  /** Runs before, and is not counted. */
  readonly prepare?: (stores: Stores) => Promise<unknown>;
  readonly run: (stores: Stores) => Promise<unknown>;
}

const settings = { instructions: "Answer in Portuguese.", temperature: 0.2 };

const run = { id: "run", question: { content: "x".repeat(600) }, lifeMs: 60_000 };

const noTokens = { inputTokens: 0, outputTokens: 0 };

export const patterns: readonly AccessPattern[] = [
  {
    name: "create a conversation",
    floor: { writes: 3, reads: 0 },
    run: ({ conversations }) =>
      conversations.create(user, { id: conversation, title: "x", modelId: null }),
  },
  {
    name: "append a message",
    floor: { writes: 6, reads: 0 },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.append(user, conversation, draft("user")),
  },
  {
    name: "append a message with an idempotency key",
    floor: { writes: 8, reads: 0 },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.append(user, conversation, draft("user"), once),
  },
  {
    name: "save a question and its answer together",
    floor: { writes: 8, reads: 0 },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) =>
      conversations.appendTurn(user, conversation, [draft("user"), draft("assistant")]),
  },
  {
    name: "append the first message, which names its conversation",
    floor: { writes: 6, reads: 0 },
    above: { writes: 6, reads: 1, because: "what its title is to be is read first" },
    prepare: async ({ conversations }) => {
      const unnamed = { id: conversation, title: "New", modelId: null, isUntitled: true };
      await conversations.create(user, unnamed);
    },
    run: ({ conversations }) => conversations.append(user, conversation, draft("user")),
  },
  {
    name: "show that an answer is under way, until it is there",
    floor: { writes: 2, reads: 0 },
    run: async ({ runs }) => {
      await runs.begin(user, conversation, run, true);
      await runs.end(user, conversation, run.id);
    },
  },
  {
    name: "look once whether an answer under way is to stop",
    floor: { writes: 0, reads: 0.5 },
    prepare: ({ runs }) => runs.begin(user, conversation, run, true),
    run: ({ runs }) => runs.keep(user, conversation, run.id, run.lifeMs),
  },
  {
    name: "see the answer under way from another process",
    floor: { writes: 0, reads: 0.5 },
    prepare: ({ runs }) => runs.begin(user, conversation, run, true),
    run: ({ runs }) => runs.find(user, conversation),
  },
  {
    name: "stop an answer from another process",
    floor: { writes: 1, reads: 0 },
    prepare: ({ runs }) => runs.begin(user, conversation, run, true),
    run: ({ runs }) => runs.stop(user, conversation),
  },
  {
    name: "get a conversation's header",
    floor: { writes: 0, reads: 0.5 },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.get(user, conversation),
  },
  {
    name: "open a conversation: header and newest 20 messages",
    floor: { writes: 0, reads: 3 },
    prepare: (stores) => stores.begin(50),
    run: ({ conversations }) => conversations.open(user, conversation, 20),
  },
  {
    name: "read the last 50 messages",
    floor: { writes: 0, reads: 6.5 },
    above: {
      writes: 0,
      reads: 7,
      because: "the header is read beside them: is it the caller's, is it there",
    },
    prepare: (stores) => stores.begin(50),
    run: ({ conversations }) =>
      conversations.messages(user, conversation, { limit: 50, order: "desc" }),
  },
  {
    name: "read what a model is told: header and last 50 messages",
    floor: { writes: 0, reads: 7.5 },
    prepare: (stores) => stores.begin(50),
    run: ({ conversations }) => conversations.context(user, conversation, 50),
  },
  {
    name: "get one message",
    floor: { writes: 0, reads: 0.5 },
    above: { writes: 0, reads: 1, because: "the header is read beside it, as above" },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.message(user, conversation, "1"),
  },
  {
    name: `list 50 conversations by \`${recencyIndex.name}\``,
    floor: { writes: 0, reads: 2 },
    prepare: async (stores) => {
      for (let index = 0; index < 50; index++)
        await stores.begin(0, `${conversation}-${index + 10}`);
    },
    run: ({ conversations }) => conversations.list(user, { limit: 50 }),
  },
  {
    name: "list 3 conversations among 150 that are archived",
    floor: { writes: 0, reads: 0.5 },
    prepare: async (stores) => {
      await stores.begin(0, "first");
      await stores.archive(150);
      await stores.begin(0, "second");
      await stores.begin(0, "third");
    },
    run: ({ conversations }) => conversations.list(user, { limit: 20 }),
  },
  {
    name: "list 20 of 60 that are archived",
    floor: { writes: 0, reads: 1 },
    above: {
      writes: 0,
      reads: 1.5,
      because: "whether the search has been everywhere is one read more",
    },
    prepare: (stores) => stores.archive(60),
    run: ({ conversations }) => conversations.list(user, { limit: 20, state: "archived" }),
  },
  {
    name: "clear a conversation of 50 messages",
    floor: { writes: 50 + 3, reads: 0 },
    above: {
      writes: 50 + 5,
      reads: 0,
      because: "a note for the maintenance and a checkpoint, lest a crash leave messages",
    },
    prepare: (stores) => stores.begin(50),
    run: ({ conversations }) => conversations.clear(user, conversation),
  },
  {
    name: "sync when nothing is new",
    floor: { writes: 0, reads: 0.5 },
    prepare: async (stores) => {
      await stores.begin(1);
      await stores.conversations.markRead(user, conversation, 1);
      const { next = "" } = await stores.conversations.changes(user, { limit: 100 });
      stores.cursor = next;
    },
    run: ({ conversations, cursor }) => conversations.changes(user, { limit: 100, after: cursor }),
  },
  {
    name: "rename a conversation",
    floor: { writes: 2, reads: 0 },
    above: { writes: 3, reads: 0, because: "its index entry moves to where a sync finds it" },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.update(user, conversation, { title: "Renamed" }),
  },
  {
    name: "change a conversation's settings",
    floor: { writes: 5, reads: 0 },
    above: {
      writes: 6,
      reads: 2,
      because:
        "its index entry moves, as above; a transaction answers nothing of what it wrote, so that is read",
    },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.update(user, conversation, { settings }),
  },
  {
    name: "pin a conversation",
    floor: { writes: 5, reads: 0 },
    above: { writes: 6, reads: 1, because: "as above" },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.update(user, conversation, { pinned: true }),
  },
  {
    name: "get a conversation that has settings",
    floor: { writes: 0, reads: 1 },
    prepare: async (stores) => {
      await stores.begin(1);
      await stores.conversations.update(user, conversation, { settings });
    },
    run: ({ conversations }) => conversations.get(user, conversation),
  },
  {
    name: "list 3 pinned conversations among 50",
    floor: { writes: 0, reads: 2 },
    prepare: async (stores) => {
      for (let index = 0; index < 50; index++) await stores.begin(0, `${conversation}-${index}`);
      for (const index of [1, 2, 3]) {
        const id = `${conversation}-${index}`;
        await stores.conversations.update(user, id, { pinned: true });
      }
    },
    run: ({ conversations }) => conversations.list(user, { limit: 20, pinned: true }),
  },
  {
    name: "change a message",
    floor: { writes: 6, reads: 0 },
    above: {
      writes: 8,
      reads: 3,
      because:
        "a record tells other devices which message it was; looked at first, since it keeps what is not changed",
    },
    prepare: (stores) => stores.begin(2),
    run: ({ conversations }) =>
      conversations.editMessage(user, conversation, "1", { content: "x".repeat(800) }),
  },
  {
    name: "delete a message",
    floor: { writes: 6, reads: 0 },
    above: { writes: 8, reads: 2, because: "as above" },
    prepare: (stores) => stores.begin(2),
    run: ({ conversations }) => conversations.deleteMessage(user, conversation, "1"),
  },
  {
    name: "get what was edited or deleted in a conversation: one message",
    floor: { writes: 0, reads: 1.5 },
    above: { writes: 0, reads: 2, because: "the message is read consistently" },
    prepare: async (stores) => {
      await stores.begin(2);
      await stores.conversations.deleteMessage(user, conversation, "1");
    },
    run: ({ conversations }) =>
      conversations.messageChanges(user, conversation, { since: 1, limit: 50 }),
  },
  {
    name: "copy a conversation of 25 messages",
    floor: { writes: 60, reads: 4.5 },
    above: {
      writes: 61,
      reads: 11,
      because: "where it begins is looked at first, and the last message; what is copied was read",
    },
    prepare: (stores) => stores.begin(25),
    run: (stores) =>
      copyConversation(
        stores,
        { user, id: conversation, through: "25", target: "copy", once },
        () => false,
      ),
  },
  {
    name: "mark as read",
    floor: { writes: 1, reads: 0 },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.markRead(user, conversation, 1),
  },
  {
    name: "archive, trash or restore a conversation",
    floor: { writes: 3, reads: 0 },
    prepare: (stores) => stores.begin(1),
    run: ({ conversations }) => conversations.update(user, conversation, { state: "trashed" }),
  },
  {
    name: "delete a conversation with 50 messages for good",
    floor: { writes: 50 + 3, reads: 0 },
    above: {
      writes: 50 + 7,
      reads: 0,
      because:
        "noted and marked first, lest a crash orphan messages; a tombstone tells it to other devices",
    },
    prepare: (stores) => stores.begin(50),
    run: ({ conversations }) => conversations.delete(user, conversation),
  },
  {
    name: "get a profile",
    floor: { writes: 0, reads: 0.5 },
    prepare: ({ profiles }) => profiles.put(user, profile),
    run: ({ profiles }) => profiles.get(user),
  },
  {
    name: "put a profile",
    floor: { writes: 1, reads: 0 },
    run: ({ profiles }) => profiles.put(user, profile),
  },
  {
    name: "get a session or a piece of state",
    floor: { writes: 0, reads: 0.5 },
    above: { writes: 0, reads: 1, because: "read strongly: an ended session must not come back" },
    prepare: ({ records }) => records.put(user, "session", "phone", { value: {} }),
    run: ({ records }) => records.get(user, "session", "phone"),
  },
  {
    name: "put a session or a piece of state again",
    floor: { writes: 1, reads: 0 },
    prepare: ({ records }) => records.put(user, "session", "phone", { value: {} }),
    run: ({ records }) => records.put(user, "session", "phone", { value: {} }),
  },
  {
    name: "issue a one-time token",
    floor: { writes: 1, reads: 0 },
    run: ({ records }) => records.issue(user, "a-hash", { purpose: "link", data: {} }, 600),
  },
  {
    name: "redeem a one-time token",
    floor: { writes: 1, reads: 0 },
    prepare: ({ records }) => records.issue(user, "a-hash", { purpose: "link", data: {} }, 600),
    run: ({ records }) => records.redeem(user, "a-hash", "link"),
  },
  {
    name: "import 25 messages of a conversation",
    floor: { writes: 54, reads: 0 },
    above: { writes: 54, reads: 1, because: "the header tells which messages are there already" },
    prepare: ({ transfers }) => transfers.importConversation(user, imported),
    run: ({ transfers }) => transfers.importMessages(user, conversation, importedMessages),
  },
  {
    name: "erase a user with a conversation of 50 messages",
    floor: { writes: 53, reads: 0.5 },
    above: {
      writes: 60,
      reads: 17,
      because:
        "marked first; whatever a partition holds is read, consistently and until nothing is left; a receipt",
    },
    prepare: (stores) => stores.begin(50),
    run: async ({ transfers, erasures }) => {
      const { id } = await erasures.begin(user);
      const until = new Date("2999-01-01");
      await transfers.erase(user, until);
      await erasures.eraseRest(user, until);
      await erasures.complete(user, id);
    },
  },
  {
    name: "count the tokens of a turn",
    floor: { writes: 1, reads: 0 },
    prepare: ({ usage }) => usage.add(user, { inputTokens: 1, outputTokens: 1 }),
    run: ({ usage }) => usage.add(user, { inputTokens: 1, outputTokens: 1 }),
  },
  {
    name: "count the tokens of a user's first turn of a month",
    floor: { writes: 1, reads: 0 },
    above: { writes: 2, reads: 0, because: "an index leads to it, so that totals need no scan" },
    run: ({ usage }) => usage.add(user, { inputTokens: 1, outputTokens: 1 }),
  },
  {
    name: "a month's totals of 20 users and 50 conversations",
    floor: { writes: 0, reads: 18.5 },
    prepare: async (stores) => {
      for (let index = 0; index < 50; index++)
        await stores.begin(0, `${conversation}-${index + 10}`);
      for (let index = 0; index < 20; index++)
        await stores.usage.add(`${user}-${index + 10}`, { inputTokens: 1, outputTokens: 1 });
    },
    run: ({ usage }) => usage.totals(today.slice(0, 7), { limit: 200 }),
  },
  {
    name: "look at a quota",
    floor: { writes: 0, reads: 0.5 },
    prepare: ({ usage }) => usage.add(user, { inputTokens: 1, outputTokens: 1 }),
    run: ({ usage }) => usage.get(user),
  },
  {
    name: "hold tokens of a quota for an answer",
    floor: { writes: 1, reads: 0 },
    // The month's first sums up what was taken.
    prepare: async (stores) => stores.usage.settle(await stores.hold(), noTokens),
    run: (stores) => stores.hold(),
  },
  {
    name: "hold tokens of a quota, and settle what the answer took",
    floor: { writes: 2, reads: 0 },
    prepare: async (stores) => stores.usage.settle(await stores.hold(), noTokens),
    run: async (stores) => stores.usage.settle(await stores.hold(), noTokens),
  },
  {
    name: "get a document",
    floor: { writes: 0, reads: 0.5 },
    prepare: (stores) => stores.upload(),
    run: ({ documents }) => documents.get(user, document),
  },
  {
    name: "read a document that was uploaded",
    floor: { writes: 2, reads: 0 },
    above: {
      writes: 3,
      reads: 1,
      because: "looked at and noted first, lest a crash leave its objects",
    },
    prepare: (stores) => stores.upload(),
    run: async ({ documents }) => {
      await documents.begin(user, document);
      const read = { status: "ready", pages: 3, passages: 9 } as const;
      await documents.finish(user, document, read);
    },
  },
  {
    name: `conversations of a day by \`${creationIndex.name}\`, for administrators`,
    floor: { writes: 0, reads: 4 },
    prepare: async (stores) => {
      for (let index = 0; index < 50; index++)
        await stores.begin(0, `${conversation}-${index + 10}`);
    },
    run: ({ admin }) => admin.created({ from: today, to: today }, { limit: 50 }),
  },
  {
    name: "write an entry of the audit log",
    floor: { writes: 1, reads: 0 },
    run: ({ admin }) =>
      admin.record({ admin: user, action: "read", target: today, requestId: null }),
  },
];
