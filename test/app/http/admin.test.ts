import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createApp } from "../../../app/app.ts";
import { DynamoDBAdminStore } from "../../../app/store/dynamodb/admin.ts";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { claimsOf, randomKey, TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
const dayMs = 24 * 3600 * 1000;
const asAdmin = (id = randomKey()) => api.as(id, { "cognito:groups": "admins" });

/** A tenant of its own, whose clock the test sets. */
async function tenant() {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const clock = { now: new Date("2026-11-20T12:00:00.000Z") };
  const table = { client, tableName, now: () => clock.now };
  const conversations = new DynamoDBConversationStore(table);
  const admin = new DynamoDBAdminStore(table);
  const create = async (time: string, user = randomUUID()) => {
    clock.now = new Date(time);
    const draftOf = { id: randomUUID(), title: "x", modelId: null };
    return { user, ...(await conversations.create(user, draftOf)).conversation };
  };
  const stored = async (partition: string) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": partition },
      }),
    );
    return Items;
  };
  return { client, clock, conversations, admin, create, stored };
}

async function all(admin: DynamoDBAdminStore, from: string, to: string, limit: number) {
  const found = [];
  let after: string | undefined;
  do {
    const page = await admin.created({ from, to }, { limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}

it("D: lists the conversations of a day, and of a range of days across months and years", async () => {
  const { admin, create } = await tenant();
  const times = [
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.000Z",
    "2026-10-31T23:59:59.999Z",
    "2026-11-01T00:00:00.000Z",
    "2026-11-19T23:59:59.999Z",
    "2026-11-20T00:00:00.000Z",
    "2026-11-20T23:59:59.999Z",
    "2026-11-21T00:00:00.000Z",
  ];
  for (const time of times) await create(time);
  const listed = async (from: string, to = from) =>
    (await all(admin, from, to, 3)).map(({ createdAt }) => createdAt);
  expect(await listed("2026-11-20")).toEqual(times.slice(5, 7));
  expect(await listed("2026-10-31", "2026-11-20")).toEqual(times.slice(2, 7));
  expect(await listed("2025-12-31", "2026-11-21")).toEqual(times);
  expect(await listed("2026-05-01", "2026-05-31")).toEqual([]);
});

it("D: merges the shards in order, none lost and none twice, whatever the page", async () => {
  const { admin, create } = await tenant();
  const first = Date.parse("2026-10-25T00:00:00.000Z");
  const made: { id: string; createdAt: string }[] = [];
  // Many within one millisecond, and all around the end of a month.
  for (let index = 0; index < 150; index++) {
    made.push(await create(new Date(first + Math.floor(index / 4) * 0.25 * dayMs).toISOString()));
  }
  const page = fc.integer({ min: 1, max: 60 });
  const day = fc.integer({ min: 0, max: 15 });
  await fc.assert(
    fc.asyncProperty(page, day, day, async (limit, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)].map((offset) =>
        new Date(first + offset * dayMs).toISOString().slice(0, 10),
      ) as [string, string];
      const found = await all(admin, from, to, limit);
      const expected = made.filter(
        ({ createdAt }) => createdAt.slice(0, 10) >= from && createdAt.slice(0, 10) <= to,
      );
      expect(found.map(({ createdAt }) => createdAt)).toEqual(
        expected.map(({ createdAt }) => createdAt),
      );
      expect(new Set(found.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)));
    }),
    { numRuns: 40 },
  );
}, 60_000);

it("D: reads a page of 100 conversations for half a unit per shard", async () => {
  const { client, admin, create } = await tenant();
  for (let index = 0; index < 130; index++) await create("2026-11-20T12:00:00.000Z");
  const meter = new Meter(client);
  const page = await admin.created({ from: "2026-11-20", to: "2026-11-20" }, { limit: 100 });
  expect(page.items.length).toBeGreaterThan(60);
  const { requests, reads } = meter.take();
  expect(requests).toEqual(Array(8).fill("Query"));
  expect(Object.keys(reads)).toEqual(["by-creation"]);
  expect(reads["by-creation"]).toBeLessThanOrEqual(8 * 0.5 + 2);
});

it("D: shows an administrator when a user wrote, and never what", async () => {
  const id = randomKey();
  const user = api.as(id);
  const conversation = await user.conversation("A secret title");
  await user.say(conversation, "secret words");
  const answers = [
    await asAdmin().get(`/admin/users/${id}/conversations`),
    await asAdmin().get("/admin/conversations?from=2026-11-20"),
  ];
  expect(answers[0]?.body.items).toMatchObject([{ id: conversation, messageCount: 1 }]);
  expect(answers[1]?.body.items).toContainEqual({
    user: id,
    id: conversation,
    createdAt: expect.any(String),
  });
  for (const { text } of answers) expect(text).not.toMatch(/secret/);
  expect((await asAdmin().get(`/conversations/${conversation}`)).status).toBe(404);
  const usage = await asAdmin().get(`/admin/users/${id}/usage`);
  expect(usage.body).toMatchObject({ day: { inputTokens: 0, limit: null } });
});

it("D: refuses everybody else with 403, wherever under /admin", async () => {
  const member = api.as(randomKey(), { "cognito:groups": "superadmins,members" });
  for (const path of [
    "/admin/conversations?from=2026-11-20",
    "/admin/users/alice/conversations",
    "/admin/users/alice/usage",
    "/admin/totals?month=2026-11",
    "/admin/audit?month=2026-11",
    "/admin/nowhere",
  ]) {
    const answer = await member.get(path);
    expect([path, answer.status, answer.body.type]).toEqual([
      path,
      403,
      "urn:chatstack:problem:forbidden",
    ]);
  }
  expect((await member.post("/admin/sweep", { from: "2026-11-20" })).status).toBe(403);
});

it("D: ends with the last month that a date can name", async () => {
  const { body } = await asAdmin().get("/admin/conversations?from=9999-12-01&to=9999-12-31");
  expect(body).toEqual({ items: [], nextCursor: null });
});

it("D: refuses ranges that make no sense", async () => {
  for (const query of [
    "from=2026-11-31",
    "from=2026-11-20&to=2026-11-19",
    "from=2025-01-01&to=2026-11-20",
    "to=2026-11-20",
    "from=2026-11",
  ]) {
    expect([query, (await asAdmin().get(`/admin/conversations?${query}`)).status]).toEqual([
      query,
      400,
    ]);
  }
});

it("D: writes every read of an administrator into the audit log, refused ones not", async () => {
  const id = randomKey();
  const admin = asAdmin(id);
  const month = "2026-11";
  await admin.get("/admin/users/alice/usage");
  await admin.get("/admin/users/bob/conversations");
  await admin.get(`/admin/conversations?from=${month}-01&to=${month}-02`);
  await admin.get(`/admin/totals?month=${month}`);
  await admin.get("/admin/users/a%23b/usage");
  const mine = (await admin.all(`/admin/audit?month=${month}&limit=2`)).filter(
    (entry) => entry.admin === id,
  );
  const reads = mine.map(({ action, target }) => `${action} ${target}`);
  expect(reads.filter((read) => !read.startsWith("list-audit"))).toEqual([
    `get-totals ${month}`,
    `list-created ${month}-01/${month}-02`,
    "list-user-conversations bob",
    "get-user-usage alice",
  ]);
  const later = await admin.all(`/admin/audit?month=${month}&limit=100`);
  expect(later.map(({ action }) => action)).toContain("list-audit");
  expect(mine[0]).toMatchObject({ requestId: "request-1", timestamp: expect.any(String) });
});

it("D: answers nothing when the audit log cannot be written", async () => {
  const { client, admin } = await tenant();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === "PutItemCommand") throw new Error("down");
      return next(args);
    },
    { step: "initialize", name: "down" },
  );
  const app = createApp({ ...api.dependencies, admin });
  const claims = claimsOf("boss", { "cognito:groups": "admins" });
  const answer = await app.request("/admin/users/alice/usage", {}, { claims });
  expect(answer.status).toBe(500);
});

it("B: sweeps what is past its time in the trash, and what a deletion left behind", async () => {
  const { client, clock, conversations, admin, create } = await tenant();
  const [due, early, active, dying] = [
    await create("2026-09-01T10:00:00.000Z"),
    await create("2026-09-02T10:00:00.000Z"),
    await create("2026-09-03T10:00:00.000Z"),
    await create("2026-09-04T10:00:00.000Z"),
  ];
  for (const { user, id } of [due, early, active, dying]) {
    for (let index = 0; index < 30; index++) await conversations.append(user, id, draft("x"));
  }
  clock.now = new Date("2026-10-01T00:00:00.000Z");
  await conversations.update(due.user, due.id, { state: "trashed" });
  clock.now = new Date("2026-10-20T00:00:00.000Z");
  await conversations.update(early.user, early.id, { state: "trashed" });
  let batches = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isDeath = context.commandName === "BatchWriteItemCommand" && batches++ === 0;
      if (isDeath) throw new Error("crashed");
      return next(args);
    },
    { step: "initialize", name: "crash-once" },
  );
  await expect(conversations.delete(dying.user, dying.id)).rejects.toThrow("crashed");

  clock.now = new Date("2026-11-01T00:00:00.000Z");
  const range = { from: "2026-09-01", to: "2026-11-01" };
  const swept = await admin.sweep(range, { limit: 100 });
  expect(swept).toMatchObject({ examined: 4, purged: 2 });
  expect((await all(admin, range.from, range.to, 100)).map(({ id }) => id)).toEqual([
    early.id,
    active.id,
  ]);
  expect((await conversations.get(early.user, early.id)).state).toBe("trashed");
  expect(await admin.sweep(range, { limit: 100 })).toMatchObject({ examined: 2, purged: 0 });
  for (const { user, id } of [due, dying]) {
    const { deleted } = await conversations.changes(user, { limit: 10 });
    expect(deleted).toEqual([id]);
  }
});

it("B: resumes a purge of the trash that died at any step, and leaves nothing behind", async () => {
  // mark, 2 batches, tombstone: 4 writes.
  for (let diesAt = 1; diesAt <= 4; diesAt++) {
    for (const when of ["before", "after"] as const) {
      const { client, clock, conversations, admin, create, stored } = await tenant();
      const { user, id } = await create("2026-09-01T10:00:00.000Z");
      for (let index = 0; index < 30; index++) await conversations.append(user, id, draft("x"));
      await conversations.update(user, id, { state: "trashed" });
      clock.now = new Date("2026-11-01T00:00:00.000Z");
      let writes = 0;
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (/Get|Query/.test(context.commandName ?? "")) return next(args);
          const write = ++writes;
          if (write === diesAt && when === "before") throw new Error("crashed");
          const result = await next(args);
          if (write === diesAt) throw new Error("crashed");
          return result;
        },
        { step: "initialize", name: "mortal" },
      );
      const range = { from: "2026-09-01", to: "2026-09-01" };
      await expect(admin.sweep(range, { limit: 10 })).rejects.toThrow("crashed");
      const isComplete = diesAt === 4 && when === "after";
      const again = await admin.sweep(range, { limit: 10 });
      expect(again.purged).toBe(isComplete ? 0 : 1);
      const partitions = [`USER#${user}`, `USER#${user}#CONV#${id}`];
      const left = await Promise.all(partitions.map(stored));
      expect(left.map(({ length }) => length)).toEqual([1, 0]);
      expect(left[0]?.[0]).toMatchObject({ state: "deleted" });
    }
  }
}, 60_000);
