import { describe, expect, it } from "vitest";
import { createApp } from "../../../app/app.ts";
import { Client, claimsOf, dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";
import { readAll, scan } from "../../../testing/faults/stored.ts";

const api = TestApi.forThisFile();

function userOf(history: "dynamodb" | "s3") {
  const claims = claimsOf(randomKey());
  const process = () =>
    new Client({ app: createApp(dependenciesOn(api.table, () => {}, history)) }, claims);
  return { alice: process(), other: process };
}

async function contents(): Promise<string> {
  const objects = await readAll(api.table.objects);
  const bodies = objects.map(({ body }) => Buffer.from(body).toString());
  return JSON.stringify([await scan(api.table), bodies]);
}

/** A conversation with a question and its answer, twice. */
async function talked(client: Client) {
  const id = await client.conversation("Lisbon");
  for (const content of ["first", "second"]) {
    await client.post(`/conversations/${id}/chat`, { content });
  }
  return { id, path: `/conversations/${id}` };
}

describe.each(["dynamodb", "s3"] as const)("messages in %s", (history) => {
  it("are edited for every reader, the model and other devices", async () => {
    const { alice, other } = userOf(history);
    const { path } = await talked(alice);
    await alice.put(`${path}/messages/2/feedback`, { rating: "up" });
    const before = (await alice.get(path)).body;
    const { cursor } = (await alice.get("/sync")).body;
    const edit = { content: "edited" };
    expect((await alice.patch(`${path}/messages/2`, edit, { "if-match": '"1"' })).status).toBe(412);
    const edited = await alice.patch(`${path}/messages/2`, edit, {
      "if-match": `"${before.version}"`,
    });
    expect(edited.status).toBe(200);
    expect(edited.body).toMatchObject({
      id: "2",
      role: "assistant",
      content: "edited",
      editedAt: expect.any(String),
      feedback: { rating: "up" },
      timestamp: before.messages[1].timestamp,
    });
    expect(edited.headers.get("etag")).toBe(`"${before.version + 1}"`);
    expect((await other().get(`${path}/messages/2`)).body).toEqual(edited.body);
    const [synced] = (await alice.get(`/sync?cursor=${cursor}`)).body.items;
    expect(synced).toMatchObject({ messageCount: 4, editedVersion: before.version + 1 });
    const changes = await other().get(`${path}/changes?since=${before.version}`);
    expect(changes.body).toEqual({
      items: [edited.body],
      deleted: [],
      version: before.version + 1,
      more: false,
    });
    const none = await alice.get(`${path}/changes?since=${before.version + 1}`);
    expect(none.body).toMatchObject({ items: [], deleted: [], more: false });
    // The newest one is what lists show.
    await alice.patch(`${path}/messages/4`, { parts: [{ type: "text", text: "at last" }] });
    expect((await alice.get("/conversations")).body.items[0].lastMessage.preview).toBe("at last");
    const told = await other().post(`${path}/chat`, { content: "/prompt" });
    const { messages } = JSON.parse(told.body.assistantMessage.content);
    expect(messages.map(({ content }: { content: string }) => content)).toEqual([
      "first",
      "edited",
      "second",
      "at last",
      "/prompt",
    ]);
  });

  it("are deleted with all that they said, and leave the sequence as it is", async () => {
    const { alice, other } = userOf(history);
    const { id, path } = await talked(alice);
    await alice.post(`${path}/messages`, { role: "user", content: "a secret to be deleted" });
    const { version } = (await alice.get(path)).body;
    const deleted = await alice.delete(`${path}/messages/5`);
    expect([deleted.status, deleted.headers.get("etag")]).toEqual([204, `"${version + 1}"`]);
    expect(await contents()).not.toContain("a secret to be deleted");
    expect((await alice.delete(`${path}/messages/5`)).status).toBe(404);
    expect((await alice.get(`${path}/messages/5`)).status).toBe(404);
    expect((await alice.patch(`${path}/messages/5`, { content: "x" })).status).toBe(404);
    expect((await alice.delete(`${path}/messages/2`)).status).toBe(204);
    const shown = { messageCount: 3, lastMessage: { preview: "You said: second" } };
    expect((await other().get(path)).body).toMatchObject(shown);
    expect((await alice.get("/conversations")).body.items).toMatchObject([{ id, ...shown }]);
    const page = (await alice.get(`${path}/messages`)).body;
    expect(page.items.map(({ id }: { id: string }) => id)).toEqual(["1", "3", "4"]);
    expect(page.deleted.toSorted()).toEqual(["2", "5"]);
    expect(await alice.all(`${path}/messages?limit=1&order=desc`)).toHaveLength(3);
    const changes = (await other().get(`${path}/changes?since=${version}`)).body;
    expect([changes.items, changes.deleted.toSorted()]).toEqual([[], ["2", "5"]]);
    const paged = (await other().get(`${path}/changes?since=${version}&limit=1`)).body;
    expect(paged).toMatchObject({ deleted: ["5"], version: version + 1, more: true });
    // What comes goes on behind.
    const { body } = await other().post(`${path}/messages`, { role: "user", content: "more" });
    expect(body.id).toBe("6");
    expect((await alice.get("/conversations")).body.items[0].messageCount).toBe(4);
    for (const gone of ["1", "3", "4", "6"]) await alice.delete(`${path}/messages/${gone}`);
    const empty = { messageCount: 0, lastMessage: null };
    expect((await alice.get(path)).body).toMatchObject({ ...empty, messages: [] });
    expect((await alice.get("/conversations")).body.items).toMatchObject([empty]);
    expect((await alice.post(`${path}/chat`, { content: "again" })).status).toBe(200);
  });

  it("are answered anew where deleted ones stand behind or between", async () => {
    const { alice } = userOf(history);
    const { path } = await talked(alice);
    await alice.delete(`${path}/messages/3`);
    await alice.delete(`${path}/messages/4`);
    const again = await alice.post(`${path}/regenerate`, { content: "first, edited" });
    expect(again.status).toBe(200);
    expect([again.body.userMessage.id, again.body.assistantMessage.id]).toEqual(["5", "6"]);
    const ids = async () =>
      (await alice.get(`${path}/messages`)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids()).toEqual(["5", "6"]);
    await alice.delete(`${path}/messages/6`);
    const answered = await alice.post(`${path}/regenerate`, {});
    expect([answered.status, answered.body.assistantMessage.id]).toEqual([200, "7"]);
    expect(await ids()).toEqual(["5", "7"]);
    expect((await alice.get(path)).body.messageCount).toBe(2);
  });

  it("come out with an export and in with an import, edited and deleted as they are", async () => {
    const { alice } = userOf(history);
    const { alice: bob } = userOf(history);
    const { id, path } = await talked(alice);
    await alice.patch(`${path}/messages/1`, { content: "edited" });
    await alice.delete(`${path}/messages/2`);
    const lines = (await alice.get("/export")).text;
    const ndjson = { "content-type": "application/x-ndjson" };
    const first = (await bob.post("/import", lines, ndjson)).text;
    expect(first).not.toMatch(/conflict|gap|refused/);
    expect((await bob.post("/import", lines, ndjson)).text).not.toMatch(/conflict|gap|created/);
    const told = async (client: Client) => (await client.get(`${path}/messages`)).body;
    expect(await told(bob)).toEqual(await told(alice));
    const { messageCount } = (await bob.get(path)).body;
    expect([id, messageCount]).toEqual([id, 3]);
  });

  it("are copied up to one of them, once for a key, with settings and places", async () => {
    const { alice, other } = userOf(history);
    const { path } = await talked(alice);
    await alice.patch(path, { settings: { instructions: "Be brief." }, tags: ["travel"] });
    await alice.delete(`${path}/messages/2`);
    const key = { "idempotency-key": randomKey() };
    const copied = await alice.post(`${path}/copy`, { through: "3" }, key);
    expect(copied.status).toBe(201);
    expect(copied.body).toMatchObject({
      title: "Lisbon",
      messageCount: 2,
      unreadCount: 0,
      tags: ["travel"],
      settings: { instructions: "Be brief." },
    });
    const copy = `/conversations/${copied.body.id}`;
    const contentsOf = async (of: string) =>
      (await other().get(`${of}/messages`)).body.items.map(
        ({ id, content }: { id: string; content: string }) => [id, content],
      );
    expect(await contentsOf(copy)).toEqual([
      ["1", "first"],
      ["3", "second"],
    ]);
    await alice.post(`${copy}/messages`, { role: "user", content: "on its own" });
    const again = await other().post(`${path}/copy`, { through: "3" }, key);
    expect([again.status, again.body.id, again.body.messageCount]).toEqual([
      201,
      copied.body.id,
      3,
    ]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await contentsOf(path)).toHaveLength(3);
    expect((await alice.post(`${path}/copy`, { through: "1" }, key)).status).toBe(422);
    expect((await alice.post(`${path}/copy`, { through: "2" })).status).toBe(404);
    const { alice: mallory } = userOf(history);
    expect((await mallory.post(`${path}/copy`, { through: "1" })).status).toBe(404);
  });

  it("are copied in steps where a request has no time for all of them", async () => {
    const { alice } = userOf(history);
    const id = await alice.conversation("long");
    const lines = Array.from({ length: 30 }, (_, index) =>
      JSON.stringify({
        kind: "message",
        conversation: id,
        sequence: index + 1,
        role: "user",
        content: `${index + 1}`,
        timestamp: "2026-01-01T00:00:00.000Z",
      }),
    );
    await alice.post("/import", lines.join("\n"), { "content-type": "application/x-ndjson" });
    const ask = (headers: Record<string, string>, deadline?: number) =>
      alice.send("POST", `/conversations/${id}/copy`, {
        body: { through: "30" },
        headers,
        ...(deadline !== undefined && { deadline }),
      });
    const begun = await ask({}, Date.now());
    expect([begun.status, begun.body.messageCount]).toEqual([202, 0]);
    const key = begun.headers.get("idempotency-key") ?? "";
    const done = await ask({ "idempotency-key": key });
    expect([done.status, done.body.id, done.body.messageCount]).toEqual([201, begun.body.id, 30]);
  });
});
