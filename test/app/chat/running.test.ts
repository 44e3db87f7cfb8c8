import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { DynamoDBRunStore } from "../../../app/store/dynamodb/runs.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBUsageStore } from "../../../app/store/dynamodb/usage.ts";
import { dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

/** Answers that are under way, as other processes see them: each app here is one. */
const api = TestApi.forThisFile();
const stream = { accept: "text/event-stream" };
const left: ReadableStreamDefaultReader[] = [];
afterEach(async () => {
  for (const reader of left.splice(0)) await reader.cancel().catch(() => {});
});

const process = (history: "dynamodb" | "s3" = "dynamodb") =>
  api.with(dependenciesOn(api.table, (entry) => api.log.push(entry), history)).as("alice");

/** A question that another process answers without end, until somebody stops it. */
async function answering(
  history: "dynamodb" | "s3" = "dynamodb",
  content = "/endless",
  { headers, ...more }: { headers?: Record<string, string>; whenBusy?: string } = {},
) {
  const other = api
    .with({
      ...dependenciesOn(api.table, (entry) => api.log.push(entry), history),
      models: embeddedModels(() => new Promise((resolve) => setTimeout(resolve, 20))),
    })
    .as("alice");
  const id = await other.conversation();
  const body = { content, modelId: "embedded", ...more };
  const request = { body, headers: { ...stream, ...headers } };
  const response = await other.open(`/conversations/${id}/chat`, request, "POST");
  const reader = response.body!.getReader();
  left.push(reader);
  await reader.read();
  return { id, reader, body };
}

async function drain(reader: ReadableStreamDefaultReader): Promise<void> {
  while (!(await reader.read()).done);
}

it.each([
  "dynamodb",
  "s3",
] as const)("shows another process the question and that it is being answered, and lets it stop the answer (%s)", async (history) => {
  const { id, reader } = await answering(history);
  const tab = process(history);
  const { body } = await tab.get(`/conversations/${id}/running`);
  expect(body.running).toMatchObject({
    question: { content: "/endless" },
    isCut: false,
    isStopped: false,
  });
  expect(await tab.all(`/conversations/${id}/messages`)).toEqual([]);
  const bob = api.as("bob");
  expect((await bob.get(`/conversations/${id}/running`)).body).toEqual({ running: null });
  expect((await bob.delete(`/conversations/${id}/running`)).status).toBe(204);
  expect((await tab.delete(`/conversations/${id}/running`)).status).toBe(202);
  await drain(reader);
  const [question, answer] = await tab.all(`/conversations/${id}/messages`);
  expect(question.content).toBe("/endless");
  expect(answer).toMatchObject({ stopReason: "aborted", isError: false });
  expect((await tab.get(`/conversations/${id}/running`)).body).toEqual({ running: null });
  expect((await tab.delete(`/conversations/${id}/running`)).status).toBe(204);
});

it("counts as over within a minute what its process says nothing more of, and as under way what it does", async () => {
  const { id, reader } = await answering();
  const running = async () => (await process().get(`/conversations/${id}/running`)).body.running;
  const secondsLeft = async () =>
    (Date.parse((await running()).endsBy) - api.table.now().getTime()) / 1_000;
  expect(await secondsLeft()).toBeLessThanOrEqual(61);
  for (let round = 0; round < 2; round++) {
    api.advance(35);
    await vi.waitFor(async () => expect(await secondsLeft()).toBeGreaterThan(50), {
      timeout: 20_000,
      interval: 200,
    });
  }
  await reader.cancel();
  expect(await running()).toBeNull();
});

it("notes nothing of a question that is refused", async () => {
  const client = documentClient(engineConfig(api.engine.endpoint));
  onTestFinished(() => client.destroy());
  const meter = new Meter(client);
  const dependencies = dependenciesOn({ ...api.table, client }, (entry) => api.log.push(entry));
  const id = await process().conversation();
  const notes = async (limits: object, body: object) => {
    const alice = api.with({ ...dependencies, ...limits }).as("alice");
    const { status } = await alice.post(`/conversations/${id}/chat`, body);
    const { requests } = meter.take();
    return [status, requests.filter((name) => name === "PutItem").length];
  };
  const missing = { content: "x", modelId: "none" };
  expect(await notes({}, missing)).toEqual([409, 0]);
  expect(await notes({}, { ...missing, whenBusy: "refuse" })).toEqual([409, 0]);
  expect(await notes({}, { content: "Hello" })).toEqual([200, 1]);
  expect(await notes({ quotas: { tokensPerDay: 1 } }, { content: "x" })).toEqual([429, 0]);
});

it("refuses a second question where its request says so, and else answers both", async () => {
  const { id, reader } = await answering();
  const tab = process();
  const ask = (whenBusy?: string) =>
    tab.post(`/conversations/${id}/chat`, { content: "And this?", whenBusy });
  const refused = await ask("refuse");
  expect([refused.status, refused.body.type, refused.headers.get("retry-after")]).toEqual([
    409,
    "urn:chatstack:problem:answer-under-way",
    "2",
  ]);
  expect((await ask("sometime")).status).toBe(400);
  expect((await ask()).status).toBe(200);
  await reader.cancel();
  expect((await ask("refuse")).status).toBe(200);
});

it("stops the answer under way for a question that interrupts, and tells the model of both", async () => {
  const { id, reader } = await answering();
  const asked = process().post(`/conversations/${id}/chat`, {
    content: "/prompt",
    whenBusy: "interrupt",
  });
  await drain(reader);
  const { body } = await asked;
  const prompt = JSON.parse(body.assistantMessage.content);
  expect(prompt.messages.map(({ content }: { content: string }) => content.slice(0, 8))).toEqual([
    "/endless",
    "word1 wo",
    "/prompt",
  ]);
});

it("stops no answer for a question that is refused", async () => {
  const { id, reader } = await answering();
  const whenBusy = "interrupt";
  const ask = async (more: object, limits: object = {}) => {
    const dependencies = dependenciesOn(api.table, (entry) => api.log.push(entry));
    const alice = api.with({ ...dependencies, ...limits }).as("alice");
    return (await alice.post(`/conversations/${id}/chat`, { content: "x", whenBusy, ...more }))
      .status;
  };
  expect(await ask({ content: "x ".repeat(60_000) })).toBe(413);
  await new DynamoDBUsageStore(api.table).add("alice", { inputTokens: 5, outputTokens: 5 });
  expect(await ask({}, { quotas: { tokensPerDay: 10 } })).toBe(429);
  const { body } = await process().get(`/conversations/${id}/running`);
  expect(body.running).toMatchObject({ isStopped: false });
  await reader.cancel();
});

it("lets a question wait its turn", async () => {
  const { id, reader } = await answering("dynamodb", "/words 90");
  const asked = process().post(`/conversations/${id}/chat`, {
    content: "Then?",
    whenBusy: "queue",
  });
  await drain(reader);
  expect((await asked).status).toBe(200);
  const contents = (await process().all(`/conversations/${id}/messages`)).map(({ content }) =>
    content.slice(0, 10),
  );
  expect(contents).toEqual(["/words 90", "word1 word", "Then?", "You said: "]);
});

it.each([
  "refuse",
  "queue",
  "interrupt",
])("takes a question that is asked again under its key for no other one, whatever it does with others (%s)", async (whenBusy) => {
  const headers = { "idempotency-key": randomKey() };
  const { id, reader, body } = await answering("dynamodb", "/words 90", { headers, whenBusy });
  const resumed = process().post(`/conversations/${id}/chat`, body, headers);
  await drain(reader);
  const { status, body: exchange } = await resumed;
  expect([status, exchange.assistantMessage?.stopReason]).toEqual([200, "complete"]);
  expect(await process().all(`/conversations/${id}/messages`)).toHaveLength(2);
  expect((await process().get(`/conversations/${id}/running`)).body.running).toBeNull();
});

it("leaves nothing under way when a question is refused, when its model fails, and when its time is over", async () => {
  const alice = process();
  const id = await alice.conversation();
  const running = async () => (await alice.get(`/conversations/${id}/running`)).body.running;
  for (const body of [
    { content: "/throttled" },
    { content: "x", modelId: "none" },
    { content: "x ".repeat(60_000) },
    { content: "Hello" },
  ]) {
    await alice.post(`/conversations/${id}/chat`, body);
    expect(await running()).toBeNull();
  }
  // Its process died: nobody ends it.
  const runs = new DynamoDBRunStore(api.table);
  const question = { content: `${"ä".repeat(20_000)}` };
  await runs.begin("alice", id, { id: "dead", question, lifeMs: 60_000 }, false);
  expect(await running()).toMatchObject({ isCut: true, question: { content: "ä".repeat(1_000) } });
  await runs.end("alice", id, "another");
  expect(await running()).not.toBeNull();
  api.advance(61);
  expect(await running()).toBeNull();
  const body = { content: "Hello", whenBusy: "refuse" };
  expect((await alice.post(`/conversations/${id}/chat`, body)).status).toBe(200);
});

it("costs two write units: one when an answer begins, one when it has ended", async () => {
  const client = documentClient(engineConfig(api.engine.endpoint));
  onTestFinished(() => client.destroy());
  const meter = new Meter(client);
  const tableName = await createChatTable(api.engine.endpoint);
  const runs = new DynamoDBRunStore({ client, tableName, now: () => new Date() });
  const run = { id: randomKey(), question: { content: "x".repeat(600) }, lifeMs: 1_000 };
  await runs.begin("alice", "c", run, true);
  await runs.end("alice", "c", run.id);
  expect(meter.take()).toEqual({
    requests: ["PutItem", "DeleteItem"],
    writes: { table: 2 },
    reads: {},
  });
  await runs.begin("alice", "c", run, true);
  expect(await runs.begin("alice", "c", run, true)).toBeUndefined();
  expect(await runs.begin("alice", "c", { ...run, id: "other" }, true)).toMatchObject({
    id: run.id,
  });
});
