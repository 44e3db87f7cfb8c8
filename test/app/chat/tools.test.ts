import { expect, it } from "vitest";
import * as z from "zod";
import { mostSteps } from "../../../app/chat/steps.ts";
import { type ChatTool, chatTool, toolOutputKiB } from "../../../app/chat/tools.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { eventsOf, textOf } from "../../../testing/app/events.ts";
import { png } from "../../../testing/app/parts.ts";
import { upload } from "../../../testing/app/upload.ts";

/** Turns that call tools, and questions of parts, through the API with the embedded model. */
const api = TestApi.forThisFile();
const stream = { accept: "text/event-stream" };

const weather = chatTool({
  name: "weather",
  description: "The weather of a city.",
  input: z.object({ city: z.string().min(1) }),
  execute: async ({ city }, { user, tenant, conversation }) => ({
    city,
    user,
    tenant,
    conversation,
  }),
});
const withTools = (...tools: ChatTool[]) => api.with({ tools });

it("calls a tool for the user of the token, tells the model, and saves each step with the turn", async () => {
  const alice = withTools(weather).as("alice");
  const id = await alice.conversation();
  const content = '/tool weather {"city":"Lisbon","user":"bob"}';
  const answer = await alice.post(`/conversations/${id}/chat`, { content }, stream);
  const events = eventsOf(answer.text);
  const output = { city: "Lisbon", user: "alice", tenant: "acme", conversation: id };
  const call = { type: "tool-call", toolCallId: "call-1", toolName: "weather" };
  const result = { type: "tool-result", toolCallId: "call-1", toolName: "weather", output };
  expect(events.filter(({ event }) => event === "part").map(({ data }) => data)).toMatchObject([
    { index: 0, offset: 13, part: call },
    { index: 1, offset: 13, part: result },
  ]);
  const said = `It says: ${JSON.stringify([output])}`;
  expect(textOf(events)).toBe(`Let me look. ${said}`);
  const [, saved] = await alice.all(`/conversations/${id}/messages`);
  expect(saved).toMatchObject({
    content: `Let me look. ${said}`,
    stopReason: "complete",
    parts: [{ type: "text", text: "Let me look. " }, call, result, { type: "text", text: said }],
  });
  const order = events.map(({ event }) => event).filter((event, at, all) => event !== all[at - 1]);
  expect(order).toEqual(["delta", "part", "delta", "message", "done"]);
  // Both calls of the model count.
  expect(saved.usage.inputTokens).toBeGreaterThan(30);
});

it("shows a turn with tools again to who comes back, without running them again", async () => {
  let runs = 0;
  const counted = { ...weather, run: async () => ++runs };
  const alice = withTools(counted).as("alice");
  const id = await alice.conversation();
  const key = { "idempotency-key": randomKey() };
  const body = { content: '/tool weather {"city":"x"}' };
  const first = await alice.post(`/conversations/${id}/chat`, body, { ...stream, ...key });
  const again = await alice.post(`/conversations/${id}/chat`, body, { ...stream, ...key });
  expect(textOf(eventsOf(again.text))).toBe(textOf(eventsOf(first.text)));
  const behind = { ...stream, ...key, "last-event-id": "13" };
  const rest = eventsOf((await alice.post(`/conversations/${id}/chat`, body, behind)).text);
  expect(rest.map(({ event }) => event)).toEqual(["part", "part", "delta", "message", "done"]);
  expect(runs).toBe(1);
});

it("tells the model what went wrong with a call, and nobody what the tool said of it", async () => {
  const failing = { ...weather, run: async () => Promise.reject(new Error("password hunter2")) };
  const large = { ...weather, run: async () => "x".repeat(toolOutputKiB * 1024) };
  const none = { ...weather, run: async () => 12n };
  for (const [tool, content, said] of [
    [weather, '/tool weather {"city":""}', /^The input is not valid. city: /],
    [weather, "/tool other {}", /^There is no such tool.$/],
    [failing, "/tool weather {}", /^The tool failed.$/],
    [large, "/tool weather {}", /more than 64 KiB/],
    [none, "/tool weather {}", /^The tool failed.$/],
  ] as const) {
    const alice = withTools(tool).as("alice");
    const id = await alice.conversation();
    const { body } = await alice.post(`/conversations/${id}/chat`, { content });
    const result = body.assistantMessage.parts[2];
    expect([result.isError, result.output]).toEqual([true, expect.stringMatching(said)]);
  }
  const logged = JSON.stringify(api.log);
  expect(logged).not.toContain("hunter2");
  expect(logged).toContain('"tool":"weather"');
});

it("ends a model that never stops calling", async () => {
  let runs = 0;
  const alice = withTools({ ...weather, run: async () => ++runs }).as("alice");
  const id = await alice.conversation();
  const { body } = await alice.post(`/conversations/${id}/chat`, { content: "/tools weather {}" });
  expect(body.assistantMessage.stopReason).toBe("length");
  expect(runs).toBe(mostSteps - 1);
  const large = { ...weather, run: async () => "x".repeat(60 * 1024) };
  const bounded = await withTools(large).as("alice").post(`/conversations/${id}/chat`, {
    content: "/tools weather {}",
  });
  expect(bounded.body.assistantMessage.stopReason).toBe("length");
  expect(JSON.stringify(bounded.body).length).toBeLessThan(960 * 1024);
});

it("aborts a tool when nobody waits any more, and saves what there is", async () => {
  const { promise: started, resolve: start } = Promise.withResolvers<AbortSignal>();
  const slow: ChatTool = {
    ...weather,
    run: (_, { signal }) => {
      start(signal);
      return new Promise(() => {});
    },
  };
  const alice = withTools(slow).as("alice");
  const id = await alice.conversation();
  const response = await alice.open(
    `/conversations/${id}/chat`,
    { body: { content: "/tool weather {}" }, headers: stream },
    "POST",
  );
  const reader = response.body!.getReader();
  await reader.read();
  const signal = await started;
  await reader.cancel();
  expect(signal.aborted).toBe(true);
  const [, saved] = await alice.all(`/conversations/${id}/messages`);
  expect(saved).toMatchObject({
    stopReason: "aborted",
    parts: [{ type: "text" }, { type: "tool-call" }],
  });
  const next = await api.as("alice").post(`/conversations/${id}/chat`, { content: "And now?" });
  expect(next.body.assistantMessage.content).toBe("You said: And now?");
});

it("tells a model that takes no tools of none", async () => {
  const alice = withTools(weather).as("alice");
  const id = await alice.conversation();
  const ask = async (modelId: string) =>
    JSON.parse(
      (await alice.post(`/conversations/${id}/chat`, { content: "/prompt", modelId })).body
        .assistantMessage.content,
    );
  expect((await ask("embedded")).tools).toMatchObject([
    { name: "weather", inputSchema: { type: "object", required: ["city"] } },
  ]);
  expect(await ask("embedded-small")).not.toHaveProperty("tools");
  const models = await alice.get("/models");
  expect(models.body.items[0].takes).toEqual(["images", "files", "tools"]);
});

it("refuses tools whose names models do not take", () => {
  expect(() => withTools({ ...weather, name: "a b" })).toThrow(RangeError);
  expect(() => withTools(weather, weather)).toThrow("two tools have the name weather");
});

it("shows a model the images and files of a question, and those before it", async () => {
  const alice = api.as("alice");
  const { id: image } = await upload(alice, Buffer.from(png, "base64"), "image/png");
  const { id: file } = await upload(alice, Buffer.from("some words"), "text/plain", "notes.txt");
  const id = await alice.conversation();
  const parts = [
    { type: "text", text: "/prompt" },
    { type: "image", mediaType: "image/png", document: image },
    { type: "file", mediaType: "text/plain", document: file },
    { type: "image", mediaType: "image/png", url: "https://example.org/x.png" },
  ];
  const asked = await alice.post(`/conversations/${id}/chat`, { parts });
  expect(asked.body.userMessage).toMatchObject({ content: "/prompt", parts });
  const prompt = JSON.parse(asked.body.assistantMessage.content);
  expect(prompt.messages).toEqual([{ role: "user", content: "/prompt", parts }]);
  expect(prompt.bytes).toEqual([10, Buffer.from(png, "base64").length]);
  await alice.delete(`/documents/${image}`);
  const later = await alice.post(`/conversations/${id}/chat`, { content: "/prompt" });
  expect(JSON.parse(later.body.assistantMessage.content).bytes).toEqual([10]);
  const only = [{ type: "image", mediaType: "image/png", data: png }];
  const alone = await alice.post(`/conversations/${id}/chat`, { parts: only });
  expect(alone.status).toBe(200);
  const edited = await alice.post(`/conversations/${id}/regenerate`, { content: "What is it?" });
  expect(edited.body.userMessage).toMatchObject({
    content: "What is it?",
    parts: [{ type: "text", text: "What is it?" }, ...only],
  });
  for (const refused of [
    [{ type: "text", text: " " }],
    [{ type: "tool-call", toolCallId: "1", toolName: "x", input: {} }],
    [{ type: "image", mediaType: "image/png", document: image }],
  ]) {
    expect((await alice.post(`/conversations/${id}/chat`, { parts: refused })).status).toBe(400);
  }
});
