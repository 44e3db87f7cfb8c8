import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { Document } from "../../../app/documents/types.ts";
import { DynamoDBDocumentStore } from "../../../app/store/dynamodb/documents.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();

async function prepare() {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const meter = new Meter(client);
  const now = () => new Date();
  return { meter, store: new DynamoDBDocumentStore({ client, tableName, now }) };
}

const pending = (id: string): Document => ({
  id,
  name: "Report 2026.pdf",
  type: "application/pdf",
  size: 1_000_000,
  status: "pending",
  createdAt: new Date().toISOString(),
  pages: null,
  passages: null,
});
const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);

it("A: a document costs 1 unit to add, 3 to complete, half to look at, 3 to delete", async () => {
  const { meter, store } = await prepare();
  const [user, id] = [randomUUID(), randomUUID()];
  await store.add(user, pending(id), tomorrow);
  expect(meter.take()).toEqual({ requests: ["PutItem"], writes: { table: 1 }, reads: {} });
  await store.get(user, id);
  expect(meter.take()).toEqual({ requests: ["GetItem"], writes: {}, reads: { table: 0.5 } });
  expect(await store.begin(user, id)).toBe("begun");
  const { requests, writes } = meter.take();
  expect({ requests, writes }).toEqual({
    requests: ["GetItem", "PutItem", "UpdateItem"],
    writes: { table: 2 },
  });
  await store.finish(user, id, { status: "ready", pages: 3, passages: 9 });
  expect(meter.take()).toEqual({ requests: ["UpdateItem"], writes: { table: 1 }, reads: {} });
  await store.hide(user, id);
  await store.remove(user, id);
  expect(meter.take()).toEqual({
    requests: ["PutItem", "UpdateItem", "DeleteItem"],
    writes: { table: 3 },
    reads: {},
  });
});

it("A: a page of 50 documents is one query of 2 units", async () => {
  const { meter, store } = await prepare();
  const user = randomUUID();
  for (let index = 0; index < 60; index++) {
    await store.add(user, pending(`${100 + index}-${randomUUID()}`), tomorrow);
  }
  meter.take();
  expect((await store.list(user, { limit: 50 })).items).toHaveLength(50);
  const { requests, reads } = meter.take();
  expect(requests).toEqual(["Query"]);
  expect(reads.table).toBeLessThanOrEqual(2);
});
