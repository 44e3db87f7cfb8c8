import { expect, it } from "vitest";
import type { Quotas } from "../../../app/chat/quotas.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBUsageStore } from "../../../app/store/dynamodb/usage.ts";
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

it("counts for one write unit and looks for half a read unit, on the last day of a long month too", async () => {
  const { clock, client, usage } = await prepare({}, "2026-12-01T00:00:00Z");
  const meter = new Meter(client);
  for (let day = 1; day <= 31; day++) {
    await usage.add("alice", { inputTokens: 12_345_678, outputTokens: 1_234_567 });
    expect(meter.take()).toEqual({ requests: ["UpdateItem"], writes: { table: 1 }, reads: {} });
    expect(await usage.get("alice")).toMatchObject({
      day: { inputTokens: 12_345_678 },
      month: { inputTokens: day * 12_345_678 },
    });
    expect(meter.take()).toEqual({ requests: ["GetItem"], writes: {}, reads: { table: 0.5 } });
    clock.time += 24 * 3600 * 1000;
  }
});
