import { beforeAll, expect, it } from "vitest";
import { embeddedModels } from "../../app/models/embedded.ts";
import { type Client, TestApi } from "../../testing/app/api.ts";
import { eventsOf, textOf } from "../../testing/app/events.ts";
import { upload } from "../../testing/app/upload.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();
const retry = { "idempotency-key": "retry-1" };

let alice: Client;
let document: string;

beforeAll(async () => {
  alice = api.as("alice");
  const id = await alice.conversation("A secret");
  await alice.say(id, "secret");
  document = (await upload(alice, Buffer.from("secret"), "text/plain")).id;
  await alice.put("/me/sessions/laptop", { data: "secret" });
});

it("shows no list of another's, under no name", async (context) => {
  const mallory = api.as("newcomer");
  const lists = ["/conversations", "/documents", "/me/sessions", "/conversations?state=trashed"];
  const names = ["user", "userId", "sub", "owner", "tenant", "filter", "pk"];
  tried(context, lists.length * (names.length + 1));
  for (const list of lists) {
    expect((await mallory.get(list)).body).toEqual({ items: [], nextCursor: null });
    for (const name of names) {
      const separator = list.includes("?") ? "&" : "?";
      expect((await mallory.get(`${list}${separator}${name}=alice`)).status).toBe(400);
    }
  }
  expect((await mallory.get("/export")).text).not.toContain("secret");
  expect((await mallory.get("/sync")).body).toMatchObject({ items: [], deleted: [] });
});

it("attaches no document of another's, and quotes none", async (context) => {
  const mallory = api.as("mallory");
  const id = await mallory.conversation();
  for (const [path, body] of [
    [`/conversations/${id}/messages`, { role: "user", content: "x", documents: [document] }],
    [`/conversations/${id}/chat`, { content: "secret", documents: [document] }],
  ] as const) {
    tried(context, 1);
    const theirs = await mallory.post(path, body);
    const missing = await mallory.post(path, { ...body, documents: ["never-existed"] });
    expect([theirs.status, theirs.text]).toEqual([400, missing.text]);
  }
  // An import takes ids as they are: they lead nowhere.
  const line = { kind: "message", conversation: id, sequence: 1, role: "user", content: "x" };
  const imported = JSON.stringify({
    ...line,
    timestamp: "2026-11-20T12:00:00Z",
    documents: [document],
  });
  const headers = { "content-type": "application/x-ndjson" };
  const report = await mallory.send("POST", "/import", { body: imported, headers });
  expect(report.text).toContain('"created"');
  const answer = await mallory.post(`/conversations/${id}/chat`, { content: "secret" });
  tried(context, 1);
  expect(answer.body.assistantMessage.citations).toEqual([]);
  expect((await mallory.get(`/documents/${document}`)).status).toBe(404);
});

it("replays no answer of another's request, whatever the key", async (context) => {
  const create = (client: Client) => client.post("/conversations", { title: "Same" }, retry);
  const [mine, theirs] = [await create(alice), await create(api.as("mallory"))];
  tried(context, 1);
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(mine.body.id);
  expect(theirs.headers.get("idempotency-replayed")).toBeNull();
});

it("lets nobody join another's answer while it is being made", async (context) => {
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const shared = api.with({ models: embeddedModels(() => go) });
  const stream = { ...retry, accept: "text/event-stream", "last-event-id": "0" };
  const [victim, mallory] = [shared.as("victim"), shared.as("mallory")];
  const id = "same-conversation";
  await victim.post("/conversations", { id });
  const question = { content: "a secret question" };
  const running = victim.open(
    `/conversations/${id}/chat`,
    { body: question, headers: stream },
    "POST",
  );
  tried(context, 3);
  expect((await mallory.post(`/conversations/${id}/chat`, question, stream)).status).toBe(404);
  await mallory.post("/conversations", { id });
  const joined = mallory.open(
    `/conversations/${id}/chat`,
    { body: { content: "mine" }, headers: stream },
    "POST",
  );
  resolve();
  const [theirs, own] = await Promise.all([running, joined].map(async (it) => (await it).text()));
  expect(textOf(eventsOf(own!))).toBe("You said: mine");
  expect(textOf(eventsOf(theirs!))).toBe("You said: a secret question");
});

it("redeems no token of another's", async (context) => {
  const purpose = "link-device";
  const { token } = (await alice.post("/me/tokens", { purpose, data: "secret" })).body;
  tried(context, 2);
  const theirs = await api.as("mallory").post("/me/tokens/redeem", { token, purpose });
  const missing = await api.as("mallory").post("/me/tokens/redeem", { token: "x", purpose });
  expect([theirs.status, theirs.text]).toEqual([404, missing.text]);
  expect((await alice.post("/me/tokens/redeem", { token, purpose: "other" })).status).toBe(404);
  expect((await alice.post("/me/tokens/redeem", { token, purpose })).status).toBe(200);
});
