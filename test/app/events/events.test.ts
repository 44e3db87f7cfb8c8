import { expect, it } from "vitest";
import { EventBus, EventRefused, type PutEvent } from "../../../app/events/event-bus.ts";
import { eventDetails, eventSource } from "../../../app/events/events.ts";
import { documentsWithEvents, withEvents } from "../../../app/events/with-events.ts";
import { DynamoDBDocumentStore } from "../../../app/store/dynamodb/documents.ts";
import { claimsOf, dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();

type Entry = Parameters<PutEvent>[0];

/** A tenant whose bus keeps what it is told; `fail` refuses what comes next. */
function tenant(history: "dynamodb" | "s3" = "dynamodb", quotas = {}) {
  const entries: Entry[] = [];
  const bus = { fail: undefined as Error | undefined, delayMs: 0 };
  const events = new EventBus({
    tenant: "acme",
    busName: "acme-events",
    log: (entry) => api.log.push(entry),
    put: async (entry, signal) => {
      if (bus.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, bus.delayMs));
      signal.throwIfAborted();
      if (bus.fail !== undefined) throw bus.fail;
      entries.push(entry);
    },
  });
  const ports = { ...dependenciesOn(api.table, (entry) => api.log.push(entry), history), quotas };
  const told = withEvents(ports, events);
  const user = api.with(told).as(randomKey());
  const details = async () => {
    await events.ended();
    return entries.map(({ DetailType, Detail = "" }) => [DetailType, JSON.parse(Detail)] as const);
  };
  return { bus, entries, events, user, details };
}

it.each([
  "dynamodb",
  "s3",
] as const)("tells of conversations and answers as their schema says, and of no word in them: %s", async (history) => {
  const { user, entries, details } = tenant(history);
  const id = await user.conversation("secret title");
  const key = { "idempotency-key": randomKey() };
  await user.post(`/conversations/${id}/chat`, { content: "secret words" }, key);
  // Done before: nothing happened.
  await user.post(`/conversations/${id}/chat`, { content: "secret words" }, key);
  const again = await user.post(`/conversations/${id}/regenerate`, {});
  expect(again.status).toBe(200);

  const told = await details();
  const userId = (await user.get("/me")).body.id;
  expect(told).toEqual([
    ["Conversation Created", expect.objectContaining({ user: userId, conversation: id })],
    ["Turn Saved", expect.objectContaining({ conversation: id, isReplacement: false })],
    ["Turn Saved", expect.objectContaining({ conversation: id, isReplacement: true })],
  ]);
  const { usage, modelId, timestamp } = again.body.assistantMessage;
  expect(told[2]?.[1]).toMatchObject({ usage, model: modelId, at: timestamp, sequence: 2 });
  for (const [type, detail] of told) {
    expect(eventDetails[type as keyof typeof eventDetails].parse(detail)).toEqual(detail);
    expect(detail.tenant).toBe("acme");
  }
  expect(new Set(told.map(([, { id: each }]) => each)).size).toBe(told.length);
  expect(
    entries.every(
      ({ Source, EventBusName }) => Source === eventSource && EventBusName === "acme-events",
    ),
  ).toBe(true);
  expect(JSON.stringify(entries)).not.toContain("secret");
});

it("tells of a conversation that was copied or imported, and once of each", async () => {
  const { user, details } = tenant();
  const id = await user.conversation();
  await user.post(`/conversations/${id}/messages`, { role: "user", content: "x" });
  const key = { "idempotency-key": randomKey() };
  const copy = () => user.post(`/conversations/${id}/copy`, { through: "1" }, key);
  const { id: copied } = (await copy()).body;
  await copy();
  const body = (await user.get("/export")).text.replaceAll(id, "imported");
  const headers = { "content-type": "application/x-ndjson" };
  for (const _ of [1, 2]) await user.send("POST", "/import", { body, headers });
  const told = await details();
  expect(told.map(([type, { conversation }]) => [type, conversation])).toEqual(
    [id, copied, "imported"].map((each) => ["Conversation Created", each]),
  );
  for (const [, detail] of told) eventDetails["Conversation Created"].parse(detail);
});

it("tells once that a document is ready, however often it is completed", async () => {
  const { events, details } = tenant();
  const documents = documentsWithEvents(
    new DynamoDBDocumentStore(api.table),
    events,
    () => new Date(),
  );
  const user = randomKey();
  const draft = {
    id: "d1",
    name: "secret.txt",
    type: "text/plain",
    size: 3,
    status: "pending",
    createdAt: new Date().toISOString(),
    pages: null,
    passages: null,
  } as const;
  await documents.add(user, draft, new Date(Date.now() + 60_000));
  await documents.begin(user, "d1");
  await documents.finish(user, "d1", { status: "ready", pages: 2, passages: 1 });
  await documents.finish(user, "d1", { status: "ready", pages: 2, passages: 1 }).catch(() => {});
  const told = await details();
  expect(told).toEqual([
    ["Document Ready", expect.objectContaining({ user, document: "d1", size: 3, pages: 2 })],
  ]);
  expect(eventDetails["Document Ready"].parse(told[0]?.[1])).toEqual(told[0]?.[1]);
  expect(JSON.stringify(told)).not.toContain("secret");
});

it("tells once of a user and a period that a quota is reached", async () => {
  const { user, details } = tenant("dynamodb", { tokensPerDay: 1 });
  const id = await user.conversation();
  const ask = () => user.post(`/conversations/${id}/chat`, { content: "x" });
  expect((await ask()).status).toBe(200);
  for (const _ of [1, 2]) expect((await ask()).status).toBe(429);
  const told = (await details()).filter(([type]) => type === "Quota Reached");
  expect(told).toHaveLength(1);
  expect(eventDetails["Quota Reached"].parse(told[0]?.[1])).toMatchObject({ limit: 1 });
});

it("answers as without a bus when the bus fails or hangs, and logs what was lost without its words", async () => {
  const { user, bus, events, entries } = tenant();
  api.log.length = 0;
  bus.fail = new EventRefused("secret reason");
  const id = await user.conversation();
  await events.ended();
  expect(api.log).toContainEqual(
    expect.objectContaining({
      level: "ERROR",
      error: "EventRefused",
      event: "Conversation Created",
    }),
  );
  bus.fail = undefined;
  bus.delayMs = 1_500;
  const start = performance.now();
  expect((await user.post(`/conversations/${id}/chat`, { content: "x" })).status).toBe(200);
  expect(performance.now() - start).toBeLessThan(1_400);
  expect(entries).toEqual([]);
  await events.ended();
  expect(entries).toHaveLength(1);
  expect(JSON.stringify(api.log)).not.toContain("secret");
});

it("tells of an erasure before its receipt says complete, and again until the bus has taken it", async () => {
  const { user, bus, details } = tenant();
  await user.conversation();
  bus.fail = new EventRefused("down");
  expect((await user.delete("/me")).body).toMatchObject({ completedAt: null });
  bus.fail = undefined;
  const { body } = await user.delete("/me");
  expect(body.completedAt).not.toBeNull();
  const told = (await details()).filter(([type]) => type === "User Erased");
  expect(told).toEqual([
    ["User Erased", expect.objectContaining({ erasure: body.id, isSettled: false })],
  ]);
  expect(eventDetails["User Erased"].parse(told[0]?.[1])).toEqual(told[0]?.[1]);
});

it("gives an event that is sent twice the same id", async () => {
  const { events, details } = tenant();
  const { sub } = claimsOf("alice");
  const detail = { user: sub, erasure: "e", isSettled: false };
  for (const at of ["2026-11-20T12:00:00.000Z", "2026-11-20T13:00:00.000Z"]) {
    events.tell({ type: "User Erased", detail: { ...detail, at } });
  }
  const [one, other] = (await details()).map(([, { id }]) => id);
  expect(one).toBe(other);
});
