import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { messagePartition, userPartition } from "../../../app/store/dynamodb/table/keys.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { draft, expectRefusal } from "../../../testing/app/store.ts";
import * as answers from "../../../testing/aws/aws-answers.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";
import { type Interference, Wire } from "../../../testing/aws/wire.ts";

const api = TestApi.forThisFile();

async function prepare(messages: number) {
  const wire = new Wire();
  const client = wire.attach(documentClient(engineConfig(api.engine.endpoint)));
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
  return { wire, store, user, id, stored, client };
}

it("goes on from its checkpoint in a long conversation", async () => {
  const { wire, store, user, id, stored, client } = await prepare(260);
  // 10 batches and a checkpoint; the first batch of the second stride never leaves the process.
  const dying: Interference = ({ command, nth }, _request, send) =>
    command === "BatchWriteItem" && nth > 10 ? answers.broken("ECONNRESET") : send();
  await expectRefusal(wire.run(dying, () => store.delete(user, id)).result, "busy");
  const [header] = await stored(userPartition(user));
  expect(header).toMatchObject({ state: "deleting", purgedThrough: 250 });
  expect(await stored(messagePartition(user, id))).toHaveLength(10);
  const meter = new Meter(client);
  await store.delete(user, id);
  expect(meter.take().requests).toEqual(["PutItem", "UpdateItem", "BatchWriteItem", "PutItem"]);
  expect(await stored(messagePartition(user, id))).toEqual([]);
}, 60_000);

it("lets two deletions at once both succeed or find nothing", async () => {
  const { store, user, id, stored } = await prepare(40);
  const outcomes = await Promise.allSettled([store.delete(user, id), store.delete(user, id)]);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ kind: "not-found" });
  }
  expect(outcomes.map(({ status }) => status)).toContain("fulfilled");
  expect(await stored(messagePartition(user, id))).toEqual([]);
});
