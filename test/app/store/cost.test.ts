import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

/**
 * Round trips and units of every access pattern, exactly. In transactions AWS doubles the table's
 * units and not the indexes', and so does this engine; one that counts otherwise fails here.
 */
const api = TestApi.forThisFile();

const halfKilobyte = draft("x".repeat(500));
const once = (key: string) => ({ key, bodyHash: "hash" });

/** A conversation with so many messages, in a process that has just started. */
async function prepare(messages: number, content = "x".repeat(800)) {
  const { endpoint } = api.engine;
  const client = documentClient(engineConfig(endpoint));
  const meter = new Meter(client);
  const tableName = await createChatTable(endpoint);
  const now = () => new Date();
  const openStore = () => new DynamoDBConversationStore({ client, tableName, now });
  const [user, id] = [randomUUID(), randomUUID()];
  const earlier = openStore();
  await earlier.create(user, { id, title: "A conversation", modelId: "a-model" });
  for (let index = 0; index < messages; index++) await earlier.append(user, id, draft(content));
  meter.take();
  return { user, id, meter, store: openStore(), openStore };
}

it("creates a conversation: one put, 3 write units", async () => {
  const { user, meter, store } = await prepare(0);
  await store.create(user, { id: randomUUID(), title: "x", modelId: null });
  expect(meter.take()).toEqual({
    requests: ["PutItem"],
    writes: { table: 1, "by-recency": 1, "by-creation": 1 },
    reads: {},
  });
});

it("creates a conversation once for an idempotency key: one transaction, 6 write units", async () => {
  const { user, meter, store } = await prepare(0);
  await store.create(user, { id: randomUUID(), title: "x", modelId: null }, once("key"));
  expect(meter.take()).toEqual({
    requests: ["TransactWriteItems"],
    writes: { table: 4, "by-recency": 1, "by-creation": 1 },
    reads: {},
  });
});

it("appends after an append of this process: one transaction, 6 write units, no read", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.append(user, id, halfKilobyte);
  meter.take();
  await store.append(user, id, halfKilobyte);
  expect(meter.take()).toEqual({
    requests: ["TransactWriteItems"],
    writes: { table: 4, "by-recency": 2 },
    reads: {},
  });
});

it("adds 2 write units for an idempotency key, and m for each KB of a message twice", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.append(user, id, halfKilobyte);
  meter.take();
  await store.append(user, id, halfKilobyte, once("key"));
  expect(meter.take().writes).toEqual({ table: 6, "by-recency": 2 });
  await store.append(user, id, draft("x".repeat(4_500)));
  expect(meter.take().writes).toEqual({ table: 2 + 2 * 5, "by-recency": 2 });
});

it("appends in a process that does not know the conversation: one read unit more", async () => {
  const { user, id, meter, store } = await prepare(1);
  await store.append(user, id, halfKilobyte);
  expect(meter.take()).toEqual({
    requests: ["GetItem", "TransactWriteItems"],
    writes: { table: 4, "by-recency": 2 },
    reads: { table: 1 },
  });
});

it("guesses wrong once, then reads for a while", async () => {
  const { user, id, meter, store, openStore } = await prepare(0);
  await store.append(user, id, halfKilobyte);
  await openStore().append(user, id, halfKilobyte);
  meter.take();
  await store.append(user, id, halfKilobyte);
  expect(meter.take().requests).toEqual(["TransactWriteItems", "TransactWriteItems"]);
  await store.append(user, id, halfKilobyte);
  expect(meter.take().requests).toEqual(["GetItem", "TransactWriteItems"]);
});

it("answers a repeated append within one refused transaction", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.append(user, id, halfKilobyte, once("key"));
  meter.take();
  await store.append(user, id, halfKilobyte, once("key"));
  expect(meter.take()).toMatchObject({ requests: ["TransactWriteItems"], writes: {}, reads: {} });
});

it("reads a header for half a unit", async () => {
  const { user, id, meter, store } = await prepare(1);
  await store.get(user, id);
  expect(meter.take()).toEqual({ requests: ["GetItem"], writes: {}, reads: { table: 0.5 } });
});

it("reads 50 messages of 1 KB for 6.5 units, and their header beside them", async () => {
  const { user, id, meter, store } = await prepare(50, "x".repeat(860));
  await store.open(user, id, 50);
  const opened = meter.take();
  expect(opened.requests.toSorted()).toEqual(["GetItem", "Query"]);
  expect(opened.reads.table).toBeLessThanOrEqual(6.5 + 0.5);
  await store.messages(user, id, { limit: 50, order: "asc" });
  expect(meter.take()).toMatchObject({ writes: {}, reads: opened.reads });
});

it("reads one message for one unit, its header included", async () => {
  const { user, id, meter, store } = await prepare(1);
  await store.message(user, id, "1");
  expect(meter.take()).toEqual({
    requests: ["GetItem", "GetItem"],
    writes: {},
    reads: { table: 1 },
  });
});

it("lists 50 conversations for no more than 2.5 units of the index", async () => {
  const { user, meter, store } = await prepare(0);
  for (let index = 0; index < 50; index++) {
    await store.create(user, { id: randomUUID(), title: "About this long", modelId: "a-model" });
  }
  meter.take();
  await store.list(user, { limit: 50 });
  const { requests, reads } = meter.take();
  expect(requests).toEqual(["Query"]);
  expect(Object.keys(reads)).toEqual(["by-recency"]);
  expect(reads["by-recency"]).toBeLessThanOrEqual(2.5);
});

it("renames with 3 write units: the entry moves to where a sync finds it", async () => {
  const { user, id, meter, store } = await prepare(1);
  await store.update(user, id, { title: "Renamed" }, { versions: [2] });
  expect(meter.take()).toEqual({
    requests: ["UpdateItem"],
    writes: { table: 1, "by-recency": 2 },
    reads: {},
  });
});

it("archives, trashes and restores with 3 write units each, the floor of a soft delete", async () => {
  const { user, id, meter, store } = await prepare(1);
  for (const state of ["archived", "trashed", "active"] as const) {
    await store.update(user, id, { state });
    expect(meter.take()).toEqual({
      requests: ["UpdateItem"],
      writes: { table: 1, "by-recency": 2 },
      reads: {},
    });
  }
});

it("marks as read with 1 write unit, and no index", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.append(user, id, { ...draft("an answer"), role: "assistant" });
  meter.take();
  await store.markRead(user, id, 1);
  expect(meter.take()).toEqual({ requests: ["UpdateItem"], writes: { table: 1 }, reads: {} });
});

it("syncs nothing new for half a unit, and what is new for one unit more each", async () => {
  const { user, id, meter, store } = await prepare(1);
  const first = await store.changes(user, { limit: 100 });
  expect(meter.take()).toEqual({
    requests: ["Query", "GetItem"],
    writes: {},
    reads: { "by-recency": 0.5, table: 1 },
  });
  const second = await store.changes(user, { limit: 100, after: first.next });
  expect(meter.take()).toEqual({ requests: ["Query"], writes: {}, reads: { "by-recency": 0.5 } });
  await store.append(user, id, { ...draft("an answer"), role: "assistant" });
  meter.take();
  const third = await store.changes(user, { limit: 100, after: second.next });
  expect(third.items).toHaveLength(1);
  expect(meter.take().reads).toEqual({ "by-recency": 0.5, table: 1 });
  await store.changes(user, { limit: 100, after: third.next });
  // One conversation is known as unread: whether it was read elsewhere is half a unit more.
  expect(meter.take()).toEqual({
    requests: ["Query", "GetItem"],
    writes: {},
    reads: { "by-recency": 0.5, table: 0.5 },
  });
});

it("tells what is unread in a list for half a unit each", async () => {
  const { user, meter, store } = await prepare(1);
  await store.list(user, { limit: 50, unread: true });
  expect(meter.take().reads).toEqual({ "by-recency": 0.5, table: 0.5 });
});

it("keeps a header with a long title within one unit, shortening the preview", async () => {
  const { user, meter, store } = await prepare(0);
  for (const header of [
    { id: "x".repeat(64), title: "x".repeat(200), modelId: "m".repeat(128) },
    { id: randomUUID(), title: "界".repeat(200), modelId: "anthropic.claude-sonnet" },
  ]) {
    await store.create(user, header);
    await store.append(user, header.id, draft("content ".repeat(100)));
    meter.take();
    await store.append(user, header.id, draft("content ".repeat(100)));
    expect(meter.take().writes).toEqual({ table: 4, "by-recency": 2 });
  }
});

it("deletes with one unit a message, and a checkpoint for every 250", async () => {
  const { user, id, meter, store } = await prepare(60);
  await store.delete(user, id);
  expect(meter.take()).toEqual({
    requests: ["PutItem", "UpdateItem", ...Array(3).fill("BatchWriteItem"), "PutItem"],
    writes: { table: 2 + 60 + 1, "by-recency": 2 + 1, "by-creation": 1 },
    reads: {},
  });
});
