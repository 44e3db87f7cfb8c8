import { PassThrough } from "node:stream";
import { setImmediate as tick } from "node:timers/promises";
import fc from "fast-check";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { bufferedHandler } from "../../../app/lambda/buffered.ts";
import { requestOf } from "../../../app/lambda/event.ts";
import { streamingHandler } from "../../../app/lambda/streaming.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { eventOf, invoke, parse } from "../../../testing/app/lambda.ts";

const api = TestApi.forThisFile();

it("answers the same through the buffered and the streaming form", async () => {
  const buffered = bufferedHandler(api.app);
  const created = await buffered(
    eventOf("POST", "/conversations", { body: JSON.stringify({ title: "Grüße" }) }),
  );
  expect(created.statusCode).toBe(201);
  const { id } = JSON.parse(created.body);
  for (const event of [
    eventOf("GET", `/conversations/${id}`),
    eventOf("GET", "/conversations", { multiValueQueryStringParameters: { limit: ["1"] } }),
    eventOf("GET", "/conversations/none"),
    eventOf("PATCH", "/me"),
  ]) {
    const inOnePiece = await buffered(event);
    const { prelude, body } = parse(await invoke(api.app, event).rest());
    expect(body.toString()).toBe(inOnePiece.body);
    expect(prelude).toEqual({ statusCode: inOnePiece.statusCode, headers: inOnePiece.headers });
    expect(inOnePiece.isBase64Encoded).toBe(false);
  }
  expect(JSON.parse((await buffered(eventOf("GET", "/me"))).body).role).toBe("admin");
});

it("sends the status of an answer without a body", async () => {
  const buffered = bufferedHandler(api.app);
  const created = await buffered(eventOf("POST", "/conversations", { body: "{}" }));
  const path = `/conversations/${JSON.parse(created.body).id}`;
  const { prelude, body } = parse(await invoke(api.app, eventOf("DELETE", path)).rest());
  expect([prelude.statusCode, body.length]).toEqual([204, 0]);
});

it("takes a base64 body, and counts what is there rather than what Content-Length says", async () => {
  const buffered = bufferedHandler(api.app);
  const body = Buffer.from(JSON.stringify({ title: "From bytes" })).toString("base64");
  const answer = await buffered(eventOf("POST", "/conversations", { body, isBase64Encoded: true }));
  expect(JSON.parse(answer.body).title).toBe("From bytes");
  const large = JSON.stringify({ title: "x".repeat(1024 * 1024) });
  expect((await buffered(eventOf("POST", "/conversations", { body: large }))).statusCode).toBe(413);
});

it("refuses a request without claims", async () => {
  const event = eventOf("GET", "/me");
  const { authorizer: _, ...requestContext } = event.requestContext;
  const answer = await bufferedHandler(api.app)({ ...event, requestContext });
  expect(answer.statusCode).toBe(401);
});

it("answers with a problem to what is no request, and to a failure before routing", async () => {
  for (const [app, event, status] of [
    [api.app, eventOf("TRACE", "/me"), 405],
    [api.app, eventOf("GET", "/me", { multiValueHeaders: { "bad name": ["x"] } }), 400],
    [{ fetch: () => Promise.reject(new Error("early")) }, eventOf("GET", "/me"), 500],
  ] as const) {
    const answer = await bufferedHandler(app)(event);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(parse(await invoke(app, event).rest()).prelude.statusCode).toBe(status);
  }
});

it("keeps every value of headers and of the query, and the path to the letter", async () => {
  const request = requestOf(
    eventOf("GET", "/conversations/a%23b", {
      multiValueHeaders: { "X-Twice": ["one", "two"] },
      multiValueQueryStringParameters: { tag: ["a&b", "c=d", ""], ä: ["%41"] },
    }),
    new AbortController().signal,
  );
  expect(request.headers.get("x-twice")).toBe("one, two");
  const url = new URL(request.url);
  expect(url.searchParams.getAll("tag")).toEqual(["a&b", "c=d", ""]);
  expect(url.searchParams.get("ä")).toBe("%41");
  expect(url.pathname).toBe("/conversations/a%23b");
});

it("never lets a decoded path escape into the query, the fragment, another host or path", () => {
  for (const path of ["/conversations/../me", "/x/%2e%2E/me", "/conversations\\me", "/./me"]) {
    expect(() => requestOf(eventOf("GET", path), new AbortController().signal)).toThrow(TypeError);
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (tail) => {
      fc.pre(!/\\|(^|\/)\.\.?(\/|$)/.test(tail));
      const event = eventOf("GET", `/conversations/${tail}`);
      const url = new URL(requestOf(event, new AbortController().signal).url);
      expect([url.host, url.search, url.hash]).toEqual([
        "abc123.execute-api.us-east-1.amazonaws.com",
        "",
        "",
      ]);
    }),
  );
});

it("encodes binary answers, keeps cookies apart, and leaves text as it is", async () => {
  const app = new Hono()
    .get("/bytes", (c) =>
      c.body(new Uint8Array([0, 255, 128]), 200, { "content-type": "image/png" }),
    )
    .get("/events", (c) => c.body("data: ä\n\n", 200, { "content-type": "text/event-stream" }))
    .get("/cookies", (c) => {
      c.header("set-cookie", "a=1", { append: true });
      c.header("set-cookie", "b=2", { append: true });
      return c.text("ok");
    });
  const handler = bufferedHandler(app);
  expect(await handler(eventOf("GET", "/bytes"))).toMatchObject({
    body: "AP+A",
    isBase64Encoded: true,
  });
  expect(await handler(eventOf("GET", "/events"))).toMatchObject({
    body: "data: ä\n\n",
    isBase64Encoded: false,
  });
  const cookies = { "set-cookie": ["a=1", "b=2"] };
  expect((await handler(eventOf("GET", "/cookies"))).multiValueHeaders).toEqual(cookies);
  const { prelude } = parse(await invoke(app, eventOf("GET", "/cookies")).rest());
  expect(prelude.multiValueHeaders).toEqual(cookies);
  const { body } = parse(await invoke(app, eventOf("GET", "/bytes")).rest());
  expect([...body]).toEqual([0, 255, 128]);
});

/** An app that streams chunks of 16 KiB for as long as someone reads, and counts them. */
function endless() {
  const state = { produced: 0, cancelled: false, aborted: false };
  const app = new Hono().get("/stream", (c) => {
    c.req.raw.signal.addEventListener("abort", () => {
      state.aborted = true;
    });
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await tick();
        state.produced++;
        controller.enqueue(new Uint8Array(16 * 1024).fill(65));
      },
      cancel() {
        state.cancelled = true;
      },
    });
    return c.body(body, 200, { "content-type": "text/event-stream" });
  });
  return { app, state };
}

it("produces no faster than the client reads", async () => {
  const { app, state } = endless();
  const invocation = invoke(app, eventOf("GET", "/stream"));
  const producedAfterAWhile = async () => {
    for (let turn = 0; turn < 500; turn++) await tick();
    return state.produced;
  };
  let before = 0;
  for (let chunk = 0; chunk < 20; chunk++) {
    await invocation.take();
    const produced = await producedAfterAWhile();
    // At most what the stream's own buffers hold, and then not one more.
    expect(produced).toBeLessThanOrEqual(before + 8);
    expect(await producedAfterAWhile()).toBe(produced);
    before = produced;
  }
  expect(before).toBeGreaterThan(20);
  invocation.stream.destroy();
  await invocation.done;
});

it("aborts the request and cancels its body when the client goes away", async () => {
  for (const error of [undefined, new Error("reset")]) {
    const { app, state } = endless();
    const invocation = invoke(app, eventOf("GET", "/stream"));
    await invocation.take();
    invocation.stream.destroy(error);
    await invocation.done;
    expect(state).toMatchObject({ aborted: true, cancelled: true });
  }
});

it("wakes a handler that waits for its next chunk when the client goes away", async () => {
  const app = new Hono().get("/stream", (c) =>
    c.body(new ReadableStream({ pull: () => new Promise(() => {}) })),
  );
  const invocation = invoke(app, eventOf("GET", "/stream"));
  await invocation.take();
  invocation.stream.destroy();
  await invocation.done;
});

it("hears of a stream that breaks, whose error would end the process otherwise", async () => {
  const app = new Hono().get("/stream", (c) =>
    c.body(new ReadableStream({ pull: () => new Promise(() => {}) })),
  );
  // The runtime's own stream has no listener for errors.
  const stream = new PassThrough();
  const handler = streamingHandler(app, { HttpResponseStream: { from: (sink) => sink } });
  const done = handler(eventOf("GET", "/stream"), stream);
  for (let turn = 0; turn < 100; turn++) await tick();
  stream.destroy(new Error("reset"));
  await expect(done).resolves.toBeUndefined();
});

it("ends without a failure when the client goes away while the last chunk is on its way", async () => {
  const app = new Hono().get("/stream", (c) => c.text("last words"));
  const invocation = invoke(app, eventOf("GET", "/stream"));
  await invocation.take();
  for (let turn = 0; turn < 100; turn++) await tick();
  invocation.stream.destroy(new Error("reset"));
  await expect(invocation.done).resolves.toBeUndefined();
});

it("fails the invocation when the body breaks half way, so that no client takes it for whole", async () => {
  const app = new Hono().get("/stream", (c) => {
    let sent = false;
    return c.body(
      new ReadableStream({
        pull(controller) {
          if (sent) throw new Error("broke at: secret words");
          sent = true;
          controller.enqueue(new TextEncoder().encode("half"));
        },
      }),
    );
  });
  const invocation = invoke(app, eventOf("GET", "/stream"));
  // Of the failure itself only the log hears, and never what it quotes.
  await expect(invocation.rest()).rejects.toThrow(/^the answer broke off$/);
});
