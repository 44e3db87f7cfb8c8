import { expect, it } from "vitest";
import { createApp } from "../../../app/app.ts";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { StoreError } from "../../../app/store/store-error.ts";
import { audience, claimsOf, randomKey, TestApi } from "../../../testing/app/api.ts";
import { engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();

function expectProblem(
  answer: { status: number; headers: Headers; body: unknown },
  status: number,
  kind: string,
) {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ status, type: `urn:chatstack:problem:${kind}` });
  expect(answer.status).toBe(status);
}

it("B: refuses whoever brings no valid access token", async () => {
  const wrong = [
    { token_use: "id" },
    { token_use: undefined },
    { client_id: "another-client" },
    { client_id: undefined },
    { iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_OtherPool" },
    { iss: `https://cognito-idp.us-east-1.amazonaws.com/x${audience.userPoolId}` },
    { sub: undefined },
    { sub: "a#b" },
    { sub: "" },
  ];
  for (const overrides of wrong) {
    for (const path of ["/conversations", "/me", "/nowhere"]) {
      const answer = await api.as("alice", overrides).get(path);
      expectProblem(answer, 401, "unauthenticated");
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  }
  expect((await api.app.request("/conversations")).status).toBe(401);
});

it("B: answers for another user's conversation with the very bytes of a missing one", async () => {
  const alice = api.as("alice");
  const mallory = api.as("mallory");
  const id = await alice.conversation("Private");
  await alice.say(id, "secret");
  const body = { title: "x" };
  const message = { role: "user", content: "x" };
  const attempts = [
    (it: string) => mallory.get(`/conversations/${it}`),
    (it: string) => mallory.put(`/conversations/${it}`, body),
    (it: string) => mallory.patch(`/conversations/${it}`, body),
    (it: string) => mallory.patch(`/conversations/${it}`, body, { "if-match": '"9"' }),
    (it: string) => mallory.delete(`/conversations/${it}`),
    (it: string) => mallory.delete(`/conversations/${it}`, { "if-match": '"9"' }),
    (it: string) => mallory.get(`/conversations/${it}/messages`),
    (it: string) => mallory.get(`/conversations/${it}/messages/1`),
    (it: string) => mallory.post(`/conversations/${it}/messages`, message),
    (it: string) =>
      mallory.post(`/conversations/${it}/messages`, message, { "idempotency-key": "k" }),
  ];
  for (const attempt of attempts) {
    const other = await attempt(id);
    const missing = await attempt("never-existed");
    expectProblem(other, 404, "not-found");
    expect(other.text).toBe(missing.text);
    expect([...other.headers]).toEqual([...missing.headers]);
  }
  expect((await alice.get(`/conversations/${id}`)).body).toMatchObject({
    title: "Private",
    messageCount: 1,
  });
});

it("refuses what is not JSON", async () => {
  const alice = api.as("alice");
  for (const body of ['{"title": ', "", "{]", "\u0000"]) {
    const headers = { "content-type": "application/json" };
    const answer = await alice.send("POST", "/conversations", { body, headers });
    expectProblem(answer, 400, "malformed-json");
  }
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
    const answer = await alice.send("POST", "/conversations", {
      body: '{"title":"x"}',
      headers: { "content-type": type },
    });
    expectProblem(answer, 415, "unsupported-media-type");
  }
});

it("names every field that it refuses, and repeats no value", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const answer = await alice.post(`/conversations/${id}/messages`, {
    role: "robot-secret",
    content: 42,
    userId: "someone-else",
    citations: [{ url: "not-a-url-secret" }],
  });
  expectProblem(answer, 400, "validation");
  expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    "/citations/0/url",
    "/content",
    "/role",
    "/userId",
  ]);
  expect(answer.text).not.toMatch(/secret|someone-else|42/);
});

it("refuses bodies that make no sense", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const message = { role: "user", content: "x" };
  const refused: [string, string, unknown][] = [
    ["POST", "/conversations", { title: "x", userId: "bob" }],
    ["POST", "/conversations", { title: "" }],
    ["POST", "/conversations", { title: "x".repeat(201) }],
    ["POST", "/conversations", { title: "lone \ud800" }],
    ["POST", "/conversations", { id: "a#b" }],
    ["POST", "/conversations", { id: "x".repeat(65) }],
    ["POST", "/conversations", []],
    ["POST", "/conversations", "null"],
    ["POST", "/conversations", '{"__proto__": {"title": "x"}}'],
    ["PUT", `/conversations/${id}`, {}],
    ["PATCH", `/conversations/${id}`, {}],
    ["PATCH", `/conversations/${id}`, { title: null }],
    ["POST", `/conversations/${id}/messages`, { ...message, content: "" }],
    ["POST", `/conversations/${id}/messages`, { ...message, sequence: 7 }],
    ["POST", `/conversations/${id}/messages`, { ...message, timestamp: "2020-01-01" }],
    ["POST", `/conversations/${id}/messages`, { ...message, citations: Array(51).fill({}) }],
    ["PUT", "/me", { email: "nobody" }],
    ["PUT", "/me", { preferences: { much: "x".repeat(17_000) } }],
  ];
  for (const [method, path, body] of refused) {
    const answer = await alice.send(method, path, { body });
    expect([method, path, body, answer.status]).toEqual([method, path, body, 400]);
    expectProblem(answer, 400, "validation");
  }
  const unpaired = await alice.send("POST", `/conversations/${id}/messages`, {
    body: '{"role":"user","content":"\\ud83d"}',
  });
  expectProblem(unpaired, 400, "validation");
});

it("refuses ids that would forge a key, and parameters that make no sense", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  for (const path of [
    "/conversations/a%23b",
    "/conversations/%23",
    "/conversations/a%20b",
    `/conversations/${"x".repeat(65)}`,
    `/conversations/${id}%23MSG/messages`,
    `/conversations/${id}/messages/1%23`,
    "/conversations?limit=0",
    "/conversations?limit=101",
    "/conversations?limit=ten",
    "/conversations?limit=1&limit=2",
    "/conversations?lmit=5",
    `/conversations/${id}/messages?order=up`,
  ]) {
    const answer = await alice.get(path);
    expect([path, answer.status]).toEqual([path, 400]);
    expectProblem(answer, 400, "validation");
  }
});

it("refuses cursors of another list, another user, another order, and expired ones", async () => {
  const [alice, bob] = [api.as(randomKey()), api.as(randomKey())];
  const id = await alice.conversation();
  await alice.conversation();
  await alice.say(id, "1", "2");
  const other = await alice.conversation();
  const list = (await alice.get("/conversations?limit=1")).body.nextCursor;
  const messages = (await alice.get(`/conversations/${id}/messages?limit=1`)).body.nextCursor;
  for (const [client, path] of [
    [bob, `/conversations?cursor=${list}`],
    [alice, `/conversations?cursor=${messages}`],
    [alice, `/conversations/${id}/messages?cursor=${list}`],
    [alice, `/conversations/${other}/messages?cursor=${messages}`],
    [alice, `/conversations/${id}/messages?order=desc&cursor=${messages}`],
    [alice, "/conversations?cursor="],
    [alice, "/conversations?cursor=AAAA"],
  ] as const) {
    expectProblem(await client.get(path), 400, "invalid-cursor");
  }
  expect((await alice.get(`/conversations?cursor=${list}`)).status).toBe(200);
  api.advance(24 * 3600 + 1);
  expectProblem(await alice.get(`/conversations?cursor=${list}`), 400, "invalid-cursor");
});

it("refuses a body above 1 MiB and a content above 960 KiB of UTF-8", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const path = `/conversations/${id}/messages`;
  const limit = 960 * 1024;
  const send = (content: string) => alice.post(path, { role: "user", content });
  expect((await send("ä".repeat(limit / 2))).status).toBe(201);
  expectProblem(await send(`${"ä".repeat(limit / 2)}x`), 413, "too-large");
  expectProblem(await send("x".repeat(limit + 1)), 413, "too-large");
  expectProblem(await send("x".repeat(1024 * 1024)), 413, "too-large");
});

it("answers 404 for an unknown route and 405 with Allow for a wrong method", async () => {
  const alice = api.as("alice");
  expectProblem(await alice.get("/nowhere"), 404, "not-found");
  expectProblem(await alice.get("/conversations/"), 404, "not-found");
  const cases = [
    ["DELETE", "/conversations", "GET, HEAD, POST"],
    ["POST", "/conversations/some-id", "GET, HEAD, PUT, PATCH, DELETE"],
    ["PATCH", "/me", "GET, HEAD, PUT, DELETE"],
    ["PUT", "/openapi.json", "GET, HEAD"],
  ] as const;
  for (const [method, path, allow] of cases) {
    const answer = await alice.send(method, path);
    expectProblem(answer, 405, "method-not-allowed");
    expect(answer.headers.get("allow")).toBe(allow);
  }
});

it("logs one line per request, with the route's pattern and nothing that users wrote", async () => {
  api.log.length = 0;
  const alice = api.as("alice");
  const id = await alice.conversation("secret title");
  await alice.post(`/conversations/${id}/messages`, { role: "user", content: "secret words" });
  await alice.get("/nowhere");
  expect(api.log).toMatchObject([
    { method: "POST", route: "/conversations", status: 201, tenant: "acme" },
    { method: "POST", route: "/conversations/:id/messages", status: 201, requestId: "request-1" },
    { method: "GET", status: 404 },
  ]);
  expect(JSON.stringify(api.log)).not.toMatch(new RegExp(`secret|${id}|nowhere`));
});

it("hides a fault's message from the client and the log, and says when it is busy", async () => {
  const fail = (error: Error) => {
    const log: unknown[] = [];
    const client = documentClient(engineConfig(api.engine.endpoint));
    client.middlewareStack.add(
      () => async () => {
        throw error;
      },
      { step: "initialize", name: "broken" },
    );
    const table = { client, tableName: "none", now: () => new Date() };
    const app = createApp({
      ...api.dependencies,
      conversations: new DynamoDBConversationStore(table),
      log: (entry) => log.push(entry),
    });
    return { log, answer: app.request("/conversations", {}, { claims: claimsOf("alice") }) };
  };
  const fault = fail(new Error("it said: secret words"));
  const answer = await fault.answer;
  expect(await answer.text()).not.toMatch(/secret/);
  expect(answer.status).toBe(500);
  expect(fault.log).toMatchObject([{ level: "ERROR", error: "Error" }, { status: 500 }]);
  expect(JSON.stringify(fault.log)).not.toMatch(/secret/);

  const busy = await fail(new StoreError("busy")).answer;
  expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "1"]);
});
