import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { documentClient } from "../../app/store/dynamodb/client.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations.ts";
import { randomKey, TestApi } from "../support/api.ts";
import { eventsOf, textOf } from "../support/events.ts";
import { createChatTable, engineConfig } from "../support/table.ts";

/** What DynamoDB does under load, or a dying network, in the middle of a chat. */
const api = TestApi.forThisFile();

interface Fault {
  readonly command: string;
  readonly times: number;
  readonly when: "before" | "after";
  readonly error: () => Error;
}

async function prepare(fault: Partial<Fault>) {
  const tableName = await createChatTable(api.engine.endpoint);
  const store = (client = documentClient(engineConfig(api.engine.endpoint))) =>
    new DynamoDBConversationStore({ client, tableName, now: () => new Date() });
  const faulty = documentClient(engineConfig(api.engine.endpoint));
  const { command = "TransactWriteItems", when = "before", error = () => named("Broken") } = fault;
  let left = fault.times ?? Number.POSITIVE_INFINITY;
  faulty.middlewareStack.add(
    (next, context) => async (args) => {
      const isHit = context.commandName === `${command}Command` && left-- > 0;
      if (isHit && when === "before") throw error();
      const result = await next(args);
      if (isHit) throw error();
      return result;
    },
    { step: "deserialize", priority: "high", name: "fault" },
  );
  const user = randomKey();
  const healthy = api.with({ conversations: store() }).as(user);
  const alice = api.with({ conversations: store(faulty) }).as(user);
  const id = await healthy.conversation();
  const saved = async () =>
    (await healthy.all(`/conversations/${id}/messages`)).map(({ content }) => content);
  const ask = (client: typeof alice, headers: Record<string, string> = {}, content = "Hello") =>
    client.post(`/conversations/${id}/chat`, { content }, headers);
  return { alice, healthy, id, saved, ask };
}

function named(name: string, $metadata = {}): Error {
  return Object.assign(new Error("injected"), { name, $metadata });
}

const conflict = () =>
  new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }, { Code: "None" }],
  });

const turn = ["Hello", "You said: Hello"];

it("saves both messages when another transaction was in the way", async () => {
  const { alice, saved, ask } = await prepare({ times: 3, error: conflict });
  expect((await ask(alice)).status).toBe(200);
  expect(await saved()).toEqual(turn);
});

it("B: writes neither message when the transaction fails, and says so in either form", async () => {
  for (const [error, kind, status] of [
    [() => named("ProvisionedThroughputExceededException"), "busy", 503],
    [() => named("Broken"), "internal", 500],
  ] as const) {
    const { alice, healthy, id, saved, ask } = await prepare({ error });
    const failed = await ask(alice);
    expect([failed.status, failed.body.type]).toEqual([status, `urn:chatstack:problem:${kind}`]);
    const events = eventsOf((await ask(alice, { accept: "text/event-stream" })).text);
    expect(textOf(events)).toBe("You said: Hello");
    expect(events.slice(-2)).toMatchObject([
      { event: "error", data: { type: `urn:chatstack:problem:${kind}` } },
      { event: "done" },
    ]);
    expect(await saved()).toEqual([]);
    expect((await healthy.get(`/conversations/${id}`)).body).toMatchObject({
      messageCount: 0,
      lastMessage: null,
      version: 1,
    });
  }
}, 60_000);

it("saves one turn when the answer to its transaction was lost", async () => {
  const error = () => named("TimeoutError", { httpStatusCode: 500 });
  const { alice, saved, ask } = await prepare({ times: 1, when: "after", error });
  expect((await ask(alice)).status).toBe(200);
  expect(await saved()).toEqual(turn);
});

it("answers a client that repeats after a crash behind the transaction with what was saved", async () => {
  const { alice, healthy, saved, ask } = await prepare({ times: 1, when: "after" });
  const key = { "idempotency-key": randomKey() };
  expect((await ask(alice, key)).status).toBe(500);
  const again = await ask(healthy, key);
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
  expect(again.body.assistantMessage.content).toBe("You said: Hello");
  expect(await saved()).toEqual(turn);
});

it("keeps one answer when two processes work on the same key, and gives it to both", async () => {
  const { healthy, alice, saved, ask } = await prepare({ times: 0 });
  const key = { "idempotency-key": randomKey() };
  const answers = await Promise.all([ask(healthy, key), ask(alice, key)]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await saved()).toEqual(turn);
});

it("keeps every turn of many at once in one conversation, questions and answers side by side", async () => {
  const { healthy, alice, saved, ask } = await prepare({ times: 0 });
  const questions = Array.from({ length: 20 }, (_, index) => `question ${index}`);
  const untilDone = async (question: string, index: number) => {
    for (;;) {
      const { status } = await ask(index % 2 ? healthy : alice, {}, question);
      if (status !== 503) return status;
    }
  };
  expect(new Set(await Promise.all(questions.map(untilDone)))).toEqual(new Set([200]));
  const contents = await saved();
  expect(contents).toHaveLength(40);
  for (let index = 0; index < 40; index += 2) {
    expect(contents[index + 1]).toBe(`You said: ${contents[index]}`);
  }
  expect(new Set(contents).size).toBe(40);
}, 60_000);

it("tells the model what was said a moment ago, though the replica it reads first lags behind", async () => {
  const tableName = await createChatTable(api.engine.endpoint);
  const client = documentClient(engineConfig(api.engine.endpoint));
  let lag = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const isCheap = Reflect.get(args.input, "ConsistentRead") !== true;
      if (context.commandName === "QueryCommand" && isCheap) {
        const output = result.output as { Items: unknown[] };
        output.Items = output.Items.slice(lag);
      }
      return result;
    },
    { step: "initialize", priority: "low", name: "lag" },
  );
  const conversations = new DynamoDBConversationStore({
    client,
    tableName,
    now: () => new Date(),
  });
  const alice = api.with({ conversations }).as(randomKey());
  const id = await alice.conversation();
  const path = `/conversations/${id}/chat`;
  await alice.post(path, { content: "a moment ago" });
  for (lag of [1, 2]) {
    const { body } = await alice.post(path, { content: "/prompt" });
    const { messages } = JSON.parse(body.assistantMessage.content);
    expect(messages[0]).toEqual({ role: "user", content: "a moment ago" });
    expect(messages).toHaveLength(1 + 2 * lag);
  }
});
