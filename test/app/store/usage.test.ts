import { expect, it } from "vitest";
import type { Quotas } from "../../../app/chat/quotas.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { creationIndex } from "../../../app/resources/table.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBUsageStore } from "../../../app/store/dynamodb/usage.ts";
import type { Totals } from "../../../app/store/usage-store.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { Pacer } from "../../../testing/app/pacer.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();

/** A user whose usage is counted by a clock of this test. */
async function prepare(quotas: Quotas = {}, start = "2026-11-20T12:00:00Z") {
  const clock = { time: Date.parse(start) };
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const usage = new DynamoDBUsageStore({ client, tableName, now: () => new Date(clock.time) });
  const pacer = new Pacer(Number.POSITIVE_INFINITY);
  const models = embeddedModels(pacer.pace);
  const user = api.with({ usage, quotas, models }).as(randomKey());
  const id = await user.conversation();
  const ask = (content: string, headers?: Record<string, string>) =>
    user.post(`/conversations/${id}/chat`, { content }, headers);
  return { clock, client, usage, pacer, user, id, ask };
}

it("counts the tokens of each user by day and by month, in UTC", async () => {
  const { clock, user, ask } = await prepare();
  const sum = { inputTokens: 0, outputTokens: 0 };
  for (const content of ["one", "two", "/fail 3"]) {
    const { usage } = (await ask(content)).body;
    sum.inputTokens += usage.inputTokens;
    sum.outputTokens += usage.outputTokens;
  }
  expect(sum.outputTokens).toBeGreaterThan(0);
  const unlimited = { limit: null };
  expect((await user.get("/me/usage")).body).toEqual({
    day: { period: "2026-11-20", endsAt: "2026-11-21T00:00:00.000Z", ...sum, ...unlimited },
    month: { period: "2026-11", endsAt: "2026-12-01T00:00:00.000Z", ...sum, ...unlimited },
  });
  clock.time += 24 * 3600 * 1000;
  expect((await user.get("/me/usage")).body).toMatchObject({
    day: { period: "2026-11-21", inputTokens: 0, outputTokens: 0 },
    month: sum,
  });
  clock.time += 11 * 24 * 3600 * 1000;
  expect((await user.get("/me/usage")).body.month).toMatchObject({
    period: "2026-12",
    inputTokens: 0,
  });
});

it("refuses with 429 until the day or the month ends, before the model is asked", async () => {
  const cases = [
    [{ tokensPerDay: 5 }, "2026-11-20T23:59:00Z", "60"],
    [{ tokensPerMonth: 5 }, "2026-11-30T22:00:00Z", "7200"],
    // Both are spent: tomorrow there is still nothing.
    [{ tokensPerDay: 5, tokensPerMonth: 5 }, "2026-11-29T00:00:00Z", `${2 * 24 * 3600}`],
  ] as const;
  for (const [quotas, start, seconds] of cases) {
    const { clock, pacer, user, id, ask } = await prepare(quotas, start);
    const key = { "idempotency-key": randomKey() };
    const last = await ask("x", key);
    expect(last.status).toBe(200);
    const asked = pacer.asked;
    for (const refused of [
      await ask("y"),
      await ask("y", { accept: "text/event-stream" }),
      await user.post(`/conversations/${id}/regenerate`, {}),
    ]) {
      expect([refused.status, refused.body.type]).toEqual([
        429,
        "urn:chatstack:problem:quota-exceeded",
      ]);
      expect(refused.headers.get("retry-after")).toBe(seconds);
    }
    expect(pacer.asked).toBe(asked);
    // What was answered before may be had again.
    expect((await ask("x", key)).text).toBe(last.text);
    expect(await user.all(`/conversations/${id}/messages`)).toHaveLength(2);
    clock.time += Number(seconds) * 1000;
    expect((await ask("z")).status).toBe(200);
  }
});

it("tells of each answer what is left of the quotas, and of a refusal too", async () => {
  const { clock, user, ask, usage } = await prepare(
    { tokensPerDay: 5_000, tokensPerMonth: 100_000 },
    "2026-11-20T23:00:00Z",
  );
  const policy =
    '"tokens-per-day";q=5000;w=86400;qu="tokens", "tokens-per-month";q=100000;w=2592000;qu="tokens"';
  const left = ({ headers }: { headers: Headers }) => {
    expect(headers.get("ratelimit-policy")).toBe(policy);
    const text = headers.get("ratelimit") ?? "";
    const [, day, dayEnd, month, monthEnd] =
      /^"tokens-per-day";r=(\d+);t=(\d+), "tokens-per-month";r=(\d+);t=(\d+)$/.exec(text) ?? [];
    return [day, dayEnd, month, monthEnd].map(Number);
  };
  const key = { "idempotency-key": randomKey() };
  const first = await ask("x", key);
  // What the answer may take at most is held while it is made.
  const held = 5_000 - (left(first)[0] ?? 0);
  expect(held).toBeGreaterThan(first.body.usage.outputTokens);
  expect(left(first)).toEqual([5_000 - held, 3_600, 100_000 - held, 10 * 86_400 + 3_600]);
  const second = await ask("x", { accept: "text/event-stream" });
  const { inputTokens, outputTokens } = first.body.usage;
  const taken = inputTokens + outputTokens;
  expect(left(second)[0]).toBeLessThan(5_000 - taken);
  // Nothing was asked for.
  expect((await ask("x", key)).headers.get("ratelimit")).toBeNull();

  const { id } = (await user.get("/me")).body;
  await usage.add(id, { inputTokens: 100_000, outputTokens: 0 });
  const refused = await ask("y");
  expect(refused.status).toBe(429);
  expect(left(refused)).toEqual([0, 3_600, 0, 10 * 86_400 + 3_600]);
  clock.time += 12 * 86_400_000;
  expect((await ask("z")).headers.get("ratelimit-policy")).toContain("w=2678400");
});

it("tells nothing of quotas where there are none", async () => {
  const { headers } = await (await prepare()).ask("x");
  expect([headers.get("ratelimit"), headers.get("ratelimit-policy")]).toEqual([null, null]);
});

it("shows the quotas beside what was taken", async () => {
  const { user } = await prepare({ tokensPerDay: 100, tokensPerMonth: 1_000 });
  expect((await user.get("/me/usage")).body).toMatchObject({
    day: { limit: 100 },
    month: { limit: 1_000 },
  });
});

it("gives the answer even if it could not be counted, and says so in the log", async () => {
  const { user, id, client } = await prepare();
  client.middlewareStack.add(
    () => async () => {
      throw new Error("down: secret");
    },
    { step: "initialize", name: "down" },
  );
  api.log.length = 0;
  expect((await user.post(`/conversations/${id}/chat`, { content: "x" })).status).toBe(200);
  expect(api.log).toContainEqual(expect.objectContaining({ level: "ERROR", error: "Error" }));
  expect(JSON.stringify(api.log)).not.toContain("secret");
});

it("goes on, and counts what was sent, after any number of answers whose process died in a day", async () => {
  const { clock, usage } = await prepare();
  const tokens = { inputTokens: 3, outputTokens: 1 };
  const ask = { tokens, perDay: 1_000, perMonth: 1_000, lifeMs: 1_000 };
  const users = [randomKey(), randomKey()] as const;
  for (const user of users) {
    for (let index = 0; index < 80; index++) await usage.reserve(user, ask);
  }
  clock.time += 24 * 3600 * 1000;
  const [alice, bob] = users;
  expect(await usage.reserve(alice, ask)).toMatchObject({ taken: { month: { tokens: 244 } } });
  expect((await usage.get(alice)).month).toMatchObject({ inputTokens: 240, outputTokens: 0 });
  const refused = await usage.reserve(bob, { ...ask, perMonth: 240 });
  expect(refused).toMatchObject({ refused: { month: { inputTokens: 240 } } });
});

it("counts for one write unit and looks for half a read unit, on the last day of a long month too", async () => {
  const { clock, client, usage } = await prepare({}, "2026-12-01T00:00:00Z");
  const meter = new Meter(client);
  for (let day = 1; day <= 31; day++) {
    await usage.add("alice", { inputTokens: 12_345_678, outputTokens: 1_234_567 });
    const writes = { table: 1, ...(day === 1 && { [creationIndex.name]: 1 }) };
    expect(meter.take()).toEqual({ requests: ["UpdateItem"], writes, reads: {} });
    expect(await usage.get("alice")).toMatchObject({
      day: { inputTokens: 12_345_678 },
      month: { inputTokens: day * 12_345_678 },
    });
    expect(meter.take()).toEqual({ requests: ["GetItem"], writes: {}, reads: { table: 0.5 } });
    clock.time += 24 * 3600 * 1000;
  }
});

it("sums up what all users took and began, day by day and page by page, by what it counted alone", async () => {
  const { clock, client, usage } = await prepare({}, "2026-11-20T12:00:00Z");
  const add = async (name: string, inputTokens: number) =>
    usage.add(name, { inputTokens, outputTokens: 1 });
  for (let index = 0; index < 12; index++) await add(`user-${index}`, 10);
  await add("user-0", 5);
  clock.time += 24 * 3600 * 1000;
  await add("user-1", 7);
  const meter = new Meter(client);
  const pages: Totals[] = [];
  let after: string | undefined;
  do {
    const page = await usage.totals("2026-11", { limit: 5, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  // By half a unit a user, and for each of 16 shards.
  expect(meter.take().requests).not.toContain("Scan");
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.reduce((sum, { users }) => sum + users, 0)).toBe(12);
  const sum = (of: string, key: "users" | "answers" | "inputTokens" | "outputTokens") =>
    pages
      .flatMap(({ days }) => days.filter(({ day }) => day === of))
      .reduce((total, day) => total + day[key], 0);
  expect(sum("2026-11-20", "users")).toBe(12);
  expect(sum("2026-11-20", "answers")).toBe(13);
  expect(sum("2026-11-20", "inputTokens")).toBe(125);
  expect(sum("2026-11-21", "users")).toBe(1);
  expect(sum("2026-11-21", "inputTokens")).toBe(7);
  expect(await usage.totals("2026-10", { limit: 5 })).toEqual({ users: 0, days: [], stored: [] });
});

it("tells administrators the totals of the tenant: answers, tokens and conversations", async () => {
  const month = "2026-11";
  const admin = api.as(randomKey(), { "cognito:groups": "admins" });
  const totals = async () => {
    const { body } = await admin.get(`/admin/totals?month=${month}&limit=500`);
    expect(body.nextCursor).toBeNull();
    const { day: _, ...today } = body.days.at(-1) ?? {};
    return { answers: 0, conversations: 0, inputTokens: 0, outputTokens: 0, users: 0, ...today };
  };
  const before = await totals();
  const user = api.as(randomKey());
  const id = await user.conversation();
  const { usage } = (await user.post(`/conversations/${id}/chat`, { content: "x" })).body;
  expect(await totals()).toEqual({
    answers: before.answers + 1,
    conversations: before.conversations + 1,
    inputTokens: before.inputTokens + usage.inputTokens,
    outputTokens: before.outputTokens + usage.outputTokens,
    users: before.users + 1,
  });
});
