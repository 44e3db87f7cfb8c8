import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { documentClient } from "../../app/store/dynamodb/client.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations.ts";
import { headerKey, messagePartition, userPartition } from "../../app/store/dynamodb/keys.ts";
import { TestApi } from "../support/api.ts";
import { Meter } from "../support/meter.ts";
import { createChatTable, engineConfig } from "../support/table.ts";
import { draft, expectRefusal } from "./store-suite.ts";

const api = TestApi.forThisFile();

/** A store whose process dies before, or right after, its n-th write. */
function mortalStore(tableName: string, diesAt: number, when: "before" | "after") {
  const client = documentClient(engineConfig(api.engine.endpoint));
  let writes = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (/Get|Query/.test(context.commandName ?? "")) return next(args);
      writes++;
      if (writes > diesAt) throw new Error("crashed");
      if (writes === diesAt && when === "before") throw new Error("crashed");
      const result = await next(args);
      if (writes === diesAt) throw new Error("crashed");
      return result;
    },
    { step: "initialize", name: "mortal" },
  );
  return new DynamoDBConversationStore({ client, tableName, now: () => new Date() });
}

async function prepare(messages: number) {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const store = new DynamoDBConversationStore({ client, tableName, now: () => new Date() });
  const [user, id] = [randomUUID(), randomUUID()];
  await store.create(user, { id, title: "x", modelId: null });
  for (let index = 0; index < messages; index++) await store.append(user, id, draft("x"));
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
  return { tableName, store, user, id, stored, client };
}

it("resumes a deletion that died at any step, and leaves nothing behind", async () => {
  // mark, 3 batches of up to 25, tombstone: 5 writes.
  for (let diesAt = 1; diesAt <= 5; diesAt++) {
    for (const when of ["before", "after"] as const) {
      const { tableName, store, user, id, stored } = await prepare(60);
      await expect(mortalStore(tableName, diesAt, when).delete(user, id)).rejects.toThrow(
        "crashed",
      );

      const wasMarked = diesAt > 1 || when === "after";
      if (wasMarked) {
        await expectRefusal(store.get(user, id), "not-found");
        await expectRefusal(store.append(user, id, draft("x")), "not-found");
        await expectRefusal(store.messages(user, id, { limit: 1, order: "asc" }), "not-found");
        expect((await store.list(user, { limit: 1 })).items).toEqual([]);
      }
      const isComplete = diesAt === 5 && when === "after";
      if (isComplete) await expectRefusal(store.delete(user, id), "not-found");
      else await store.delete(user, id, { versions: [61] });

      expect(await stored(messagePartition(user, id))).toEqual([]);
      const [tombstone, ...others] = await stored(userPartition(user));
      expect(others).toEqual([]);
      expect(tombstone).toEqual({
        ...headerKey(user, id),
        recencyKey: userPartition(user),
        updatedAt: expect.any(String),
        state: "deleted",
        version: expect.any(Number),
        takenUntil: expect.any(Number),
        expiresAt: expect.any(Number),
      });
    }
  }
}, 60_000);

it("goes on from its checkpoint in a long conversation", async () => {
  const { tableName, store, user, id, stored, client } = await prepare(260);
  // mark, 10 batches, checkpoint; the first batch of the second stride dies.
  const mortal = mortalStore(tableName, 13, "before");
  await expect(mortal.delete(user, id)).rejects.toThrow("crashed");
  const [header] = await stored(userPartition(user));
  expect(header).toMatchObject({ state: "deleting", purgedThrough: 250 });
  expect(await stored(messagePartition(user, id))).toHaveLength(10);
  const meter = new Meter(client);
  await store.delete(user, id);
  expect(meter.take().requests).toEqual(["UpdateItem", "BatchWriteItem", "PutItem"]);
  expect(await stored(messagePartition(user, id))).toEqual([]);
}, 60_000);

it("sends again what a batch did not get to", async () => {
  const { tableName, user, id, stored, client } = await prepare(30);
  let refusals = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName !== "BatchWriteItemCommand" || refusals++ >= 3) return result;
      // The engine never does this, DynamoDB does: say that one item was not processed.
      const { RequestItems } = args.input as { RequestItems: Record<string, unknown[]> };
      const UnprocessedItems = { [tableName]: RequestItems[tableName]!.slice(0, 1) };
      Object.assign(result.output, { UnprocessedItems });
      return result;
    },
    { step: "initialize", name: "partial" },
  );
  const store = new DynamoDBConversationStore({ client, tableName, now: () => new Date() });
  await store.delete(user, id);
  expect(refusals).toBeGreaterThan(3);
  expect(await stored(messagePartition(user, id))).toEqual([]);
});

it("lets two deletions at once both succeed or find nothing", async () => {
  const { store, user, id, stored } = await prepare(40);
  const outcomes = await Promise.allSettled([store.delete(user, id), store.delete(user, id)]);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ kind: "not-found" });
  }
  expect(outcomes.map(({ status }) => status)).toContain("fulfilled");
  expect(await stored(messagePartition(user, id))).toEqual([]);
});
