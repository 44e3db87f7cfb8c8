import { expect, it } from "vitest";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { png } from "../../../testing/app/parts.ts";
import { upload } from "../../../testing/app/upload.ts";

/** What other clients than ours read: `useChat` of the AI SDK, and the `openai` packages. */
const api = TestApi.forThisFile();
const accept = "text/event-stream; ui-message-stream=v1";

/** Each event's data; the last one is not JSON. */
function dataOf(text: string) {
  const lines = text.split("\n\n").filter((event) => event.startsWith("data: "));
  expect(lines.at(-1)).toBe("data: [DONE]");
  return lines.slice(0, -1).map((line) => JSON.parse(line.slice("data: ".length)));
}

const textIn = (chunks: readonly { type: string; delta: string }[]) =>
  chunks.map(({ type, delta }) => (type === "text-delta" ? delta : "")).join("");

it("streams an answer as UI message chunks, and what was saved as their metadata", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const answer = await alice.post(
    `/conversations/${id}/chat`,
    {
      content: "Grüße",
      citations: [{ url: "https://example.org/a", title: "A", quote: "quoted" }],
    },
    { accept },
  );
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
  const chunks = dataOf(answer.text);
  const [, saved] = await alice.all(`/conversations/${id}/messages`);
  expect(textIn(chunks)).toBe(saved.content);
  const { content: _, citations: __, ...metadata } = saved;
  expect(chunks.filter(({ type }) => type !== "text-delta")).toEqual([
    { type: "start" },
    { type: "start-step" },
    { type: "text-start", id: "text" },
    { type: "text-end", id: "text" },
    { type: "source-url", sourceId: "1", url: "https://example.org/a", title: "A" },
    { type: "finish-step" },
    { type: "finish", finishReason: "stop", messageMetadata: { ...metadata, userMessageId: "1" } },
  ]);
});

it("replays a saved answer from its beginning, and asks nobody again", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const headers = { accept, "idempotency-key": randomKey() };
  const ask = () => alice.post(`/conversations/${id}/chat`, { content: "/words 3" }, headers);
  const first = await ask();
  const again = await ask();
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(textIn(dataOf(again.text))).toBe("word1 word2 word3 ");
  expect(dataOf(again.text).at(-1)).toEqual(dataOf(first.text).at(-1));
  expect((await alice.all(`/conversations/${id}/messages`)).length).toBe(2);
});

it("names the page of a document that is cited, and ends a failed answer with its error", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const document = await upload(
    alice,
    Buffer.from("Employees have thirty days of leave."),
    "text/plain",
    "leave.txt",
  );
  const cited = await alice.post(
    `/conversations/${id}/chat`,
    { content: "How many days of leave?", documents: [document.id] },
    { accept },
  );
  expect(dataOf(cited.text).find(({ type }) => type === "source-document")).toMatchObject({
    sourceId: "1",
    mediaType: "text/plain",
    filename: document.name,
    providerMetadata: { chatstack: { quote: "Employees have thirty days of leave." } },
  });
  const failed = await alice.post(`/conversations/${id}/chat`, { content: "/fail 1" }, { accept });
  expect(dataOf(failed.text).slice(-2)).toMatchObject([
    { type: "finish", finishReason: "error", messageMetadata: { isError: true } },
    { type: "error", errorText: "The answer broke off." },
  ]);
});

it("keeps to our own events where the parameter is missing, unknown or of another type", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  for (const other of [
    "text/event-stream",
    "text/event-stream; ui-message-stream=v2",
    "application/json; ui-message-stream=v1, text/event-stream",
  ]) {
    const { text } = await alice.post(
      `/conversations/${id}/chat`,
      { content: "x" },
      { accept: other },
    );
    expect([other, text.includes('"start-step"')]).toEqual([other, false]);
  }
});

const question = (id: string, content: unknown, more: object = {}) => ({
  model: "embedded",
  messages: [
    { role: "system", content: "Never read" },
    { role: "user", content },
  ],
  metadata: { conversation_id: id },
  ...more,
});

it("answers a chat completion in one piece, and keeps the history by the conversation's id", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  await alice.post("/chat/completions", question(id, "Hello"));
  const { status, body } = await alice.post("/chat/completions", question(id, "/prompt"));
  expect(status).toBe(200);
  const prompt = JSON.parse(body.choices[0].message.content);
  expect(prompt.messages).toEqual([
    { role: "user", content: "Hello" },
    { role: "assistant", content: "You said: Hello" },
    { role: "user", content: "/prompt" },
  ]);
  expect(prompt.system).toBe("");
  expect(body).toMatchObject({
    object: "chat.completion",
    model: "embedded",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", refusal: null } }],
    metadata: { conversation_id: id, message_id: "4", user_message_id: "3" },
  });
  const { prompt_tokens, completion_tokens, total_tokens } = body.usage;
  expect(prompt_tokens + completion_tokens).toBe(total_tokens);
  const messages = await alice.all(`/conversations/${id}/messages`);
  expect(messages.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});

it("streams a chat completion in chunks, with its tokens where they are asked for", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  api.advance(3_600);
  const parts = [
    { type: "text", text: "/words" },
    { type: "text", text: " 3" },
  ];
  const more = { stream: true, stream_options: { include_usage: true } };
  const { headers, text } = await alice.post("/chat/completions", question(id, parts, more));
  expect(headers.get("content-type")).toBe("text/event-stream");
  const chunks = dataOf(text);
  const deltas = chunks.map(({ choices }) => choices[0]?.delta.content ?? "");
  expect(deltas.join("")).toBe("word1 word2 word3 ");
  expect(chunks[0].choices[0].delta).toEqual({ role: "assistant", content: "" });
  expect(chunks.at(-2).choices[0].finish_reason).toBe("stop");
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  const second = Math.floor(api.table.now().getTime() / 1000);
  expect(Math.abs(second - chunks[0].created)).toBeLessThan(60);
});

it("shows a model the images of a chat completion, and saves them with the question", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const content = [
    { type: "text", text: "/prompt" },
    { type: "image_url", image_url: { url: `data:image/png;base64,${png}`, detail: "low" } },
  ];
  const { status, body } = await alice.post("/chat/completions", question(id, content));
  expect(status).toBe(200);
  const prompt = JSON.parse(body.choices[0].message.content);
  expect(prompt.bytes).toEqual([Buffer.from(png, "base64").length]);
  const [asked] = await alice.all(`/conversations/${id}/messages`);
  expect(asked).toMatchObject({
    content: "/prompt",
    parts: [
      { type: "text", text: "/prompt" },
      { type: "image", mediaType: "image/png", data: png },
    ],
  });
});

it("takes an idempotency key for chat completions, and one key for one question only", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const headers = { "idempotency-key": randomKey() };
  const first = await alice.post("/chat/completions", question(id, "Once"), headers);
  const again = await alice.post("/chat/completions", question(id, "Once"), headers);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.body.metadata).toEqual(first.body.metadata);
  const other = await alice.post("/chat/completions", question(id, "Twice"), headers);
  expect([other.status, other.body.error.code]).toEqual([422, "idempotency-key-reused"]);
});

it("says in OpenAI's words too why it refuses, and saves nothing then", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const ask = async (body: object) => {
    const { status, body: told } = await alice.post("/chat/completions", body);
    return [status, told.error.code, told.error.param];
  };
  expect(await ask(question(id, "x", { model: "no-such" }))).toEqual([
    409,
    "model-unavailable",
    null,
  ]);
  expect(await ask(question("nobodys", "x"))).toEqual([404, "not-found", null]);
  expect(await ask(question(id, " "))).toEqual([400, "validation", "/messages/1"]);
  const image = (url: unknown) => question(id, [{ type: "image_url", image_url: { url } }]);
  for (const refused of [undefined, "https://example.org/x.png", "data:image/png,x"]) {
    const at = "/messages/1/content/0/image_url/url";
    expect(await ask(image(refused))).toEqual([400, "validation", at]);
  }
  const remote = await alice.post("/chat/completions", image("https://example.org/x.png"));
  expect(remote.text).toContain("the API fetches no address that a user names");
  for (const refused of [
    `data:image/svg+xml;base64,${png}`,
    `data:image/bmp;base64,${png}`,
    "data:image/png;base64,***",
  ])
    expect((await ask(image(refused))).slice(0, 2)).toEqual([400, "validation"]);
  const audio = question(id, [{ type: "text", text: "x" }, { type: "input_audio" }]);
  expect(await ask(audio)).toEqual([400, "validation", "/messages/1/content/1"]);
  const spoken = { messages: [{ role: "assistant", content: "x" }] };
  expect(await ask(question(id, "x", spoken))).toEqual([400, "validation", "/messages/0"]);
  expect(await ask(question(id, "x", { tools: [] }))).toEqual([400, "validation", "/tools"]);
  expect(await ask(question(id, "x", { n: 2 }))).toEqual([400, "validation", "/n"]);
  const mallory = await api.as("mallory").post("/chat/completions", question(id, "x"));
  expect(mallory.body).toMatchObject({ status: 404, error: { code: "not-found" } });
  const stranger = await api.as("alice", { token_use: "id" }).post("/chat/completions", {});
  expect(stranger.body).toMatchObject({ status: 401, error: { type: "unauthenticated" } });
  expect(await alice.all(`/conversations/${id}/messages`)).toEqual([]);
});

it("holds the quota for both, and tells of a model's failure", async () => {
  const { as } = api.with({ quotas: { tokensPerDay: 1 } });
  const bob = as("bob");
  const id = await bob.conversation();
  const stopped = await bob.post("/chat/completions", question(id, "/fail 1"));
  expect([stopped.status, stopped.body.error.message]).toEqual([
    502,
    "The model failed: The answer broke off.",
  ]);
  const refused = await bob.post("/chat/completions", question(id, "again"));
  expect([refused.status, refused.body.error.code]).toEqual([429, "quota-exceeded"]);
  expect(refused.headers.get("retry-after")).not.toBeNull();
  const chat = await bob.post(`/conversations/${id}/chat`, { content: "again" }, { accept });
  expect(chat.status).toBe(429);
});

it("ends a streamed chat completion with the error, where the model fails", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const { text } = await alice.post("/chat/completions", question(id, "/fail 2", { stream: true }));
  expect(dataOf(text).at(-1)).toMatchObject({
    type: "urn:chatstack:problem:model-failed",
    error: { code: "model-failed", message: "The model failed: The answer broke off." },
  });
});
