import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBUsageStore } from "../../../app/store/dynamodb/usage.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

/** Round trips and units of a chat, exactly: see `cost.test.ts`. */
const api = TestApi.forThisFile();

const once = (key: string) => ({ key, bodyHash: "hash" });
const turn = [draft("x".repeat(500)), { ...draft("y".repeat(500)), role: "assistant" }] as const;

async function prepare(messages: number, content = "x".repeat(800)) {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const meter = new Meter(client);
  const tableName = await createChatTable(api.engine.endpoint);
  const table = { client, tableName, now: () => new Date() };
  const openStore = () => new DynamoDBConversationStore(table);
  const [user, id] = [randomUUID(), randomUUID()];
  await openStore().create(user, { id, title: "A conversation", modelId: "embedded" });
  for (let index = 0; index < messages; index++) await openStore().append(user, id, draft(content));
  meter.take();
  const usage = new DynamoDBUsageStore(table);
  return { user, id, meter, store: openStore(), usage };
}

it("B: saves question and answer of 1 KB in one transaction of 8 write units", async () => {
  const { user, id, meter, store } = await prepare(2);
  await store.context(user, id, 50);
  meter.take();
  await store.appendTurn(user, id, turn);
  expect(meter.take()).toEqual({
    requests: ["TransactWriteItems"],
    writes: { table: 6, "by-recency": 2 },
    reads: {},
  });
});

it("reads 50 messages of 1 KB for a model for 7.5 units, at one round trip's time", async () => {
  const { user, id, meter, store } = await prepare(50, "x".repeat(860));
  await store.context(user, id, 50);
  const { requests, reads } = meter.take();
  expect(requests.toSorted()).toEqual(["GetItem", "Query"]);
  expect(reads.table).toBeLessThanOrEqual(1 + 6.5);
});

it("replaces an answer for 6 write units, and its question too for 8", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.appendTurn(user, id, turn);
  meter.take();
  await store.replaceTurn(user, id, { messages: turn.slice(1), count: 1, last: 2 });
  expect(meter.take().writes).toEqual({ table: 4, "by-recency": 2 });
  await store.replaceTurn(user, id, { messages: turn, count: 2, last: 2 });
  expect(meter.take()).toEqual({
    requests: ["TransactWriteItems"],
    writes: { table: 6, "by-recency": 2 },
    reads: {},
  });
});

it("finds an answer of 1 KB that was given before for 3 read units", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.appendTurn(user, id, turn, once("key"));
  expect(meter.take().writes).toEqual({ table: 8, "by-recency": 2 });
  await store.findTurn(user, id, once("key"));
  const found = meter.take();
  expect(found.requests).toEqual(["GetItem", "Query"]);
  expect(found.reads.table).toBeLessThanOrEqual(3);
  await store.findTurn(user, id, once("unknown"));
  expect(meter.take()).toMatchObject({ requests: ["GetItem"], reads: { table: 1 } });
});

it("rates an answer for as many write units as the message has KB, and half a read unit", async () => {
  const { user, id, meter, store } = await prepare(0);
  await store.appendTurn(user, id, turn);
  meter.take();
  await store.rate(user, id, "2", { rating: "up", comment: null });
  expect(meter.take()).toEqual({
    requests: ["GetItem", "UpdateItem"],
    writes: { table: 1 },
    reads: { table: 0.5 },
  });
});

it("takes three requests for a whole chat: what was said, the turn, the count", async () => {
  const { meter, store, usage } = await prepare(0);
  const name = randomKey();
  const user = api.with({ conversations: store, usage }).as(name);
  const id = await user.conversation();
  // The first count of a month costs a unit more.
  await usage.add(name, { inputTokens: 1, outputTokens: 1 });
  meter.take();
  await user.post(`/conversations/${id}/chat`, { content: "Hello" });
  const chat = meter.take();
  expect(chat.requests.toSorted()).toEqual([
    "GetItem",
    "Query",
    "TransactWriteItems",
    "UpdateItem",
  ]);
  expect(chat.writes).toEqual({ table: 6 + 1, "by-recency": 2 });
  expect(chat.reads.table).toBeLessThanOrEqual(1.5);
});
