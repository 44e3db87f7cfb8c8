import { setImmediate as tick } from "node:timers/promises";
import { expect, it } from "vitest";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { eventsOf, textOf } from "../../../testing/app/events.ts";
import { eventOf, type Invocation, invoke, parse } from "../../../testing/app/lambda.ts";
import { Pacer } from "../../../testing/app/pacer.ts";

/** Chats through the streaming Lambda entry, with a model that says a word when it is told to. */
const api = TestApi.forThisFile();

async function prepare(allowed = 0) {
  const pacer = new Pacer(allowed);
  const { app, as } = api.with({ models: embeddedModels(pacer.pace) });
  const alice = as("alice");
  const id = await alice.conversation();
  const start = (content: string, headers: Record<string, string> = {}, msLeft?: number) => {
    const given = { "content-type": "application/json", accept: "text/event-stream", ...headers };
    return invoke(
      app,
      eventOf("POST", `/conversations/${id}/chat`, {
        body: JSON.stringify({ content }),
        multiValueHeaders: Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, [value]]),
        ),
      }),
      msLeft === undefined ? undefined : { getRemainingTimeInMillis: () => msLeft },
    );
  };
  const saved = () => alice.all(`/conversations/${id}/messages`);
  return { pacer, alice, id, start, saved };
}

/** Takes chunks until the text that they hold ends as expected. */
async function takeUntil(invocation: Invocation, end: string): Promise<string> {
  let taken = "";
  while (!taken.includes(end)) taken += Buffer.from(await invocation.take()).toString();
  return taken;
}

it("streams the first token before the model has ended", async () => {
  const { pacer, start, saved } = await prepare();
  const invocation = start("/words 3");
  await pacer.untilAsked(1);
  pacer.allow(1);
  const first = await takeUntil(invocation, "word1 ");
  expect(first).not.toContain("word2");
  expect(await saved()).toEqual([]);
  pacer.allow(2);
  const rest = (await invocation.rest()).toString();
  expect(rest).toContain("event: done");
  expect((await saved()).map(({ content }) => content)).toEqual(["/words 3", "word1 word2 word3 "]);
});

it("stops the model and saves what it produced when the client goes away", async () => {
  for (const error of [undefined, new Error("reset")]) {
    const { pacer, start, saved } = await prepare(2);
    const invocation = start("/endless");
    await takeUntil(invocation, "word1 ");
    await pacer.untilAsked(3);
    invocation.stream.destroy(error);
    // Lambda freezes the process when the handler is done: by then all must be saved.
    await invocation.done;
    const [question, answer] = await saved();
    expect(pacer.aborted).toBe(1);
    expect(pacer.asked).toBe(3);
    expect(question).toMatchObject({ content: "/endless" });
    expect(answer).toMatchObject({
      content: "word1 word2 ",
      stopReason: "aborted",
      isError: false,
    });
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
  }
});

it("stops the model when a client that waits for one JSON answer goes away", async () => {
  const { pacer, start, saved } = await prepare(2);
  const invocation = start("/endless", { accept: "application/json" });
  await pacer.untilAsked(3);
  invocation.stream.destroy();
  await invocation.done;
  expect(pacer.aborted).toBe(1);
  expect((await saved())[1]).toMatchObject({ content: "word1 word2 ", stopReason: "aborted" });
});

it("gives what was saved to the client that comes back, and lets it ask again", async () => {
  const { start, pacer, alice, id, saved } = await prepare(1);
  const key = { "idempotency-key": randomKey() };
  const invocation = start("/endless", key);
  const seen = await takeUntil(invocation, "word1 ");
  pacer.allow(1);
  await pacer.untilAsked(3);
  invocation.stream.destroy();
  await invocation.done;
  const last = eventsOf(parse(Buffer.from(seen)).body.toString()).at(-1)?.id ?? "";
  const resumed = start("/endless", { ...key, "last-event-id": last });
  const events = eventsOf(parse(await resumed.rest()).body.toString());
  expect(textOf(events, "word1 ")).toBe("word1 word2 ");
  expect(events.at(-2)?.data.assistantMessage).toMatchObject({ stopReason: "aborted" });
  pacer.allow(100);
  await alice.post(`/conversations/${id}/regenerate`, { content: "/words 3" });
  expect((await saved()).map(({ content }) => content)).toEqual(["/words 3", "word1 word2 word3 "]);
});

it("continues a running answer for a second request of the same key, whoever leaves first", async () => {
  const { pacer, start, saved } = await prepare(2);
  const key = { "idempotency-key": randomKey() };
  const first = start("/words 4", key);
  await takeUntil(first, "word1 ");
  await pacer.untilAsked(3);
  const second = start("/words 4", { ...key, "last-event-id": "6" });
  const joined = await takeUntil(second, "word2 ");
  expect(joined).toContain('"idempotency-replayed":"true"');
  expect(joined).not.toContain("word1");
  first.stream.destroy();
  await first.done;
  expect(pacer.aborted).toBe(0);
  pacer.allow(2);
  const events = eventsOf((await second.rest()).toString());
  expect(textOf(events, "word1 word2 ")).toBe("word1 word2 word3 word4 ");
  expect((await saved()).map(({ stopReason }) => stopReason)).toEqual([null, "complete"]);
});

it("stops for no single reader, but when the last one leaves", async () => {
  const { pacer, start, saved } = await prepare(1);
  const key = { "idempotency-key": randomKey() };
  const invocations = [start("/endless", key), start("/endless", key)];
  for (const invocation of invocations) await takeUntil(invocation, "word1 ");
  for (const [index, invocation] of invocations.entries()) {
    expect([index, pacer.aborted]).toEqual([index, 0]);
    invocation.stream.destroy();
    await invocation.done;
  }
  expect(pacer.aborted).toBe(1);
  expect(await saved()).toHaveLength(2);
});

it("lets the model run no further ahead than a slow reader can hold, and holds the answer once", async () => {
  const { pacer, start, saved } = await prepare(Number.POSITIVE_INFINITY);
  const invocation = start("/words 20000");
  await invocation.take();
  const askedAfterAWhile = async () => {
    for (let turn = 0; turn < 3_000; turn++) await tick();
    return pacer.asked;
  };
  const held = await askedAfterAWhile();
  // 16 Ki characters of about 9 each, and what the stream's own buffers took.
  expect(held).toBeLessThan(8_000);
  expect(await askedAfterAWhile()).toBe(held);
  invocation.stream.destroy();
  await invocation.done;
  expect((await saved())[1].content.length).toBeLessThan(8_000 * 10);
});

it("sends a whole long answer to a slow reader, piece by piece", async () => {
  const { start, saved } = await prepare(Number.POSITIVE_INFINITY);
  const invocation = start("/words 20000");
  const { body } = parse(await invocation.rest());
  const [, answer] = await saved();
  expect(textOf(eventsOf(body.toString()))).toBe(answer.content);
  expect(answer.content.endsWith("word20000 ")).toBe(true);
});

it("ends an answer that would be larger than a message may be", async () => {
  const { start, saved } = await prepare(Number.POSITIVE_INFINITY);
  await start("/endless").rest();
  const [, answer] = await saved();
  expect(answer.stopReason).toBe("length");
  expect(Buffer.byteLength(answer.content)).toBeLessThanOrEqual(256 * 1024);
  expect(Buffer.byteLength(answer.content)).toBeGreaterThan(255 * 1024);
});

it("saves what there is before Lambda's time is up, and says that it is a part", async () => {
  const { pacer, start, saved } = await prepare(2);
  const invocation = start("/endless", {}, 5_050);
  await pacer.untilAsked(3);
  const events = eventsOf(parse(await invocation.rest()).body.toString());
  expect(textOf(events)).toBe("word1 word2 ");
  expect(events.at(-2)?.data.assistantMessage).toMatchObject({ stopReason: "aborted" });
  expect(await saved()).toHaveLength(2);
});
