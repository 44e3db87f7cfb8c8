import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { DynamoDBDocumentStore } from "../../app/store/dynamodb/documents.ts";
import { DynamoDBErasureStore } from "../../app/store/dynamodb/erasing/erasures.ts";
import { DynamoDBProfileStore } from "../../app/store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "../../app/store/dynamodb/records.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { headerKey, messageKey } from "../../app/store/dynamodb/table/keys.ts";
import { DynamoDBTransferStore } from "../../app/store/dynamodb/transfer.ts";
import { pointInTime } from "../../operations/restore/recovery-point.ts";
import { type RestoreRequest, restoreTable } from "../../operations/restore/restore-table.ts";
import type { SinceRequest } from "../../operations/restore/since/pass.ts";
import { changesSince } from "../../operations/restore/since/since.ts";
import { draft } from "../../testing/app/store.ts";
import { startRecoverableDynamoDB } from "../../testing/aws/backup/recoverable-dynamodb.ts";
import { engineConfig } from "../../testing/aws/table.ts";
import { createTenantTable, nextSecond } from "./tenant.ts";

let aws: Awaited<ReturnType<typeof startRecoverableDynamoDB>>;
let documents: DynamoDBDocumentClient;
beforeAll(async () => {
  aws = await startRecoverableDynamoDB();
  documents = documentClient(engineConfig(aws.endpoint));
});
afterAll(async () => {
  documents.destroy();
  await aws.stop();
});

/** The app's stores over one table. */
function storesOf(tableName: string, client = documents) {
  const table = { client, tableName, now: () => new Date() };
  const transfers = new DynamoDBTransferStore(table);
  const erasures = new DynamoDBErasureStore(table);
  return {
    conversations: new DynamoDBConversationStore(table),
    profiles: new DynamoDBProfileStore(table),
    records: new DynamoDBRecordStore(table),
    library: new DynamoDBDocumentStore(table),
    transfers,
    erasures,
    async write(user: string, id: string, ...contents: string[]) {
      const store = new DynamoDBConversationStore(table);
      await store.create(user, { id, title: id, modelId: null });
      for (const content of contents) await store.append(user, id, draft(content));
    },
    async erase(user: string) {
      const { id } = await erasures.begin(user);
      await transfers.erase(user, new Date(8.64e15));
      await erasures.eraseRest(user, new Date(8.64e15));
      await erasures.complete(user, id);
    },
    /** Everything that a user can see of a conversation, but for when it was last touched. */
    async everything(user: string) {
      const found: Record<string, unknown> = {};
      const { items } = await transfers.walk(user, { limit: 100 });
      for (const { updatedAt: _, version: __, ...conversation } of items) {
        const page = { limit: 100, order: "asc" } as const;
        const { items: messages } = await new DynamoDBConversationStore(table).messages(
          user,
          conversation.id,
          page,
        );
        found[conversation.id] = { ...conversation, messages };
      }
      return found;
    },
  };
}
type Stores = ReturnType<typeof storesOf>;

let tables = 0;
/** Writes, takes the point, restores to it, and then lets users go on in the old table. */
async function restored(before: (stores: Stores) => Promise<unknown>) {
  const tenant = `t${++tables}`;
  const { name: source, client } = await createTenantTable(aws.endpoint, tenant);
  const old = storesOf(source);
  await before(old);
  const at = await nextSecond();
  const target = `${source}-at-restored`;
  const request: RestoreRequest = {
    source,
    target,
    point: await pointInTime(client, source, at),
    settings: {
      BillingMode: "PAY_PER_REQUEST",
      TableName: target,
      AttributeDefinitions: [],
      KeySchema: [],
      logicalName: source,
      timeToLive: undefined,
      recoveryDays: "default",
    },
  };
  const clients = { dynamodb: client, backup: undefined };
  // The settings matter to AWS, and not to what is compared here.
  await restoreTable(clients, request, () => {});
  const since = (options: Partial<SinceRequest> = {}, using = documents) =>
    changesSince(
      using,
      {
        source,
        target,
        // What was written within a minute before it counts as written since: clocks differ.
        at: new Date(new Date(at).getTime() + 60_000),
        objects: undefined,
        mode: "bring-over",
        deletions: "deleted",
        leave: new Set(),
        now: () => new Date(),
        ...options,
      },
      () => {},
    );
  return { old, source, target, restored: storesOf(target), since };
}

it("what users wrote since is counted, brought over as it was, and found the same afterwards", async () => {
  const {
    old,
    since,
    restored: now,
    target,
  } = await restored(async (stores) => {
    for (const id of ["kept", "grown", "renamed", "read", "rated", "trashed"]) {
      await stores.write("ada", id, `first of ${id}`, `second of ${id}`);
    }
    await stores.conversations.append("ada", "rated", { ...draft("an answer"), role: "assistant" });
    await stores.records.put("ada", "state", "theme", { value: "dark" });
    await stores.profiles.put("ada", { name: "Ada", email: null, preferences: {} });
  });
  await old.conversations.append("ada", "grown", draft("third of grown"));
  await old.conversations.append("ada", "grown", draft("x".repeat(50_000)));
  await old.write("eve", "new", "hello");
  await old.conversations.update("ada", "renamed", { title: "another title" });
  await old.conversations.markRead("ada", "read", 2);
  await old.conversations.rate("ada", "rated", "3", { rating: "up", comment: null });
  await old.conversations.update("ada", "trashed", { state: "trashed" });
  await old.records.put("ada", "state", "theme", { value: "light" });
  await old.profiles.put("ada", { name: "Ada L.", email: null, preferences: {} });
  await old.records.issue("ada", "hash", { purpose: "mail", value: 1 } as never, 600);

  const counts = {
    "conversations new": 1,
    "conversations grown": 1,
    "messages rated or replaced": 1,
    messages: 3,
    profiles: 1,
    records: 1,
    tokens: 1,
  };
  const listed = await since({ mode: "list" });
  expect(listed.counts).toMatchObject(counts);
  expect(listed.users.ids).toEqual(["ada", "eve"]);
  expect(listed.conversations).toContainEqual({
    user: "ada",
    conversation: "grown",
    change: "grown",
    messages: 2,
  });
  expect(JSON.stringify(listed)).not.toContain("third of");
  expect(Object.keys(await now.everything("eve"))).toEqual([]);

  expect((await since()).counts).toMatchObject(counts);
  for (const user of ["ada", "eve"]) {
    expect(await now.everything(user)).toEqual(await old.everything(user));
  }
  expect((await now.records.get("ada", "state", "theme"))?.value).toBe("light");
  expect((await now.profiles.get("ada"))?.name).toBe("Ada L.");
  expect((await since()).counts).toEqual({});
  // No client may take what it knows of the old table for the present state.
  const [before, after] = await Promise.all([
    old.conversations.get("ada", "renamed"),
    storesOf(target).conversations.get("ada", "renamed"),
  ]);
  expect(after.version).toBeGreaterThan(before.version);
});

it("who was erased since is erased from the restored table, and may write again", async () => {
  const {
    old,
    since,
    restored: now,
  } = await restored(async (stores) => {
    await stores.write("bob", "private", "a secret");
    await stores.profiles.put("bob", { name: "Bob", email: null, preferences: {} });
    await stores.write("ada", "kept", "one");
  });
  await old.erase("bob");
  // Before an erasure is settled nobody writes for its user.
  await old.erasures.settle("bob", (await old.erasures.last("bob"))!.id);
  await old.write("bob", "afresh", "hello again");

  const listed = await since({ mode: "list" });
  expect(listed.erased).toEqual(["bob"]);
  expect(await now.everything("bob")).toHaveProperty("private");

  // Whatever else is left out or undone, an erasure stands.
  await since({ leave: new Set(["bob"]), deletions: "restored" });
  expect(await now.everything("bob")).toEqual({});
  expect(await now.profiles.get("bob")).toBeUndefined();
  expect((await since()).counts).toMatchObject({ "conversations new": 1 });
  expect(await now.everything("bob")).toEqual(await old.everything("bob"));
  expect((await now.erasures.last("bob"))?.completedAt).toEqual(
    (await old.erasures.last("bob"))?.completedAt,
  );
  expect((await since()).counts).toEqual({});
  expect(await now.everything("ada")).toHaveProperty("kept");
});

it("what was deleted since stays deleted, unless it is asked back; what was lost comes back", async () => {
  const make = () =>
    restored(async (stores) => {
      await stores.write("ada", "deleted", "one", "two");
      await stores.write("ada", "lost", "three", "four");
      await stores.records.put("ada", "session", "phone", { value: 1 });
      for (const id of ["gone-document", "lost-document"]) {
        const document = { id, name: id, type: "text/plain", size: 1, pages: null, passages: null };
        const shape = { ...document, status: "pending", createdAt: new Date().toISOString() };
        await stores.library.add("ada", shape as never, new Date(Date.now() + 60_000));
        await stores.library.finish("ada", id, { status: "ready" } as never);
      }
    });
  const damage = async ({ old, source }: Awaited<ReturnType<typeof make>>) => {
    await old.conversations.delete("ada", "deleted");
    await old.records.remove("ada", "session", "phone");
    for (const id of ["gone-document", "lost-document"]) await old.library.remove("ada", id);
    // A script: no tombstone, no time of change.
    await documents.send(
      new DeleteCommand({ TableName: source, Key: { ...messageKey("ada", "lost", 1) } }),
    );
    await documents.send(
      new UpdateCommand({
        TableName: source,
        Key: { ...headerKey("ada", "lost") },
        UpdateExpression: "SET title = :title, updatedAt = :old",
        ExpressionAttributeValues: { ":title": "defaced", ":old": "2020-01-01T00:00:00.000Z" },
      }),
    );
  };
  const unused = () => {
    throw new Error("only head is to be asked");
  };
  const objects: ObjectStore = {
    head: async (key) =>
      key === "documents/ada/lost-document" ? { etag: "1", size: 1 } : undefined,
    get: unused,
    put: unused,
    copy: unused,
    delete: unused,
    list: unused,
    downloadUrl: unused,
    uploadForm: unused,
  };

  const deleting = await make();
  await damage(deleting);
  const { counts } = await deleting.since({ objects });
  expect(counts).toEqual({
    "conversations deleted": 1,
    "documents deleted": 1,
    "records deleted": 1,
  });
  const left = await deleting.restored.everything("ada");
  expect(Object.keys(left)).toEqual(["lost"]);
  expect(left.lost).toMatchObject({ title: "lost", messageCount: 2 });
  expect((left.lost as { messages: object[] }).messages).toHaveLength(2);
  const library = await deleting.restored.library.list("ada", { limit: 10 });
  expect(library.items.map(({ id }) => id)).toEqual(["lost-document"]);
  expect((await deleting.since({ objects })).counts).toEqual({});

  const undeleting = await make();
  await damage(undeleting);
  expect((await undeleting.since({ objects, deletions: "restored" })).counts).toEqual({});
  expect(Object.keys(await undeleting.restored.everything("ada"))).toEqual(["deleted", "lost"]);
});

it("a message behind a hole, and what is left out by name, are reported and not brought", async () => {
  const {
    old,
    source,
    since,
    restored: now,
  } = await restored((stores) => stores.write("ada", "holed", "one"));
  for (const content of ["two", "three", "four"]) {
    await old.conversations.append("ada", "holed", draft(content));
  }
  await old.write("mallory", "flood", "buy this");
  await old.write("ada", "spam", "buy that");
  await documents.send(
    new DeleteCommand({ TableName: source, Key: { ...messageKey("ada", "holed", 3) } }),
  );
  const { left, counts } = await since({ leave: new Set(["mallory", "spam"]) });
  expect(left).toEqual({
    count: 1,
    first: [{ user: "ada", conversation: "holed", why: "a message before it is missing" }],
  });
  expect(counts).toEqual({ "conversations grown": 1, messages: 1 });
  expect(await now.everything("mallory")).toEqual({});
  const everything = await now.everything("ada");
  expect(Object.keys(everything)).toEqual(["holed"]);
  expect(everything.holed).toMatchObject({
    messageCount: 2,
    messages: [{ content: "one" }, { content: "two" }],
  });
  expect((await since({ leave: new Set(["mallory", "spam"]) })).counts).toEqual({});
});

it("killed again and again while users write, it ends with every message, once", async () => {
  const users = ["ada", "bob", "eve"];
  const {
    old,
    since,
    target,
    restored: now,
  } = await restored(async (stores) => {
    for (const user of users) await stores.write(user, "old", "one", "two");
  });
  let isWriting = true;
  let written = 0;
  const writers = users.map(async (user) => {
    for (let round = 0; isWriting; round++) {
      await old.write(user, `new-${round}`, `first ${round}`);
      await old.conversations.append(user, "old", draft(`more ${round}`));
      if (round % 5 === 4) await old.conversations.delete(user, `new-${round - 1}`);
      written += 2;
    }
  });
  let kills = 0;
  for (const writesUntilDeath of [1, 2, 3, 5, 8, 13, 21]) {
    const mortal = documentClient(engineConfig(aws.endpoint));
    let left = writesUntilDeath;
    mortal.middlewareStack.add(
      (next, context) => async (args) => {
        const isWrite = /^(Put|Update|Delete|BatchWrite|Transact)/.test(context.commandName ?? "");
        if (isWrite && left-- <= 0) throw new Error("killed");
        return next(args);
      },
      { step: "initialize" },
    );
    await since({}, mortal).catch((error: Error) => {
      expect(error.message).toBe("killed");
      kills++;
    });
    mortal.destroy();
  }
  await since();
  // The switch-over: nobody writes any more.
  isWriting = false;
  await Promise.all(writers);
  await since();
  expect(kills).toBeGreaterThanOrEqual(4);
  expect(written).toBeGreaterThan(30);
  for (const user of users) {
    expect(await now.everything(user)).toEqual(await old.everything(user));
  }
  expect((await since()).counts).toEqual({});
  expect(target).toContain("-at-");
}, 120_000);
