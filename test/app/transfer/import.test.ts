import { randomBytes, randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { isOutside, packContents } from "../../../app/store/dynamodb/messages/content.ts";
import { DynamoDBProfileStore } from "../../../app/store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "../../../app/store/dynamodb/records.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBTransferStore } from "../../../app/store/dynamodb/transfer.ts";
import { importLines, type LineReport } from "../../../app/transfer/import.ts";
import { dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";
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

it("B: says of every line what became of it, and imports the others", async () => {
  const user = api.as(randomKey());
  const time = "2026-01-01T00:00:00Z";
  const said = { kind: "message", conversation: "c", role: "user", timestamp: time };
  const body = [
    '{"kind":"conversation","id":"c","title":"x","createdAt":"2026-01-01T00:00:00Z"}',
    "not json",
    JSON.stringify({ kind: "conversation", id: "a#b", title: "x", createdAt: time }),
    JSON.stringify({ ...said, sequence: 1, content: "one" }),
    JSON.stringify({ ...said, sequence: 2, content: "two" }),
    JSON.stringify({ ...said, sequence: 4, content: "four" }),
    JSON.stringify({ ...said, sequence: 1, content: "another" }),
    JSON.stringify({ ...said, sequence: 3, content: "late", timestamp: "2999-01-01T00:00:00Z" }),
    JSON.stringify({ ...said, sequence: 1, conversation: "none", content: "x" }),
    JSON.stringify({ kind: "usage", day: {} }),
    JSON.stringify({ kind: "secret-thing" }),
    "",
    JSON.stringify({ ...said, sequence: 3, content: "three" }),
  ].join("\n");
  const { status, text } = await user.send("POST", "/import", { body, headers: ndjson });
  expect(status).toBe(200);
  const reports = linesOf(text);
  expect(reports.map(({ line, outcome }) => (line ? `${line} ${outcome}` : "done"))).toEqual([
    "1 created",
    "2 refused",
    "3 refused",
    "4 created",
    "5 created",
    "6 gap",
    "7 conflict",
    "8 refused",
    "9 refused",
    "10 skipped",
    "11 refused",
    "13 created",
    "done",
  ]);
  expect(text).not.toMatch(/secret|another|late/);
  const contents = (await user.all("/conversations/c/messages")).map(({ content }) => content);
  expect(contents).toEqual(["one", "two", "three"]);
  const { body: header } = await user.get("/conversations/c");
  expect(header).toMatchObject({ createdAt: "2026-01-01T00:00:00.000Z", messageCount: 3 });
  expect((await user.post("/import", {})).status).toBe(415);
});

it("B: keeps a message of which everything is as long as it may be", async () => {
  const user = api.as(randomKey());
  const time = "2026-01-01T00:00:00.000Z";
  const random = randomBytes(330_000).toString("base64");
  // The longest that stands in the item.
  let [fits, above] = [0, random.length];
  while (above - fits > 50) {
    const middle = Math.floor((fits + above) / 2);
    const [packed] = packContents([{ content: random.slice(0, middle) }]);
    if (packed === undefined || isOutside(packed)) above = middle;
    else fits = middle;
  }
  const content = random.slice(0, fits);
  const message = {
    kind: "message",
    conversation: "c",
    sequence: 1,
    role: "assistant",
    content,
    parts: [
      { type: "text", text: content },
      { type: "data", name: "x", data: random.slice(0, 12_100) },
    ],
    timestamp: time,
    modelId: "m".repeat(128),
    errorMessage: "界".repeat(4_000),
    llmResponseId: "r".repeat(256),
    citations: [...Array(5).fill("界".repeat(4_000)), "x".repeat(4_000), "x".repeat(1_400)].map(
      (quote) => ({ quote }),
    ),
    documents: Array.from({ length: 100 }, (_, index) => String(index).padEnd(64, "d")),
    feedback: { rating: "up", comment: "界".repeat(2_000), timestamp: time },
    editedAt: time,
  };
  expect(Buffer.byteLength(JSON.stringify(message.citations))).toBeGreaterThan(65_400);
  const conversation = { kind: "conversation", id: "c", title: "x", createdAt: time };
  const body = [conversation, message].map((line) => JSON.stringify(line)).join("\n");
  const { text } = await user.send("POST", "/import", { body, headers: ndjson });
  expect(linesOf(text).at(-1)).toEqual({ done: { created: 2 } });
  expect((await user.get("/conversations/c/messages/1")).body.content).toBe(content);
});

it("B: refuses places from which on a conversation would soon be full", async () => {
  const user = api.as(randomKey());
  const createdAt = "2026-01-01T00:00:00Z";
  const full = {
    kind: "conversation",
    id: "c",
    title: "x",
    createdAt,
    firstSequence: 9_999_999_999,
  };
  const body = JSON.stringify(full);
  const { text } = await user.send("POST", "/import", { body, headers: ndjson });
  expect(linesOf(text)).toMatchObject([{ line: 1, outcome: "refused" }, { done: { refused: 1 } }]);
});

describe.each(["dynamodb", "s3"] as const)("an import into %s", (history) => {
  it("B: counts as read what is there, and nothing that is yet to come", async () => {
    const user = api.with(dependenciesOn(api.table, () => {}, history)).as(randomKey());
    const time = "2026-01-01T00:00:00Z";
    const conversation = { kind: "conversation", title: "x", createdAt: time };
    const said = { kind: "message", role: "user", timestamp: time, content: "x" };
    const send = async (...lines: object[]) => {
      const body = lines.map((line) => JSON.stringify(line)).join("\n");
      expect((await user.send("POST", "/import", { body, headers: ndjson })).status).toBe(200);
    };
    const read = async (id: string) => {
      const { lastReadSequence, unreadCount } = (await user.get(`/conversations/${id}`)).body;
      return [lastReadSequence, unreadCount];
    };
    await send(
      { ...conversation, id: "all", lastReadSequence: 1e15 },
      { ...conversation, id: "some", lastReadSequence: 3 },
      { ...conversation, id: "cleared", lastReadSequence: 1, firstSequence: 5 },
    );
    expect(await read("all")).toEqual([0, 0]);
    expect(await read("cleared")).toEqual([4, 0]);
    for (const sequence of [1, 2, 3, 4]) {
      const messages = ["all", "some"].map((conversation) => ({ ...said, conversation, sequence }));
      await send(...messages);
    }
    expect(await read("all")).toEqual([4, 0]);
    expect(await read("some")).toEqual([3, 1]);
    const answer = { role: "assistant", content: "an answer" };
    await user.post("/conversations/all/messages", answer);
    expect(await read("all")).toEqual([4, 1]);
  });
});

it("B: takes no time from the future, and no life beyond what the API gives", async () => {
  const user = api.as(randomKey());
  const time = "2026-01-01T00:00:00Z";
  const future = "9000-01-01T00:00:00Z";
  const said = { kind: "message", conversation: "c", role: "user", timestamp: time, content: "x" };
  const conversation = { kind: "conversation", id: "c", title: "x", createdAt: time };
  const lines = [
    conversation,
    { ...said, sequence: 1, editedAt: future },
    { ...said, sequence: 1, feedback: { rating: "up", comment: null, timestamp: future } },
    { ...conversation, id: "trashed", state: "trashed", purgeAt: future },
    { ...conversation, id: "old", createdAt: "2009-12-31T23:59:59Z" },
    { kind: "session", name: "brief", value: 1, expiresAt: future },
    { kind: "session", name: "endless", value: 1, expiresAt: null },
    { kind: "state", name: "long", value: 1, expiresAt: future },
    { kind: "state", name: "endless", value: 1, expiresAt: null },
  ];
  const body = lines.map((line) => JSON.stringify(line)).join("\n");
  const { text } = await user.send("POST", "/import", { body, headers: ndjson });
  expect(linesOf(text).map(({ outcome, reason }) => reason ?? outcome)).toEqual([
    "created",
    "is from the future",
    "is from the future",
    "created",
    "createdAt: is before 2010-01-01",
    ...Array(4).fill("created"),
    undefined,
  ]);
  const daysLeft = (at: string) =>
    Math.round((Date.parse(at) - api.table.now().getTime()) / (24 * 60 * 60 * 1000));
  const daysOf = async (path: string, field: string) =>
    daysLeft((await user.get(path)).body[field]);
  expect(await daysOf("/conversations/trashed", "purgeAt")).toBe(30);
  expect(await daysOf("/me/sessions/brief", "expiresAt")).toBe(90);
  expect(await daysOf("/me/sessions/endless", "expiresAt")).toBe(7);
  expect(await daysOf("/me/state/long", "expiresAt")).toBe(400);
  expect((await user.get("/me/state/endless")).body.expiresAt).toBeNull();
});

it("B: takes 3 MB of lines, and no more", async () => {
  const user = api.as(randomKey());
  const line = `${JSON.stringify({ kind: "usage", filling: "x".repeat(1000) })}\n`;
  const fits = line.repeat(Math.floor(3_000_000 / line.length));
  expect((await user.send("POST", "/import", { body: fits, headers: ndjson })).status).toBe(200);
  const tooLarge = await user.send("POST", "/import", { body: `${fits}${line}`, headers: ndjson });
  expect(tooLarge.status).toBe(413);
});

it("B: stops before the function's time is up, and says from which line to go on", async () => {
  const user = api.as(randomKey());
  const lines = ["a", "b", "c"].map((id) =>
    JSON.stringify({ kind: "conversation", id, title: id, createdAt: "2026-01-01T00:00:00Z" }),
  );
  const send = async (from: number, deadline?: number) => {
    const body = lines.slice(from - 1).join("\n");
    const { text } = await user.send("POST", "/import", { body, headers: ndjson, deadline });
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  expect(await send(1, Date.now() + 1)).toEqual([{ next: 1 }]);
  expect((await send(1)).at(-1)).toEqual({ done: { created: 3 } });
});

/** The parts of an import, in a process that dies before, or right after, its n-th write. */
function partsOf(tableName: string, diesAt = Number.POSITIVE_INFINITY, when = "before") {
  const client = documentClient(engineConfig(api.engine.endpoint));
  let writes = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (/Get|Query/.test(context.commandName ?? "")) return next(args);
      const write = ++writes;
      if (write > diesAt || (write === diesAt && when === "before")) throw new Error("crashed");
      const result = await next(args);
      if (write === diesAt) throw new Error("crashed");
      return result;
    },
    { step: "initialize", name: "mortal" },
  );
  const table = { client, tableName, now: () => new Date() };
  return {
    conversations: new DynamoDBConversationStore(table),
    transfers: new DynamoDBTransferStore(table),
    profiles: new DynamoDBProfileStore(table),
    records: new DynamoDBRecordStore(table),
    now: table.now,
    writes: () => writes,
  };
}

it("B: repeats an import that died at any write, and has each line once", async () => {
  const source = [
    { kind: "profile", name: "Ada" },
    { kind: "state", name: "s", value: 1 },
    ...["a", "b"].flatMap((id) => [
      { kind: "conversation", id, title: id, createdAt: "2026-01-01T00:00:00Z" },
      ...Array.from({ length: 30 }, (_, index) => ({
        kind: "message",
        conversation: id,
        sequence: index + 1,
        role: "user",
        content: `${index}`,
        timestamp: "2026-01-01T00:00:00Z",
      })),
    ]),
  ];
  const text = source.map((line) => JSON.stringify(line)).join("\n");
  const run = async (parts: ReturnType<typeof partsOf>, user: string) => {
    const reports: LineReport[] = [];
    for await (const report of importLines(parts, user, text)) {
      if ("line" in report) reports.push(report);
    }
    return reports;
  };
  const tableName = await createChatTable(api.engine.endpoint);
  const healthy = partsOf(tableName);
  await run(healthy, randomUUID());
  const steps = healthy.writes();
  expect(steps).toBeGreaterThanOrEqual(8);
  for (let diesAt = 1; diesAt <= steps; diesAt++) {
    for (const when of ["before", "after"]) {
      const user = randomUUID();
      await expect(run(partsOf(tableName, diesAt, when), user)).rejects.toThrow("crashed");
      const again = await run(healthy, user);
      expect(new Set(again.map(({ outcome }) => outcome)).has("refused")).toBe(false);
      for (const id of ["a", "b"]) {
        const page = { limit: 100, order: "asc" } as const;
        const { items } = await healthy.conversations.messages(user, id, page);
        expect(items.map(({ content }) => content)).toEqual(
          Array.from({ length: 30 }, (_, index) => `${index}`),
        );
        expect((await healthy.conversations.get(user, id)).messageCount).toBe(30);
      }
    }
  }
}, 60_000);

it("B: imports any part of the lines in any order, and at last all of them", async () => {
  const tableName = await createChatTable(api.engine.endpoint);
  const parts = partsOf(tableName);
  const messages = Array.from({ length: 12 }, (_, index) => ({
    kind: "message",
    conversation: "c",
    sequence: index + 1,
    role: "user",
    content: `${index}`,
    timestamp: "2026-01-01T00:00:00Z",
  }));
  const header = { kind: "conversation", id: "c", title: "c", createdAt: "2026-01-01T00:00:00Z" };
  const whole = [header, ...messages];
  const part = fc.shuffledSubarray(whole, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (attempts) => {
      const user = randomUUID();
      for (const lines of [...attempts, whole]) {
        const text = lines.map((line) => JSON.stringify(line)).join("\n");
        await Array.fromAsync(importLines(parts, user, text));
      }
      const { items } = await parts.conversations.messages(user, "c", { limit: 50, order: "asc" });
      expect(items.map(({ content }) => content)).toEqual(messages.map(({ content }) => content));
    }),
    { numRuns: 30 },
  );
}, 60_000);

it("B: imports 25 messages in one transaction of 2 units each, 4 for the header", async () => {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const meter = new Meter(client);
  const tableName = await createChatTable(api.engine.endpoint);
  const transfers = new DynamoDBTransferStore({ client, tableName, now: () => new Date() });
  const imported = {
    id: "c",
    title: "x",
    modelId: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    state: "active",
    purgeAt: null,
    lastReadSequence: 0,
  } as const;
  await transfers.importConversation("alice", imported);
  expect(meter.take().writes).toEqual({ table: 1, "by-recency": 1, "by-creation": 1 });
  const messages = Array.from({ length: 25 }, (_, index) => ({
    ...draft("x"),
    id: `${index + 1}`,
    sequence: index + 1,
    timestamp: "2026-01-01T00:00:00.000Z",
    stopReason: null,
    usage: null,
    feedback: null,
    editedAt: null,
    documents: [],
  }));
  await transfers.importMessages("alice", "c", messages);
  expect(meter.take()).toEqual({
    requests: ["GetItem", "TransactWriteItems"],
    writes: { table: 2 * 25 + 2, "by-recency": 2 },
    reads: { table: 1 },
  });
});
