import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import type { LogEntry } from "../../../app/lambda/log.ts";
import { Attempts } from "../../../app/maintenance/attempts.ts";
import { type MaintenanceParts, maintain } from "../../../app/maintenance/maintenance.ts";
import { DynamoDBMaintenanceStore } from "../../../app/store/dynamodb/maintenance/maintenance.ts";
import { TableSearch } from "../../../app/store/dynamodb/maintenance/search.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { messageOf } from "../../../app/store/message.ts";
import { S3Search } from "../../../app/store/s3/search.ts";
import { earliestCreation } from "../../../app/store/transfer-store.ts";
import { eraseUser } from "../../../app/transfer/erasure.ts";
import { dependenciesOn, TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();

/** A tenant of its own whose clock the test sets; every run is a process of its own. */
async function tenant(history: "dynamodb" | "s3" = "dynamodb") {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const clock = { now: new Date("2026-01-10T12:00:00.000Z") };
  const now = () => clock.now;
  const table = { client, tableName, now, objects: api.table.objects };
  const log: LogEntry[] = [];
  const dependencies = dependenciesOn(table, (entry) => log.push(entry), history);
  const run = (changes: Partial<MaintenanceParts> = {}) => {
    const search = history === "s3" ? new S3Search(table.objects, now) : undefined;
    const maintenance = new DynamoDBMaintenanceStore(table, search);
    const until = new Date(clock.now.getTime() + 60_000);
    return maintain({ ...dependencies, maintenance, ...changes }, until);
  };
  const at = (time: string) => {
    clock.now = new Date(time);
  };
  const { conversations } = dependencies;
  const create = async (user: string = randomUUID(), messages = 1) => {
    const { conversation } = await conversations.create(user, {
      id: randomUUID(),
      title: "x",
      modelId: null,
    });
    for (let index = 0; index < messages; index++) {
      await conversations.append(user, conversation.id, draft("x"));
    }
    return { user, id: conversation.id };
  };
  const stored = async (pk: string) => {
    const command = new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    });
    return (await client.send(command)).Items ?? [];
  };
  const messagesOf = async ({ user, id }: { user: string; id: string }) =>
    (await stored(`USER#${user}#CONV#${id}`)).length;
  /** Of what comes due. */
  const notes = async () =>
    (await stored("TENANT")).filter(({ sk }) => String(sk).startsWith("DUE#"));
  return { client, table, log, dependencies, conversations, run, at, create, notes, messagesOf };
}

it("purges a conversation made ten months ago and trashed 30 days ago, and no other", async () => {
  const { conversations, run, at, create, messagesOf } = await tenant();
  const [old, kept] = [await create(), await create()];
  at("2026-11-01T12:00:00.000Z");
  const young = await create(old.user);
  await conversations.update(old.user, old.id, { state: "trashed" });
  await run();
  expect(await messagesOf(old)).toBe(1);
  at("2026-12-01T13:00:00.000Z");
  expect(await run()).toMatchObject({ search: 1 });
  expect(await Promise.all([old, kept, young].map(messagesOf))).toEqual([0, 1, 1]);
  expect(await run()).toEqual({ erasures: 0, leftovers: 0, due: 0, search: 0, orphans: 0 });
});

it("searches from the earliest time on that an import may name", async () => {
  const { dependencies, conversations, run, at, messagesOf } = await tenant();
  const [user, id] = [randomUUID(), randomUUID()];
  const time = `${earliestCreation}T00:00:00.000Z`;
  const { transfers } = dependencies;
  const header = { id, title: "x", modelId: null, lastReadSequence: 0, createdAt: time };
  await transfers.importConversation(user, { ...header, state: "active", purgeAt: null });
  await transfers.importMessages(user, id, [messageOf(draft("x"), 1, time)]);
  await conversations.update(user, id, { state: "trashed" });
  at("2026-02-10T13:00:00.000Z");
  expect(await messagesOf({ user, id })).toBe(1);
  expect(await run()).toMatchObject({ search: 1 });
  expect(await messagesOf({ user, id })).toBe(0);
});

it("purges on time what came into the trash with an import, between two searches", async () => {
  const { dependencies, run, at, messagesOf } = await tenant();
  await run();
  const [user, id] = [randomUUID(), randomUUID()];
  const { transfers } = dependencies;
  const createdAt = "2025-01-01T00:00:00.000Z";
  const header = { id, title: "x", modelId: null, lastReadSequence: 0, createdAt };
  const purgeAt = "2026-01-12T12:00:00.000Z";
  await transfers.importConversation(user, { ...header, state: "trashed", purgeAt });
  await transfers.importMessages(user, id, [messageOf(draft("x"), 1, createdAt)]);
  expect(await run()).toMatchObject({ due: 0, search: 0 });
  at("2026-01-12T13:00:00.000Z");
  expect(await run()).toMatchObject({ due: 1, search: 0 });
  expect(await messagesOf({ user, id })).toBe(0);
});

it("purges on time what a search has seen in the trash, without searching again", async () => {
  const { conversations, run, at, create, messagesOf, notes } = await tenant();
  const one = await create();
  await conversations.update(one.user, one.id, { state: "trashed" });
  at("2026-02-05T12:00:00.000Z");
  await run();
  at("2026-02-09T11:00:00.000Z");
  expect(await run()).toMatchObject({ due: 0, search: 0 });
  at("2026-02-09T12:30:00.000Z");
  expect(await run()).toMatchObject({ due: 1, search: 0 });
  expect(await messagesOf(one)).toBe(0);
  expect(await notes()).toEqual([]);
});

it("keeps what was restored after a search had noted it", async () => {
  const { conversations, run, at, create, messagesOf } = await tenant();
  const one = await create();
  await conversations.update(one.user, one.id, { state: "trashed" });
  at("2026-02-05T12:00:00.000Z");
  await run();
  await conversations.update(one.user, one.id, { state: "active" });
  at("2026-02-11T12:00:00.000Z");
  expect(await run()).toMatchObject({ due: 0 });
  expect(await messagesOf(one)).toBe(1);
});

it("costs 2.5 read units between two searches, however many conversations there are", async () => {
  const { client, run, at, create } = await tenant();
  for (let index = 0; index < 60; index++) await create();
  await run();
  const meter = new Meter(client);
  at("2026-01-10T13:00:00.000Z");
  await run();
  expect(meter.take()).toEqual({
    requests: ["Query", "Query", "Query", "GetItem", "GetItem"],
    writes: {},
    reads: { table: 2, "by-creation": 0.5 },
  });
});

it("finishes a deletion that died half way, short or long, as soon as its request is over", async () => {
  const { client, conversations, run, at, create, messagesOf, notes } = await tenant();
  const [short, long] = [await create(undefined, 30), await create(undefined, 260)];
  await run();
  let dies = true;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isBatch = context.commandName === "BatchWriteItemCommand";
      if (isBatch && dies) throw new Error("crashed");
      return next(args);
    },
    { step: "initialize", name: "mortal" },
  );
  for (const { user, id } of [short, long]) {
    await expect(conversations.delete(user, id)).rejects.toThrow("crashed");
  }
  dies = false;
  at("2026-01-10T12:14:00.000Z");
  expect(await run()).toMatchObject({ due: 0, search: 0 });
  at("2026-01-10T12:16:00.000Z");
  expect(await run()).toMatchObject({ due: 2, search: 0 });
  expect(await Promise.all([short, long].map(messagesOf))).toEqual([0, 0]);
  expect(await notes()).toEqual([]);
});

it.each([
  "UpdateItemCommand",
  "BatchWriteItemCommand",
  "PutItemCommand",
])("finishes a deletion and a clearing that died behind %s", async (last) => {
  const { client, conversations, run, at, create, messagesOf, notes } = await tenant();
  const [deleted, cleared] = [await create(undefined, 30), await create(undefined, 30)];
  await run();
  let isDead = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (isDead) throw new Error("crashed");
      const result = await next(args);
      isDead = context.commandName === last;
      return result;
    },
    { step: "initialize", name: "mortal" },
  );
  await conversations.delete(deleted.user, deleted.id).catch(() => {});
  isDead = false;
  await conversations.clear(cleared.user, cleared.id).catch(() => {});
  client.middlewareStack.remove("mortal");
  const isBegun = last !== "PutItemCommand";
  at("2026-01-10T12:16:00.000Z");
  await run();
  expect(await Promise.all([deleted, cleared].map(messagesOf))).toEqual(
    isBegun ? [0, 0] : [30, 30],
  );
  expect(await notes()).toEqual([]);
});

it("leaves no note of a deletion or clearing that was refused, or of nothing", async () => {
  const { conversations, create, notes } = await tenant();
  const { user, id } = await create(undefined, 0);
  await conversations.clear(user, id);
  const stale = { versions: [1_000] };
  for (const refused of [
    () => conversations.delete(user, "missing"),
    () => conversations.clear(user, "missing"),
    () => conversations.delete(user, id, stale),
    () => conversations.clear(user, id, stale),
  ]) {
    await expect(refused()).rejects.toThrow(/not-found|stale/);
  }
  expect(await notes()).toEqual([]);
});

it("completes an erasure that nobody looks at", async () => {
  const { dependencies, run, create, messagesOf } = await tenant();
  const one = await create();
  const past = new Date(0);
  expect((await eraseUser(dependencies, one.user, past)).completedAt).toBeNull();
  expect(await run()).toMatchObject({ erasures: 1 });
  expect(await messagesOf(one)).toBe(0);
});

it.each([
  "dynamodb",
  "s3",
] as const)("counts once a day what is stored, and tells it with the totals of the month (%s)", async (history) => {
  const { client, dependencies, conversations, run, at, create } = await tenant(history);
  const stored = async (after?: string) =>
    (await dependencies.usage.totals("2026-01", { limit: 1, after })).stored;
  expect(await stored()).toEqual([]);
  const [one, other, due] = [await create(undefined, 3), await create(), await create()];
  const more = await create(one.user, 2);
  await create(one.user, 0);
  await conversations.deleteMessage(one.user, one.id, "2");
  await conversations.update(other.user, other.id, { state: "archived" });
  await conversations.delete(due.user, due.id);
  const table = { users: 2, conversations: 4, messages: 5, bytes: 6 };
  const bytes = history === "s3" ? expect.any(Number) : table.bytes;
  await run();
  const first = { day: "2026-01-10", ...table, bytes };
  expect(await stored()).toEqual([first]);
  const { next } = await dependencies.usage.totals("2026-01", { limit: 1 });
  if (next !== undefined) expect(await stored(next)).toEqual([]);

  await conversations.append(more.user, more.id, draft("äöü"));
  await conversations.clear(one.user, one.id);
  at("2026-01-10T20:00:00.000Z");
  await run();
  expect(await stored()).toEqual([first]);
  at("2026-01-11T11:30:00.000Z");
  const meter = new Meter(client);
  await run();
  const { writes } = meter.take();
  // How far the round has come, by step, and what it counted.
  expect(writes).toEqual({ table: history === "s3" ? 2 : 10 });
  const second = { users: 2, conversations: 4, messages: 4, bytes: 2 + 6 + 1 };
  expect(await stored()).toEqual([
    first,
    { day: "2026-01-11", ...second, ...(history === "s3" && { bytes: expect.any(Number) }) },
  ]);
});

it("counts each user once, though every step is another run", async () => {
  const { table, at, create } = await tenant();
  const one = await create(undefined, 1);
  at("2026-03-10T12:00:00.000Z");
  await create(one.user, 2);
  await create(undefined, 4);
  at("2026-05-10T12:00:00.000Z");
  await create(one.user, 3);
  const sum = { users: 0, conversations: 0, messages: 0, bytes: 0 };
  let steps = 0;
  for (let position: string | undefined, isComplete = false; !isComplete; steps++) {
    const attempts = new Attempts();
    const search = new TableSearch(table);
    const found = await search.step({ position, isOver: () => false, attempts });
    sum.users += found.counted?.users ?? 0;
    sum.conversations += found.counted?.conversations ?? 0;
    sum.messages += found.counted?.messages ?? 0;
    sum.bytes += found.counted?.bytes ?? 0;
    ({ position, isComplete } = found);
  }
  expect(steps).toBeGreaterThan(2);
  expect(sum).toEqual({ users: 2, conversations: 4, messages: 10, bytes: 10 });
});

it("goes on with a search where the last run had to end", async () => {
  const { conversations, run, at, create, messagesOf, client } = await tenant();
  const all = await Promise.all(Array.from({ length: 12 }, () => create()));
  for (const { user, id } of all) await conversations.update(user, id, { state: "trashed" });
  at("2026-03-01T12:00:00.000Z");
  let purges = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      // Time runs out within the search, as often as there are 4 purges.
      if (context.commandName === "BatchWriteItemCommand" && ++purges % 4 === 0) {
        at(new Date(Date.parse("2026-03-01T12:00:00.000Z") + purges * 60_000).toISOString());
      }
      return next(args);
    },
    { step: "initialize", name: "slow" },
  );
  let runs = 0;
  let purged = 0;
  while (purged < all.length && runs < 12) {
    purged += (await run()).search ?? 0;
    runs++;
  }
  expect(await Promise.all(all.map(messagesOf))).toEqual(all.map(() => 0));
  expect(runs).toBeGreaterThan(1);
});

it("does the rest when one conversation fails, logs the step without contents, and rejects", async () => {
  const { client, conversations, run, at, create, messagesOf, log } = await tenant();
  const [bad, good] = [await create(), await create()];
  for (const { user, id } of [bad, good]) {
    await conversations.update(user, id, { state: "trashed" });
  }
  at("2026-02-20T12:00:00.000Z");
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isBad = JSON.stringify(args.input).includes(bad.id);
      if (context.commandName === "UpdateItemCommand" && isBad) throw new TypeError("secret words");
      return next(args);
    },
    { step: "initialize", name: "bad" },
  );
  await expect(run()).rejects.toThrow("maintenance failed: search");
  expect(await Promise.all([bad, good].map(messagesOf))).toEqual([1, 0]);
  const [failure, summary] = log.filter(({ message }) => message !== "request");
  expect(failure).toMatchObject({
    level: "ERROR",
    tenant: "acme",
    step: "search",
    cause: "TypeError",
  });
  expect(summary).toMatchObject({ message: "maintenance", failed: 1, orphans: 0 });
  expect(JSON.stringify(log)).not.toContain("secret words");

  client.middlewareStack.remove("bad");
  await run();
  expect(await messagesOf(bad)).toBe(0);
});

it("removes an object that nothing points to", async () => {
  const { run, at, dependencies } = await tenant();
  const { objects } = api.table;
  const key = `messages/${randomUUID()}/${randomUUID()}/orphan`;
  await objects.put(key, "x", { contentType: "text/plain", when: "always" });
  const soon = new Date(api.table.now().getTime() + 2 * 24 * 3600 * 1000).toISOString();
  at(soon);
  expect((await run()).orphans).toBeGreaterThanOrEqual(1);
  expect(await objects.head(key)).toBeUndefined();
  expect(dependencies.tenant).toBe("acme");
});

it("erases while off-boarding and keeps the trash; does nothing while suspended", async () => {
  const { conversations, run, at, create, messagesOf } = await tenant();
  const one = await create();
  await conversations.update(one.user, one.id, { state: "trashed" });
  at("2026-02-20T12:00:00.000Z");
  expect(await run({ state: "off-boarding" })).toEqual({ erasures: 0, leftovers: 0 });
  expect(await run({ state: "suspended" })).toEqual({});
  expect(await messagesOf(one)).toBe(1);
});

it("purges the trash of a history in S3 within a day", async () => {
  const { conversations, run, at, create } = await tenant("s3");
  const [one, kept] = [await create(), await create()];
  await conversations.update(one.user, one.id, { state: "trashed" });
  await run();
  const contents = async ({ user, id }: typeof one) =>
    Buffer.from((await api.table.objects.get(`history/${user}/${id}.json`))?.body ?? "").toString();
  expect(await contents(one)).toContain('"messages"');
  at("2026-02-09T13:00:00.000Z");
  expect(await run()).toMatchObject({ search: 1 });
  expect(await contents(one)).not.toContain('"messages"');
  expect(await contents(kept)).toContain('"messages"');
  expect(await run()).toMatchObject({ search: 0 });
});
