import { expect, it } from "vitest";
import { randomKey, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();

it("answers health without a token", async () => {
  const response = await api.app.request("/health");
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
});

it("B: creates a conversation and says where it is", async () => {
  const alice = api.as("alice");
  const created = await alice.post("/conversations", { title: "Hello", modelId: "a-model" });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ title: "Hello", modelId: "a-model", messageCount: 0 });
  expect(created.headers.get("etag")).toBe('"1"');
  const location = new URL(created.headers.get("location")!, "https://host/v1/conversations");
  expect(location.pathname).toBe(`/v1/conversations/${created.body.id}`);
  const found = await alice.get(`/conversations/${created.body.id}`);
  expect(found.body).toEqual({ ...created.body, messages: [], olderCursor: null });
});

it("creates a conversation from an empty body", async () => {
  const created = await api.as("alice").send("POST", "/conversations");
  expect(created.body).toMatchObject({ title: "New conversation", modelId: null });
});

it("takes an id that the client chose, once", async () => {
  const alice = api.as("alice");
  expect((await alice.post("/conversations", { id: "my-id" })).body.id).toBe("my-id");
  expect((await alice.post("/conversations", { id: "my-id" })).status).toBe(409);
  expect((await api.as("bob").post("/conversations", { id: "my-id" })).status).toBe(201);
});

it("B: lists conversations newest first, page by page", async () => {
  const user = api.as(randomKey());
  const ids: string[] = [];
  for (const title of ["one", "two", "three", "four", "five"]) {
    ids.push(await user.conversation(title));
    api.advance(1);
  }
  const titles = async (path: string) => (await user.all(path)).map(({ title }) => title);
  const expected = ["five", "four", "three", "two", "one"];
  expect(await titles("/conversations?limit=2")).toEqual(expected);
  expect(await titles("/conversations?limit=5")).toEqual(expected);
  expect((await user.get("/conversations?limit=5")).body.nextCursor).toBeNull();
  await user.say(ids[1]!, "news");
  expect(await titles("/conversations?limit=2")).toEqual(["two", "five", "four", "three", "one"]);
});

it("A: appends 60 messages with parallel writers and pages through them in order", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const contents = Array.from({ length: 60 }, (_, index) => `message ${index}`);
  await Promise.all(
    contents.map(async (content) => {
      const saved = await alice.post(`/conversations/${id}/messages`, { role: "user", content });
      expect(saved.status).toBe(201);
    }),
  );
  const listed = await alice.all(`/conversations/${id}/messages?limit=7`);
  expect(listed.map(({ sequence }) => sequence)).toEqual(contents.map((_, index) => index + 1));
  expect(new Set(listed.map(({ content }) => content))).toEqual(new Set(contents));
  const back = await alice.all(`/conversations/${id}/messages?limit=7&order=desc`);
  expect(back).toEqual(listed.toReversed());
});

it("A: opens a conversation with its 20 newest messages and a cursor to older ones", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  await alice.say(id, ...Array.from({ length: 23 }, (_, index) => `${index + 1}`));
  const { body } = await alice.get(`/conversations/${id}`);
  expect(body.messages.map(({ sequence }: { sequence: number }) => sequence)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 4),
  );
  const older = await alice.get(
    `/conversations/${id}/messages?order=desc&cursor=${body.olderCursor}`,
  );
  expect(older.body.items.map(({ content }: { content: string }) => content)).toEqual([
    "3",
    "2",
    "1",
  ]);
});

it("B: serves 50 users at once, each with what is theirs and nothing else", async () => {
  const users = Array.from({ length: 50 }, (_, index) => ({ index, client: api.as(randomKey()) }));
  await Promise.all(
    users.map(async ({ index, client }) => {
      const id = await client.conversation(`of user ${index}`);
      const path = `/conversations/${id}/messages`;
      const contents = [1, 2, 3].map((number) => `user ${index}, message ${number}`);
      const [, synced] = await Promise.all([client.say(id, ...contents), client.get("/sync")]);
      expect(synced.body.items).toMatchObject([{ id }]);
      expect((await client.all(path)).map(({ content }) => content)).toEqual(contents);
      const { items } = (await client.get("/conversations")).body;
      expect(items).toMatchObject([{ id, title: `of user ${index}`, messageCount: 3 }]);
      const { body } = await client.get(`/sync?cursor=${synced.body.cursor}`);
      expect(body.items.every((one: { id: string }) => one.id === id)).toBe(true);
    }),
  );
});

it("E: saves every field of a message and gets one message back", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const message = {
    role: "assistant",
    content: "An answer",
    type: "markdown",
    modelId: "a-model",
    isError: false,
    errorMessage: null,
    citations: [{ title: "Source", url: "https://example.org/a", page: 2, quote: "…" }],
    llmResponseId: "msg_1",
  };
  const saved = await alice.post(`/conversations/${id}/messages`, message);
  expect(saved.body).toMatchObject({ ...message, id: "1", sequence: 1 });
  const base = `https://host/v1/conversations/${id}/messages`;
  const location = new URL(saved.headers.get("location")!, base).pathname;
  expect(location).toBe(`/v1/conversations/${id}/messages/1`);
  expect((await alice.get(location.slice(3))).body).toEqual(saved.body);
  const header = (await alice.get(`/conversations/${id}`)).body;
  expect(header).toMatchObject({
    messageCount: 1,
    updatedAt: saved.body.timestamp,
    lastMessage: { role: "assistant", preview: "An answer" },
  });
});

it("B: saves a failed answer", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const failed = { role: "assistant", content: "", isError: true, errorMessage: "timeout" };
  expect((await alice.post(`/conversations/${id}/messages`, failed)).body).toMatchObject(failed);
});

it("B: renames with If-Match and refuses a stale one", async () => {
  const alice = api.as("alice");
  const path = `/conversations/${await alice.conversation()}`;
  const renamed = await alice.patch(path, { title: "Renamed" }, { "if-match": '"1"' });
  expect([renamed.status, renamed.headers.get("etag")]).toEqual([200, '"2"']);
  for (const stale of ['"1"', 'W/"2"', "2", '"x"', ""]) {
    const refused = await alice.patch(path, { title: "No" }, { "if-match": stale });
    expect([stale, refused.status]).toEqual([stale, 412]);
  }
  const listed = await alice.patch(path, { modelId: "m" }, { "if-match": '"1", "2"' });
  expect(listed.body).toMatchObject({ title: "Renamed", modelId: "m", version: 3 });
  expect((await alice.patch(path, { title: "Any" }, { "if-match": "*" })).status).toBe(200);
  expect((await alice.delete(path, { "if-match": '"1"' })).status).toBe(412);
  const put = await alice.put(path, { title: "Put", modelId: "n" }, { "if-match": '"4"' });
  expect(put.body).toMatchObject({ title: "Put", modelId: "n", version: 5 });
  expect((await alice.delete(path, { "if-match": '"5"' })).status).toBe(204);
});

it("replaces the writable fields with PUT, and never creates", async () => {
  const alice = api.as("alice");
  const created = await alice.post("/conversations", { title: "Before", modelId: "m" });
  const replaced = await alice.put(`/conversations/${created.body.id}`, { title: "After" });
  const { updatedAt } = replaced.body;
  const after = { title: "After", modelId: null, version: 2, updatedAt };
  expect(replaced.body).toEqual({ ...created.body, ...after });
  expect((await alice.put("/conversations/none", { title: "x" })).status).toBe(404);
  expect((await alice.get("/conversations/none")).status).toBe(404);
});

it("repeats an append with its idempotency key: same answer, one message", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const path = `/conversations/${id}/messages`;
  const key = { "idempotency-key": "a key" };
  expect((await alice.post(path, { role: "user", content: "hi" }, key)).status).toBe(400);
  key["idempotency-key"] = "a-key";
  const first = await alice.post(path, { role: "user", content: "hi" }, key);
  const again = await alice.post(path, { content: "hi", role: "user" }, key);
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect((await alice.post(path, { role: "user", content: "other" }, key)).status).toBe(422);
  expect(await alice.all(path)).toHaveLength(1);
});

it("repeats a creation with its idempotency key: same answer, one conversation", async () => {
  const user = api.as(randomKey());
  const key = { "idempotency-key": "create-1" };
  const first = await user.post("/conversations", { title: "Once" }, key);
  const again = await user.post("/conversations", { title: "Once" }, key);
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect((await user.post("/conversations", { title: "Twice" }, key)).status).toBe(422);
  expect(await user.all("/conversations")).toHaveLength(1);
});

it("B: deletes a conversation with its messages", async () => {
  const user = api.as(randomKey());
  const id = await user.conversation();
  await user.say(id, "one", "two");
  expect((await user.delete(`/conversations/${id}`)).status).toBe(204);
  for (const path of ["", "/messages", "/messages/1"]) {
    expect((await user.get(`/conversations/${id}${path}`)).status).toBe(404);
  }
  expect((await user.delete(`/conversations/${id}`)).status).toBe(404);
  expect((await user.get("/conversations")).body.items).toEqual([]);
});

it("D: answers a default profile from the token until one is put", async () => {
  const id = randomKey();
  const user = api.as(id, { "cognito:groups": "writers,admins" });
  const before = await user.get("/me");
  expect(before.body).toEqual({
    id,
    name: `${id}@example.org`,
    email: null,
    preferences: {},
    role: "admin",
    lastActiveAt: null,
    createdAt: null,
    updatedAt: null,
    version: 0,
  });
  const profile = { name: "A", email: "a@example.org", preferences: { theme: "dark", n: [1] } };
  const put = await user.put("/me", profile, { "if-match": before.headers.get("etag")! });
  expect(put.body).toMatchObject({ ...profile, id, role: "admin", version: 1 });
  expect((await user.get("/me")).body).toEqual(put.body);
  expect((await user.put("/me", profile, { "if-match": '"0"' })).status).toBe(412);
  expect((await user.put("/me", {}, { "if-match": '"1"' })).body).toMatchObject({
    name: null,
    email: null,
    preferences: {},
    version: 2,
  });
  expect((await user.put("/me", { role: "admin" })).status).toBe(400);
});

it("E: tells when a user was last active", async () => {
  const user = api.as(randomKey());
  const id = await user.conversation();
  api.advance(60);
  const saved = await user.post(`/conversations/${id}/messages`, { role: "user", content: "x" });
  api.advance(60);
  expect((await user.get("/me")).body.lastActiveAt).toBe(saved.body.timestamp);
});

it("D: takes the role from the groups in every form that authorizers use", async () => {
  for (const [groups, role] of [
    ["[admins members]", "admin"],
    ["admins", "admin"],
    ["members, admins", "admin"],
    ["superadmins", "member"],
    ["", "member"],
    [undefined, "member"],
  ]) {
    const { body } = await api.as("carol", { "cognito:groups": groups }).get("/me");
    expect([groups, body.role]).toEqual([groups, role]);
  }
});

it("serves the OpenAPI document that the routes were made from", async () => {
  const { status, body } = await api.as("alice").get("/openapi.json");
  expect([status, body.openapi]).toEqual([200, "3.1.0"]);
  const documented = Object.entries<object>(body.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routed = api.app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(documented.toSorted()).toEqual([...new Set(routed)].toSorted());
});
