import { expect, it } from "vitest";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { eventsOf, textOf } from "../../../testing/app/events.ts";
import { upload } from "../../../testing/app/upload.ts";

const api = TestApi.forThisFile();
const stream = { accept: "text/event-stream" };

it("B: a chat call saves both messages after the model answers, and bumps the timestamp", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  api.advance(5);
  const { status, body } = await alice.post(`/conversations/${id}/chat`, { content: "Hello" });
  expect(status).toBe(200);
  expect(body.userMessage).toMatchObject({ sequence: 1, role: "user", content: "Hello" });
  expect(body.assistantMessage).toMatchObject({
    sequence: 2,
    role: "assistant",
    content: "You said: Hello",
    modelId: "embedded",
    stopReason: "complete",
    llmResponseId: "embedded-1",
    isError: false,
    usage: body.usage,
  });
  expect(await alice.all(`/conversations/${id}/messages`)).toEqual([
    body.userMessage,
    body.assistantMessage,
  ]);
  expect((await alice.get(`/conversations/${id}`)).body).toMatchObject({
    messageCount: 2,
    updatedAt: body.assistantMessage.timestamp,
    lastMessage: { role: "assistant", preview: "You said: Hello" },
  });
});

it("B: streams the answer as server-sent events, and the saved messages behind it", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const answer = await alice.post(`/conversations/${id}/chat`, { content: "Grüße 👋 dir" }, stream);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const events = eventsOf(answer.text);
  expect(textOf(events)).toBe("You said: Grüße 👋 dir");
  expect(events.slice(-2).map(({ event }) => event)).toEqual(["message", "done"]);
  const saved = events.find(({ event }) => event === "message");
  const [userMessage, assistantMessage] = await alice.all(`/conversations/${id}/messages`);
  expect(saved?.data).toEqual({ userMessage, assistantMessage, usage: assistantMessage.usage });
  expect(saved?.id).toBe(String(assistantMessage.content.length));
});

it("B: chooses the model by message, else by conversation, else the tenant's default", async () => {
  const alice = api.as("alice");
  const { body } = await alice.post("/conversations", { modelId: "embedded-small" });
  const ask = async (modelId?: string) =>
    (await alice.post(`/conversations/${body.id}/chat`, { content: "x", modelId })).body
      .assistantMessage.modelId;
  expect(await ask()).toBe("embedded-small");
  expect(await ask("embedded")).toBe("embedded");
  await alice.patch(`/conversations/${body.id}`, { modelId: null });
  expect(await ask()).toBe("embedded");
  const models = await alice.get("/models");
  expect(models.body.items).toMatchObject([
    { id: "embedded", contextTokens: 32_768 },
    { id: "embedded-small", contextTokens: 2_048 },
  ]);
});

it("refuses a model that the tenant does not have, and every one where it has none", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  for (const [client, modelId] of [
    [alice, "other"],
    [api.with({ models: [] }).as("alice"), undefined],
  ] as const) {
    const refused = await client.post(`/conversations/${id}/chat`, { content: "x", modelId });
    expect([refused.status, refused.body.type]).toEqual([
      409,
      "urn:chatstack:problem:model-unavailable",
    ]);
  }
  expect((await alice.get(`/conversations/${id}`)).body.messageCount).toBe(0);
});

it("B: shows the model the conversation, instructions first, failed answers left out", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const path = `/conversations/${id}/messages`;
  await alice.post(path, { role: "system", content: "Be brief." });
  await alice.post(path, { role: "assistant", content: "Welcome!" });
  await alice.post(`/conversations/${id}/chat`, { content: "Hello" });
  await alice.post(`/conversations/${id}/chat`, { content: "/fail 2" });
  const { body } = await alice.post(`/conversations/${id}/chat`, { content: "/prompt" });
  expect(JSON.parse(body.assistantMessage.content)).toEqual({
    system: "Be brief.",
    messages: [
      { role: "user", content: "Hello" },
      { role: "assistant", content: "You said: Hello" },
      { role: "user", content: "/fail 2" },
      { role: "user", content: "/prompt" },
    ],
    passages: [],
  });
});

it("keeps the instructions at a long conversation's beginning in front of its last messages", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  await alice.post(`/conversations/${id}/messages`, { role: "system", content: "Be brief." });
  await alice.say(id, ...Array.from({ length: 60 }, (_, index) => `${index + 1}`));
  const { body } = await alice.post(`/conversations/${id}/chat`, { content: "/prompt" });
  const { system, messages } = JSON.parse(body.assistantMessage.content);
  expect(system).toBe("Be brief.");
  expect(messages.map(({ content }: { content: string }) => content)).toEqual([
    ...Array.from({ length: 50 }, (_, index) => `${index + 11}`),
    "/prompt",
  ]);
});

it("D: quotes the passages it is given, and keeps them as the answer's citations", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const citations = [
    { source: "handbook.pdf", page: 3, quote: "Water boils at 100 °C." },
    { title: "A page", url: "https://example.org/", quote: "Ice melts at 0 °C." },
  ];
  const { body } = await alice.post(`/conversations/${id}/chat`, { content: "When?", citations });
  expect(body.assistantMessage.content).toContain("> Water boils at 100 °C. [1]");
  expect(body.assistantMessage.content).toContain("> Ice melts at 0 °C. [2]");
  expect(body.assistantMessage.citations).toEqual(citations);
  expect(body.userMessage.citations).toEqual([]);
});

it("B: saves an answer that breaks off, with what was said and why it ended", async () => {
  const alice = api.as("alice");
  for (const [content, said, message] of [
    ["/fail 3", "word1 word2 word3 ", "The answer broke off."],
    ["/throttled", "", "The model is busy: try again in a moment."],
  ] as const) {
    const id = await alice.conversation();
    const answer = await alice.post(`/conversations/${id}/chat`, { content }, stream);
    const events = eventsOf(answer.text);
    expect(textOf(events)).toBe(said);
    expect(events.slice(-3).map(({ event }) => event)).toEqual(["error", "message", "done"]);
    expect(events.at(-3)?.data).toEqual({
      type: "urn:chatstack:problem:model-failed",
      title: "The model failed",
      status: 502,
      detail: message,
    });
    const [question, failed] = await alice.all(`/conversations/${id}/messages`);
    expect(question).toMatchObject({ content });
    expect(failed).toMatchObject({
      role: "assistant",
      content: said,
      isError: true,
      errorMessage: message,
      stopReason: "error",
    });
    const whole = await alice.post(`/conversations/${id}/chat`, { content });
    expect([whole.status, whole.body.assistantMessage.isError]).toEqual([200, true]);
  }
  expect(JSON.stringify(api.log)).not.toMatch(/word1|throttled"/);
});

it("repeats a chat call with its idempotency key without asking the model again", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const path = `/conversations/${id}/chat`;
  const key = { "idempotency-key": randomKey() };
  const first = await alice.post(path, { content: "once" }, key);
  const before = (await alice.get("/me/usage")).body;
  const again = await api.with({}).as("alice").post(path, { content: "once" }, key);
  expect([again.status, again.text]).toEqual([200, first.text]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  expect((await alice.get("/me/usage")).body).toEqual(before);
  const streamed = await alice.post(path, { content: "once" }, { ...key, ...stream });
  expect(textOf(eventsOf(streamed.text))).toBe("You said: once");
  expect(eventsOf(streamed.text).at(-2)?.data).toEqual(first.body);
  expect((await alice.post(path, { content: "other" }, key)).status).toBe(422);
  expect(await alice.all(`/conversations/${id}/messages`)).toHaveLength(2);
});

it("repeats an answer even when a document that came with the question is gone", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const document = await upload(alice, Buffer.from("So it is."), "text/plain", "Notes");
  const question = { content: "Is it so?", documents: [document.id] };
  const key = { "idempotency-key": randomKey() };
  const first = await alice.post(`/conversations/${id}/chat`, question, key);
  expect(first.status).toBe(200);
  await alice.delete(`/documents/${document.id}`);
  expect((await alice.post(`/conversations/${id}/chat`, question, key)).text).toBe(first.text);
  expect((await alice.post(`/conversations/${id}/chat`, question)).status).toBe(400);
});

it("resumes a broken stream behind Last-Event-ID from the saved answer", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const path = `/conversations/${id}/chat`;
  const key = { "idempotency-key": randomKey() };
  await alice.post(path, { content: "one two three" }, { ...key, ...stream });
  const resumed = await alice.post(
    path,
    { content: "one two three" },
    { ...key, ...stream, "last-event-id": "13" },
  );
  const events = eventsOf(resumed.text);
  expect(events[0]).toEqual({
    id: "23",
    event: "delta",
    data: { offset: 13, text: " two three" },
  });
  expect(textOf(events, "You said: one")).toBe("You said: one two three");
  const atEnd = { ...key, ...stream, "last-event-id": "23" };
  const rest = eventsOf((await alice.post(path, { content: "one two three" }, atEnd)).text);
  expect(rest.map(({ event }) => event)).toEqual(["message", "done"]);
  const keyless = { ...stream, "last-event-id": "13" };
  const refused = await alice.post(path, { content: "one two three" }, keyless);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, "last-event-id"]);
});

it("begins anew at offset 0 when there is nothing to resume", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const headers = { "idempotency-key": randomKey(), ...stream, "last-event-id": "7" };
  const answer = await alice.post(`/conversations/${id}/chat`, { content: "x" }, headers);
  const events = eventsOf(answer.text);
  expect(events[0]?.data.offset).toBe(0);
  expect(textOf(events, "Another")).toBe("You said: x");
});

it("refuses a question that does not fit the model, and saves nothing", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const ask = (content: string, modelId: string) =>
    alice.post(`/conversations/${id}/chat`, { content, modelId });
  expect((await ask("x".repeat(5_000), "embedded-small")).status).toBe(413);
  expect((await ask("x".repeat(960 * 1024 + 1), "embedded")).status).toBe(413);
  expect((await ask("", "embedded")).status).toBe(400);
  expect((await alice.get(`/conversations/${id}`)).body.messageCount).toBe(0);
});

it("reaches nobody else's conversation", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  await alice.post(`/conversations/${id}/chat`, { content: "secret" });
  const mallory = api.as("mallory");
  const attempts = (it: string) => [
    mallory.post(`/conversations/${it}/chat`, { content: "x" }),
    mallory.post(`/conversations/${it}/chat`, { content: "x" }, stream),
    mallory.post(`/conversations/${it}/chat`, { content: "x" }, { "idempotency-key": "k" }),
    mallory.post(`/conversations/${it}/regenerate`, {}),
    mallory.put(`/conversations/${it}/messages/2/feedback`, { rating: "up" }),
    mallory.delete(`/conversations/${it}/messages/2/feedback`),
  ];
  const [others, missing] = [await Promise.all(attempts(id)), await Promise.all(attempts("none"))];
  for (const [index, other] of others.entries()) {
    expect([index, other.status, other.text]).toEqual([index, 404, missing[index]?.text]);
  }
});

it("keeps feedback on an answer until it is taken back", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  await alice.post(`/conversations/${id}/chat`, { content: "Hello" });
  const path = `/conversations/${id}/messages/2/feedback`;
  const rated = await alice.put(path, { rating: "down", comment: "too short" });
  expect(rated.body.feedback).toMatchObject({ rating: "down", comment: "too short" });
  expect((await alice.get(`/conversations/${id}/messages/2`)).body).toEqual(rated.body);
  expect((await alice.put(path, { rating: "sideways" })).status).toBe(400);
  expect((await alice.put(path, { rating: "up" })).body.feedback).toMatchObject({ comment: null });
  expect((await alice.delete(path)).status).toBe(204);
  expect((await alice.get(`/conversations/${id}/messages/2`)).body.feedback).toBeNull();
  expect(
    (await alice.put(`/conversations/${id}/messages/1/feedback`, { rating: "up" })).status,
  ).toBe(404);
});
