import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBTransferStore } from "../../../app/store/dynamodb/transfer.ts";
import { type Client, randomKey, TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
const ndjson = { "content-type": "application/x-ndjson" };

const linesOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** A user with one of everything that an export holds. */
async function populated(): Promise<Client> {
  const user = api.as(randomKey());
  await user.put("/me", { name: "Ada", preferences: { theme: "dark" } });
  await user.put("/me/sessions/phone", { data: { device: 1 } });
  await user.put("/me/state/sidebar", { value: [1, 2] });
  await user.post("/me/tokens", { purpose: "x" });
  for (const [title, count] of [
    ["Short", 3],
    ["Long", 230],
    ["Empty", 0],
  ] as const) {
    const id = await user.conversation(title);
    for (let index = 1; index <= count; index++) {
      const role = index % 2 === 0 ? "assistant" : "user";
      const body = { role, content: `Grüße ${index}\n`, citations: [{ title: "A paper" }] };
      await user.post(`/conversations/${id}/messages`, body);
    }
  }
  const archived = await user.conversation("Archived");
  await user.patch(`/conversations/${archived}`, { state: "archived" });
  const trashed = await user.conversation("Trashed");
  await user.patch(`/conversations/${trashed}`, { state: "trashed" });
  return user;
}

/** What a user sees, but for what an import cannot keep. */
async function view(user: Client) {
  const seen = [];
  for (const state of ["active", "archived", "trashed"]) {
    for (const { id } of await user.all(`/conversations?state=${state}`)) {
      const { body } = await user.get(`/conversations/${id}`);
      const messages = await user.all(`/conversations/${id}/messages`);
      const { updatedAt: _, version: __, olderCursor: ___, ...kept } = body;
      seen.push({ ...kept, messages });
    }
  }
  return seen.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

it("B: exports everything of a user, and imports it into an empty account as it was", async () => {
  const user = await populated();
  const exported = await user.get("/export");
  expect([exported.status, exported.headers.get("content-type")]).toEqual([
    200,
    "application/x-ndjson",
  ]);
  const lines = linesOf(exported.text);
  const counts = Object.groupBy(lines, ({ kind }) => kind);
  expect(lines[0]).toMatchObject({ kind: "export", version: 1 });
  expect(lines.at(-1)).toEqual({ kind: "end" });
  for (const [kind, count] of [
    ["profile", 1],
    ["session", 1],
    ["state", 1],
    ["conversation", 5],
    ["message", 233],
  ] as const) {
    expect([kind, counts[kind]?.length]).toEqual([kind, count]);
  }
  expect(exported.text).not.toContain("TOKEN");

  const other = api.as(randomKey());
  const send = () => other.send("POST", "/import", { body: exported.text, headers: ndjson });
  const first = linesOf((await send()).text);
  expect(first.at(-1).done).toMatchObject({ created: 1 + 1 + 1 + 5 + 233 });
  expect(await view(other)).toEqual(await view(user));
  expect((await other.get("/me")).body).toMatchObject({
    name: "Ada",
    preferences: { theme: "dark" },
  });
  const second = linesOf((await send()).text);
  expect(second.at(-1).done).toMatchObject({ exists: 1 + 1 + 1 + 5 + 233 });
  expect(await view(other)).toEqual(await view(user));
  await other.say((await view(other))[0]?.id, "goes on");
}, 60_000);

it("B: resumes an export behind each of its cursors, and misses nothing", async () => {
  const user = await populated();
  const whole = linesOf((await user.get("/export")).text);
  const kept = (lines: { kind: string }[]) =>
    lines.filter(({ kind }) => kind === "conversation" || kind === "message");
  let cursors = 0;
  for (const [index, line] of whole.entries()) {
    if (line.kind !== "cursor") continue;
    cursors++;
    const rest = linesOf((await user.get(`/export?cursor=${line.cursor}`)).text);
    expect(kept([...whole.slice(0, index), ...rest])).toEqual(kept(whole));
    expect(rest.at(-1)).toEqual({ kind: "end" });
  }
  expect(cursors).toBeGreaterThan(6);
  const stolen = whole.find(({ kind }) => kind === "cursor").cursor;
  expect((await api.as("mallory").get(`/export?cursor=${stolen}`)).status).toBe(400);
});

it("B: ends an export before its process does, with a cursor to go on", async () => {
  const user = await populated();
  const whole = linesOf((await user.get("/export")).text).filter(({ kind }) => kind !== "cursor");
  const collected = [];
  let query = "";
  for (let requests = 0; collected.at(-1)?.kind !== "end"; requests++) {
    expect(requests).toBeLessThan(20);
    const lines = linesOf(
      (await user.send("GET", `/export${query}`, { deadline: Date.now() + 1 })).text,
    );
    query = `?cursor=${lines.at(-1).cursor}`;
    collected.push(...lines.filter(({ kind }) => kind !== "cursor"));
  }
  expect(collected.slice(1)).toEqual(whole.slice(1));
});

it("B: reads no more of an export than its client takes", async () => {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const meter = new Meter(client);
  const table = {
    client,
    tableName: await createChatTable(api.engine.endpoint),
    now: () => new Date(),
  };
  const conversations = new DynamoDBConversationStore(table);
  const user = randomUUID();
  for (const _ of Array(3)) {
    const id = randomUUID();
    await conversations.create(user, { id, title: "x", modelId: null });
    for (let index = 0; index < 120; index++) await conversations.append(user, id, draft("x"));
  }
  const parts = { conversations, transfers: new DynamoDBTransferStore(table) };
  const response = await api.with(parts).as(user).open("/export");
  const reader = response.body!.getReader();
  meter.take();
  for (let line = 0; line < 20; line++) await reader.read();
  // Headers once, and the first page of the first conversation with its header.
  expect(meter.take().requests.toSorted()).toEqual(["GetItem", "Query", "Query"]);
  await reader.cancel();
  expect(meter.take().requests).toEqual([]);
});

it("B: writes a conversation as Markdown", async () => {
  const user = api.as(randomKey());
  const id = await user.conversation("A  trip\nto Lisbon");
  await user.say(id, "Where to?");
  await user.post(`/conversations/${id}/messages`, {
    role: "assistant",
    modelId: "a-model",
    content: "**Belém**",
    citations: [{ title: "A guide", page: 3, url: "https://example.org/" }],
  });
  const { status, headers, text } = await user.get(`/conversations/${id}/export`);
  expect([status, headers.get("content-type")]).toEqual([200, "text/markdown; charset=utf-8"]);
  expect(text).toMatch(/^# A trip to Lisbon\n\n\*Started .*, 2 messages\*\n\n## User · /);
  expect(text).toMatch(/\n## Assistant \(a-model\) · .*\n\n\*\*Belém\*\*\n/);
  expect(text).toContain("- [1] A guide, page 3 <https://example.org/>\n");
  expect((await api.as("mallory").get(`/conversations/${id}/export`)).status).toBe(404);
});
