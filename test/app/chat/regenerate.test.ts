import { expect, it } from "vitest";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { eventsOf } from "../../../testing/app/events.ts";
import { upload } from "../../../testing/app/upload.ts";

const api = TestApi.forThisFile();

async function prepare(...questions: string[]) {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const chat = `/conversations/${id}/chat`;
  for (const content of questions) await alice.post(chat, { content });
  const contents = async () =>
    (await alice.all(`/conversations/${id}/messages`)).map(({ content }) => content);
  const regenerate = (body: object = {}, headers: Record<string, string> = {}) =>
    alice.post(`/conversations/${id}/regenerate`, body, headers);
  return { alice, id, chat, contents, regenerate };
}

it("replaces the last answer in place, by another model if one is named", async () => {
  const { alice, id, contents, regenerate } = await prepare("one", "/prompt");
  const before = (await alice.get(`/conversations/${id}`)).body;
  const { status, body } = await regenerate({ modelId: "embedded-small" });
  expect(status).toBe(200);
  expect(body.userMessage).toEqual(before.messages[2]);
  expect(body.assistantMessage).toMatchObject({ sequence: 4, modelId: "embedded-small" });
  // Neither the old answer nor the question twice.
  const { messages } = JSON.parse(body.assistantMessage.content);
  expect(messages.map(({ content }: { content: string }) => content)).toEqual([
    "one",
    "You said: one",
    "/prompt",
  ]);
  expect(await contents()).toEqual([
    "one",
    "You said: one",
    "/prompt",
    body.assistantMessage.content,
  ]);
  expect((await alice.get(`/conversations/${id}`)).body).toMatchObject({
    messageCount: 4,
    version: before.version + 1,
    updatedAt: body.assistantMessage.timestamp,
  });
});

it("edits the last question and answers it anew, in one step", async () => {
  const { contents, regenerate } = await prepare("one", "two");
  const { body } = await regenerate({ content: "three" });
  expect([body.userMessage.sequence, body.assistantMessage.sequence]).toEqual([3, 4]);
  expect(await contents()).toEqual(["one", "You said: one", "three", "You said: three"]);
});

it("drops the feedback with the answer that it was for, and keeps the passages", async () => {
  const { alice, id, chat, regenerate } = await prepare();
  const citations = [{ source: "a.pdf", quote: "So it is." }];
  await alice.post(chat, { content: "Is it?", citations });
  await alice.put(`/conversations/${id}/messages/2/feedback`, { rating: "down" });
  const again = (await regenerate()).body.assistantMessage;
  expect(again).toMatchObject({ feedback: null, citations });
  expect(again.content).toContain("> So it is. [1]");
  expect((await regenerate({ citations: [] })).body.assistantMessage.citations).toEqual([]);
});

it("answers a question that has no answer yet", async () => {
  const { alice, id, contents, regenerate } = await prepare("one");
  await alice.say(id, "unanswered");
  expect((await regenerate()).status).toBe(200);
  expect(await contents()).toEqual(["one", "You said: one", "unanswered", "You said: unanswered"]);
  await alice.say(id, "once more");
  await regenerate({ content: "edited" });
  expect((await contents()).slice(-2)).toEqual(["edited", "You said: edited"]);
});

it("leaves the old turn as it was when the model fails, and says so", async () => {
  const { alice, id, contents, regenerate } = await prepare("one");
  const before = (await alice.get(`/conversations/${id}`)).text;
  const key = { "idempotency-key": randomKey() };
  const failed = await regenerate({ content: "/fail 2" }, key);
  expect([failed.status, failed.body.type]).toEqual([502, "urn:chatstack:problem:model-failed"]);
  const streamed = await regenerate({ content: "/fail 2" }, { accept: "text/event-stream" });
  expect(eventsOf(streamed.text).map(({ event }) => event)).toEqual(
    expect.arrayContaining(["delta", "error", "done"]),
  );
  expect(streamed.text).not.toContain("event: message");
  expect((await alice.get(`/conversations/${id}`)).text).toBe(before);
  // Nothing was saved, so the key is still good.
  expect((await regenerate({ content: "/fail 2" }, key)).status).toBe(502);
  expect(await contents()).toEqual(["one", "You said: one"]);
});

it("replaces a failed answer even by another failure, since nothing whole is lost", async () => {
  const { contents, regenerate } = await prepare("/fail 1");
  const again = await regenerate({ content: "/fail 2" });
  expect([again.status, again.body.assistantMessage.isError]).toEqual([200, true]);
  expect(await contents()).toEqual(["/fail 2", "word1 word2 "]);
  await regenerate({ content: "fine" });
  expect(await contents()).toEqual(["fine", "You said: fine"]);
});

it("is guarded by If-Match before the model is asked", async () => {
  const { alice, id, contents, regenerate } = await prepare("one");
  const etag = (await alice.get(`/conversations/${id}`)).headers.get("etag")!;
  await alice.patch(`/conversations/${id}`, { title: "Renamed" });
  const spent = (await alice.get("/me/usage")).body;
  const refused = await regenerate({ content: "no" }, { "if-match": etag });
  expect(refused.status).toBe(412);
  expect((await alice.get("/me/usage")).body).toEqual(spent);
  const current = (await alice.get(`/conversations/${id}`)).headers.get("etag")!;
  expect((await regenerate({ content: "yes" }, { "if-match": current })).status).toBe(200);
  expect(await contents()).toEqual(["yes", "You said: yes"]);
});

it("repeats with its idempotency key what it replaced, question included", async () => {
  const { regenerate, contents } = await prepare("one");
  for (const content of [undefined, "two"]) {
    const key = { "idempotency-key": randomKey() };
    const first = await regenerate({ content }, key);
    const again = await regenerate({ content }, key);
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await regenerate({ content: "other" }, key)).status).toBe(422);
  }
  expect(await contents()).toEqual(["two", "You said: two"]);
});

it("refuses where the last messages are no question and answer", async () => {
  const { alice, id, regenerate } = await prepare();
  const expectRefused = async () => {
    const refused = await regenerate();
    expect([refused.status, refused.body.type]).toEqual([
      409,
      "urn:chatstack:problem:nothing-to-regenerate",
    ]);
  };
  await expectRefused();
  const path = `/conversations/${id}/messages`;
  await alice.post(path, { role: "assistant", content: "Welcome!" });
  await expectRefused();
  await alice.post(path, { role: "system", content: "Be brief." });
  await expectRefused();
});

it("asks the documents anew for an edited question, within what the model can read", async () => {
  const { alice, chat, regenerate } = await prepare();
  const text = ["Trains are preferred to flights.", "Leave is asked for by mail."].join("\n\n");
  const long = "Trains run on time and on rails and on steam. ".repeat(200);
  const documents = [
    (await upload(alice, Buffer.from(text), "text/plain", "Notes")).id,
    (await upload(alice, Buffer.from(long), "text/plain", "Trains")).id,
  ];
  await alice.post(chat, { content: "What of trains?", documents });
  const { body } = await regenerate({ content: "Who asks for leave, by mail?" });
  expect(JSON.stringify(body.assistantMessage.citations)).toContain("Leave is asked for by mail.");
  const small = await regenerate({ content: "Trains on time?", modelId: "embedded-small" });
  expect(small.status).toBe(200);
});
