import { describe, expect, it } from "vitest";
import { createApp } from "../../../app/app.ts";
import { DynamoDBMaintenanceStore } from "../../../app/store/dynamodb/maintenance/maintenance.ts";
import { Client, claimsOf, dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();
const user = (history: "dynamodb" | "s3") => {
  const app = createApp(dependenciesOn(api.table, () => {}, history));
  const claims = claimsOf(randomKey());
  return new Client({ app }, claims);
};

describe.each(["dynamodb", "s3"] as const)("a session cleared in a history in %s", (history) => {
  it("A: is empty for every reader, and goes on under its id", async () => {
    const alice = user(history);
    const id = await alice.conversation("Kept title");
    await alice.say(id, "one", "two", "three");
    const path = `/conversations/${id}`;
    const before = await alice.get(path);
    const { cursor } = (await alice.get("/sync")).body;

    const cleared = await alice.delete(`${path}/messages`);
    expect(cleared.status).toBe(200);
    const empty = { title: "Kept title", messageCount: 0, unreadCount: 0, lastMessage: null };
    expect(cleared.body).toMatchObject(empty);
    expect(cleared.headers.get("etag")).not.toBe(before.headers.get("etag"));
    expect((await alice.get(path)).body).toMatchObject({
      ...empty,
      messages: [],
      olderCursor: null,
    });
    expect(await alice.all(`${path}/messages?order=desc`)).toEqual([]);
    for (const sequence of ["1", "2", "3"]) {
      expect((await alice.get(`${path}/messages/${sequence}`)).status).toBe(404);
    }
    expect((await alice.get(`/sync?cursor=${cursor}`)).body.items).toMatchObject([
      { id, ...empty },
    ]);

    await alice.say(id, "four", "five");
    const told = async (query: string) =>
      (await alice.all(`${path}/messages?${query}`)).map(({ sequence, content }) => [
        sequence,
        content,
      ]);
    // A device that holds the first three asks for what follows.
    expect(await told("after=3")).toEqual([
      [4, "four"],
      [5, "five"],
    ]);
    expect(await told("limit=1")).toEqual([
      [4, "four"],
      [5, "five"],
    ]);
    expect(await told("limit=1&order=desc")).toEqual([
      [5, "five"],
      [4, "four"],
    ]);
    expect((await alice.get(path)).body).toMatchObject({ messageCount: 2, olderCursor: null });
    expect((await alice.get("/conversations")).body.items).toMatchObject([{ id, messageCount: 2 }]);
  });

  it("keeps conditions and states as an append does", async () => {
    const alice = user(history);
    const path = `/conversations/${await alice.conversation()}`;
    expect((await alice.delete(`${path}/messages`, { "if-match": '"9"' })).status).toBe(412);
    expect((await alice.delete(`${path}/messages`, { "if-match": '"1"' })).status).toBe(200);
    await alice.patch(path, { state: "archived" });
    expect((await alice.delete(`${path}/messages`)).status).toBe(409);
    expect((await alice.delete("/conversations/none/messages")).status).toBe(404);
    await alice.patch(path, { state: "active" });
    await alice.delete(path);
    expect((await alice.delete(`${path}/messages`)).status).toBe(404);
  });

  it("comes back from an export as it was", async () => {
    const alice = user(history);
    const id = await alice.conversation();
    await alice.say(id, "one", "two");
    await alice.delete(`/conversations/${id}/messages`);
    await alice.say(id, "three", "four");
    const body = (await alice.get("/export")).text;
    expect(body).not.toContain('"one"');
    const bob = user(history);
    const headers = { "content-type": "application/x-ndjson" };
    const report = (await bob.send("POST", "/import", { body, headers })).text;
    expect(report).not.toMatch(/"outcome":"(gap|conflict|refused)"/);
    const listed = async (one: Client) => one.all(`/conversations/${id}/messages`);
    expect(await listed(bob)).toEqual(await listed(alice));
    expect((await bob.get(`/conversations/${id}`)).body).toMatchObject({ messageCount: 2 });
    await bob.say(id, "five");
    expect((await bob.get(`/conversations/${id}/messages/5`)).body.content).toBe("five");
  });
});

it("is removed from the table in steps: what one request does not get to, the maintenance does", async () => {
  const alice = user("dynamodb");
  const id = await alice.conversation();
  const count = 260;
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      kind: "message",
      conversation: id,
      sequence: index + 1,
      role: "user",
      content: "x",
      timestamp: "2026-11-20T12:00:00.000Z",
    }),
  );
  const headers = { "content-type": "application/x-ndjson" };
  await alice.send("POST", "/import", { body: lines.join("\n"), headers });
  const answer = await alice.send("DELETE", `/conversations/${id}/messages`, {
    deadline: Date.now(),
  });
  expect([answer.status, answer.body.messageCount]).toEqual([202, 0]);
  expect((await alice.get(`/conversations/${id}/messages`)).body.items).toEqual([]);
  await alice.say(id, "next");
  api.advance(2 * 60 * 60);
  await new DynamoDBMaintenanceStore(api.table).purgeDue(new Date(Date.now() + 10 ** 9));
  const [only, ...others] = await alice.all(`/conversations/${id}/messages`);
  expect([only.sequence, others]).toEqual([count + 1, []]);

  const gone = await alice.send("DELETE", `/conversations/${id}`, { deadline: Date.now() });
  expect(gone.status).toBe(204);
});

it("answers 202 when a deletion needs more than one request, and 204 in the end", async () => {
  const alice = user("dynamodb");
  const id = await alice.conversation();
  const lines = Array.from({ length: 520 }, (_, index) =>
    JSON.stringify({
      kind: "message",
      conversation: id,
      sequence: index + 1,
      role: "user",
      content: "x",
      timestamp: "2026-11-20T12:00:00.000Z",
    }),
  );
  const headers = { "content-type": "application/x-ndjson" };
  await alice.send("POST", "/import", { body: lines.join("\n"), headers });
  const statuses = [];
  for (let round = 0; round < 3; round++) {
    const answer = await alice.send("DELETE", `/conversations/${id}`, { deadline: Date.now() });
    statuses.push(answer.status);
    expect((await alice.get(`/conversations/${id}`)).status).toBe(404);
  }
  expect(statuses).toEqual([202, 202, 204]);
});
