import { randomBytes, randomUUID } from "node:crypto";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { S3ObjectStore, s3Client } from "../../../app/objects/s3.ts";
import type { MessagePart } from "../../../app/parts/parts.ts";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { removeOrphans } from "../../../app/store/dynamodb/erasing/orphans.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { messageKey } from "../../../app/store/dynamodb/table/keys.ts";
import type { Engine } from "../../../local/engine.ts";
import { startS3 } from "../../../local/s3.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { draft, expectRefusal } from "../../../testing/app/store.ts";
import { createBucket, s3Config } from "../../../testing/aws/bucket.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
let s3: Engine;
beforeAll(async () => {
  s3 = await startS3({ accessKey: s3Config("").credentials });
});
afterAll(() => s3.stop());

const compressible = "The same words again. ".repeat(40_000);
const incompressible = (kilobytes: number) => randomBytes(kilobytes * 768).toString("base64");

async function prepare() {
  const tableName = await createChatTable(api.engine.endpoint);
  const bucketName = await createBucket(s3.endpoint);
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const client = documentClient(engineConfig(api.engine.endpoint));
  const objects = new S3ObjectStore({ client: s3Client(s3Config(s3.endpoint)), bucketName, now });
  const table = { client, tableName, now, objects };
  const [user, id] = [randomUUID(), randomUUID()];
  const store = new DynamoDBConversationStore(table);
  await store.create(user, { id, title: "x", modelId: null });
  const keys = async () => (await Array.fromAsync(objects.list(""))).map(({ key }) => key);
  const wait = (seconds: number) => {
    offset += seconds * 1000;
  };
  return { table, objects, store, user, id, keys, wait };
}

it("keeps a small content readable, compresses a large one, and puts the largest into the bucket", async () => {
  const { table, store, user, id, keys } = await prepare();
  const contents = [
    "x".repeat(32 * 1024),
    `${compressible}ä👋`,
    incompressible(350),
    incompressible(900),
  ];
  const item = async (sequence: number) => {
    const Key = messageKey(user, id, sequence);
    const get = new GetCommand({ TableName: table.tableName, Key });
    return (await table.client.send(get)).Item!;
  };
  for (const content of contents) {
    const { message } = await store.append(user, id, draft(content));
    expect(await store.message(user, id, message.id)).toEqual(message);
  }
  expect((await item(1)).content).toBe(contents[0]);
  expect((await item(2)).packed.length).toBeLessThan(10_000);
  expect((await item(3)).packed.length).toBeGreaterThan(200_000);
  expect(await keys()).toEqual([`messages/${user}/${id}/${(await item(4)).object}`]);
  const listed = await store.messages(user, id, { limit: 10, order: "asc" });
  expect(listed.items.map(({ content }) => content)).toEqual(contents);

  await store.delete(user, id);
  expect(await keys()).toEqual([]);
});

it("keeps parts beside the content, and in the bucket what of either no item can hold", async () => {
  const { table, store, objects, user, id, keys, wait } = await prepare();
  const withParts = (text: string, output: string) => {
    const parts: MessagePart[] = [
      { type: "text", text: text.slice(0, 3) },
      { type: "tool-result", toolCallId: "1", output },
      { type: "text", text: text.slice(3) },
    ];
    return { ...draft(text), parts };
  };
  const messages = [];
  for (const sent of [
    withParts("short", "short"),
    withParts("short", compressible),
    withParts("short", incompressible(40)),
    withParts(incompressible(350), incompressible(10)),
    withParts(incompressible(900), incompressible(100)),
  ]) {
    const { message } = await store.append(user, id, sent);
    expect(message).toMatchObject(sent);
    messages.push(message);
  }
  const listed = await store.messages(user, id, { limit: 10, order: "asc" });
  expect(listed.items).toEqual(messages);
  const Key = messageKey(user, id, 1);
  const { Item } = await table.client.send(new GetCommand({ TableName: table.tableName, Key }));
  // The text stands in the item once.
  expect(JSON.parse(Item?.parts)).toMatchObject([
    { length: 3 },
    { output: "short" },
    { length: 2 },
  ]);
  expect(await keys()).toHaveLength(3);
  wait(2 * 24 * 3600);
  expect(await removeOrphans(table, objects)).toBe(0);
  const answer = { messages: [draft("instead")], count: 1, last: 5 };
  await store.replaceTurn(user, id, answer);
  expect(await keys()).toHaveLength(1);
  await store.clear(user, id);
  expect(await keys()).toEqual([]);
});

it("says that a conversation is full where there is no bucket for what no item can hold", async () => {
  const { table, user, id } = await prepare();
  const store = new DynamoDBConversationStore({ ...table, objects: undefined });
  await expectRefusal(store.append(user, id, draft(incompressible(900))), "full");
  expect((await store.get(user, id)).messageCount).toBe(0);
});

it("takes what was replaced at once; the sweep takes orphans, and nothing in use or young", async () => {
  const { table, objects, store, user, id, keys, wait } = await prepare();
  const [first, second] = [incompressible(500), incompressible(500)];
  await store.append(user, id, draft(first));
  await store.replaceTurn(user, id, { messages: [draft(second)], count: 1, last: 1 });
  const orphans = ["messages/nobody/nothing/x", "documents/nobody/x", "passages/nobody/x.json"];
  for (const key of orphans) {
    await objects.put(key, "x", { contentType: "text/plain", when: "always" });
  }
  expect(await removeOrphans(table, objects)).toBe(0);
  expect(await keys()).toHaveLength(4);
  wait(25 * 3600);
  expect(await removeOrphans(table, objects)).toBe(3);
  expect(await keys()).toHaveLength(1);
  expect((await store.message(user, id, "1")).content).toBe(second);
});
