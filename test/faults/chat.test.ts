import { expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { randomKey, TestApi } from "../../testing/app/api.ts";
import { eventsOf, textOf } from "../../testing/app/events.ts";
import * as answers from "../../testing/aws/aws-answers.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { type Interference, Wire } from "../../testing/aws/wire.ts";

/** A chat beside others, and in the midst of what DynamoDB does under load. */
const api = TestApi.forThisFile();

async function prepare() {
  const tableName = await createChatTable(api.engine.endpoint);
  const wire = new Wire();
  const store = () =>
    new DynamoDBConversationStore({
      client: wire.attach(documentClient(engineConfig(api.engine.endpoint))),
      tableName,
      now: () => new Date(),
    });
  const user = randomKey();
  // Two processes.
  const healthy = api.with({ conversations: store() }).as(user);
  const alice = api.with({ conversations: store() }).as(user);
  const id = await healthy.conversation();
  const saved = async () =>
    (await healthy.all(`/conversations/${id}/messages`)).map(({ content }) => content);
  const ask = (client: typeof alice, headers: Record<string, string> = {}, content = "Hello") =>
    client.post(`/conversations/${id}/chat`, { content }, headers);
  return { wire, alice, healthy, id, saved, ask };
}

const turn = ["Hello", "You said: Hello"];

it("B: writes neither message when the transaction fails, and says so in either form", async () => {
  for (const [name, kind, status] of [
    ["ThrottlingException", "busy", 503],
    ["ExpiredTokenException", "internal", 500],
  ] as const) {
    const { wire, alice, healthy, id, saved, ask } = await prepare();
    const failing: Interference = async ({ command }, _request, send) =>
      command === "TransactWriteItems" ? answers.dynamodb(400, name) : send();
    const failed = await wire.run(failing, () => ask(alice)).result;
    expect([failed.status, failed.body.type]).toEqual([status, `urn:chatstack:problem:${kind}`]);
    const streaming = { accept: "text/event-stream" };
    const streamed = await wire.run(failing, () => ask(alice, streaming)).result;
    const events = eventsOf(streamed.text);
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

it("keeps one answer when two processes work on the same key, and gives it to both", async () => {
  const { healthy, alice, saved, ask } = await prepare();
  const key = { "idempotency-key": randomKey() };
  const answers = await Promise.all([ask(healthy, key), ask(alice, key)]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await saved()).toEqual(turn);
});

it("keeps every turn of many at once in one conversation, questions and answers side by side", async () => {
  const { healthy, alice, saved, ask } = await prepare();
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
