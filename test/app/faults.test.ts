import { randomUUID } from "node:crypto";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { documentClient } from "../../app/store/dynamodb/client.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations.ts";
import { signingKey } from "../../app/store/dynamodb/signing-key.ts";
import { TestApi } from "../support/api.ts";
import { createChatTable, engineConfig } from "../support/table.ts";
import { draft, expectRefusal } from "./store-suite.ts";

/** What DynamoDB does under load and the embedded engine never does, injected into the client. */
const api = TestApi.forThisFile();

type Fault = (command: string) => Error | undefined;

async function prepare(fault: Fault, when: "before" | "after" = "before") {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const now = () => new Date();
  const table = { client, tableName, now };
  const [user, id] = [randomUUID(), randomUUID()];
  const healthy = new DynamoDBConversationStore(table);
  await healthy.create(user, { id, title: "x", modelId: null });
  const faulty = documentClient(engineConfig(api.engine.endpoint));
  // Below the retries of the SDK, where the network is.
  faulty.middlewareStack.add(
    (next, context) => async (args) => {
      const error = fault((context.commandName ?? "").replace(/Command$/, ""));
      if (error !== undefined && when === "before") throw error;
      const result = await next(args);
      if (error !== undefined) throw error;
      return result;
    },
    { step: "deserialize", priority: "high", name: "fault" },
  );
  const store = new DynamoDBConversationStore({ ...table, client: faulty });
  return { table, user, id, healthy, store };
}

function cancelled(...codes: string[]): Error {
  return new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

function named(name: string, $metadata = {}): Error {
  return Object.assign(new Error("injected"), { name, $metadata });
}

function times(count: number, error: () => Error, command = "TransactWriteItems"): Fault {
  let left = count;
  return (name) => (name === command && left-- > 0 ? error() : undefined);
}

it("tries again when another transaction was in the way", async () => {
  const conflict = () => cancelled("TransactionConflict", "None");
  const { store, user, id } = await prepare(times(3, conflict));
  expect((await store.append(user, id, draft("x"))).message.sequence).toBe(1);
  expect((await store.get(user, id)).messageCount).toBe(1);
});

it("gives up with busy when it loses again and again, having written nothing", async () => {
  const conflict = () => cancelled("TransactionConflict", "None");
  const { store, user, id } = await prepare(times(1_000, conflict));
  await expectRefusal(store.append(user, id, draft("x")), "busy");
  expect((await store.get(user, id)).messageCount).toBe(0);
}, 30_000);

it("tries a rename and a deletion again when a transaction holds the header", async () => {
  const conflict = () => named("TransactionConflictException");
  const { store, user, id } = await prepare(times(2, conflict, "UpdateItem"));
  expect((await store.update(user, id, { title: "Renamed" })).title).toBe("Renamed");
  const other = await prepare(times(2, conflict, "UpdateItem"));
  await other.store.delete(other.user, other.id);
  await expectRefusal(other.store.get(other.user, other.id), "not-found");
});

it("says busy when throttled, in a transaction as elsewhere, and never not-found", async () => {
  const throttled = () => named("ProvisionedThroughputExceededException");
  const inTransaction = await prepare(times(1_000, () => cancelled("ThrottlingError", "None")));
  await expectRefusal(
    inTransaction.store.append(inTransaction.user, inTransaction.id, draft("x")),
    "busy",
  );
  for (const command of [
    "GetItem",
    "Query",
    "UpdateItem",
    "TransactWriteItems",
    "BatchWriteItem",
  ]) {
    const { store, healthy, user, id } = await prepare(times(1_000, throttled, command));
    await healthy.append(user, id, draft("x"));
    const attempts = {
      GetItem: () => store.get(user, id),
      Query: () => store.list(user, { limit: 1 }),
      UpdateItem: () => store.update(user, id, { title: "y" }),
      TransactWriteItems: () => store.append(user, id, draft("y")),
      BatchWriteItem: () => store.delete(user, id),
    };
    await expectRefusal(Reflect.get(attempts, command)(), "busy");
  }
}, 30_000);

it("writes one message when the answer to its transaction was lost", async () => {
  const lost = () => named("TimeoutError", { httpStatusCode: 500 });
  const { store, user, id } = await prepare(times(1, lost), "after");
  // The SDK repeats the request with its token, and the engine knows the token.
  await store.append(user, id, draft("x"));
  const { items } = await store.messages(user, id, { limit: 10, order: "asc" });
  expect(items).toHaveLength(1);
});

it("answers a client that repeats after a lost answer with the message that was saved", async () => {
  const broken = () => named("SomethingElse");
  const { store, user, id } = await prepare(times(1, broken), "after");
  const once = { key: "key", bodyHash: "hash" };
  await expect(store.append(user, id, draft("x"), once)).rejects.toThrow("injected");
  const again = await store.append(user, id, draft("x"), once);
  expect(again).toMatchObject({ replayed: true, message: { sequence: 1 } });
  expect((await store.get(user, id)).messageCount).toBe(1);
});

it("agrees on one signing key, whoever makes it first", async () => {
  const { table } = await prepare(() => undefined);
  const keys = await Promise.all(Array.from({ length: 10 }, () => signingKey(table)()));
  expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
  expect(keys[0]).toHaveLength(32);
});

it("loads the signing key again after a failure", async () => {
  const { table } = await prepare(() => undefined);
  let failures = 1;
  const client = documentClient(engineConfig(api.engine.endpoint));
  client.middlewareStack.add(
    (next) => async (args) => {
      if (failures-- > 0) throw new Error("down");
      return next(args);
    },
    { step: "initialize", name: "down" },
  );
  const load = signingKey({ ...table, client });
  await expect(load()).rejects.toThrow("down");
  expect(await load()).toHaveLength(32);
});
