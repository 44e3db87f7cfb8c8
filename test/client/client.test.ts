import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type AnswerEvent,
  ApiProblem,
  answerEvents,
  ask,
  type Conversation,
  createClient,
  everyItem,
  result,
  syncConversations,
  type TransportOptions,
  upload,
} from "../../client/index.ts";
import { clientTypes } from "../../scripts/client-types/document.ts";
import { claimsOf, randomKey, TestApi } from "../../testing/app/api.ts";

const api = TestApi.forThisFile();

/** Sends requests straight to the app, past a gateway that takes the token for a name. */
async function send(request: Request, user: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const inner = new Request(`https://host${pathname.replace(/^\/v1/, "")}${search}`, request);
  return api.app.fetch(inner, { claims: claimsOf(user) });
}

/** A client of one user. `between` sees each request and may answer in the app's place. */
function clientOf(
  user: string,
  between: (request: Request, number: number) => Response | undefined | Promise<Response> = () =>
    undefined,
  options: Partial<TransportOptions> = {},
) {
  const requests: Request[] = [];
  const client = createClient({
    url: "https://host/v1",
    token: () => user,
    fetch: async (request) => {
      requests.push(request.clone());
      return (await between(request, requests.length)) ?? send(request, user);
    },
    ...options,
  });
  return { client, requests };
}

const problem = (status: number, headers: Record<string, string> = {}) =>
  Response.json({ type: "urn:chatstack:problem:busy", title: "Busy" }, { status, headers });

describe("the typed client", () => {
  it("B: creates, appends, lists and reads back, with the contract's types", async () => {
    const { client, requests } = clientOf(randomKey());
    const created = await result(client.POST("/conversations", { body: { title: "Hello" } }));
    expectTypeOf(created.messageCount).toEqualTypeOf<number>();
    const path = { id: created.id };
    const message = await result(
      client.POST("/conversations/{id}/messages", {
        params: { path, header: { "idempotency-key": "once" } },
        body: { role: "user", content: "Hi" },
      }),
    );
    expectTypeOf(message.role).toEqualTypeOf<"user" | "assistant" | "system" | "tool">();
    const { items } = await result(client.GET("/conversations"));
    expect(items).toMatchObject([{ id: created.id, title: "Hello", messageCount: 1 }]);
    const opened = await result(client.GET("/conversations/{id}", { params: { path } }));
    expect(opened.messages).toEqual([message]);
    expect(new Set(requests.map(({ headers }) => headers.get("authorization"))).size).toBe(1);
    expect(requests[0]?.headers.get("authorization")).toMatch(/^Bearer /);
  });

  it("gives undefined for an answer without a body", async () => {
    const { client } = clientOf(randomKey());
    const { id } = await result(client.POST("/conversations", { body: {} }));
    const gone = await result(client.DELETE("/conversations/{id}", { params: { path: { id } } }));
    expect(gone).toBeUndefined();
  });

  it("follows cursors to the end of a list", async () => {
    const { client } = clientOf(randomKey());
    for (const title of ["one", "two", "three"]) {
      await result(client.POST("/conversations", { body: { title } }));
    }
    const titles = [];
    for await (const { title } of everyItem((cursor) =>
      result(client.GET("/conversations", { params: { query: { limit: 1, cursor } } })),
    )) {
      titles.push(title);
    }
    expect(titles.toSorted()).toEqual(["one", "three", "two"]);
  });

  it("throws what the API says went wrong", async () => {
    const { client } = clientOf(randomKey());
    const missing = result(client.GET("/conversations/{id}", { params: { path: { id: "none" } } }));
    await expect(missing).rejects.toBeInstanceOf(ApiProblem);
    await expect(missing).rejects.toMatchObject({
      status: 404,
      type: "urn:chatstack:problem:not-found",
      message: "There is nothing here",
    });
    const refused = result(client.POST("/conversations", { body: { title: "" } }));
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ in: "body" }] });
  });

  it("throws a problem for what a proxy answers in HTML", async () => {
    const page = new Response("<h1>Forbidden</h1>", { status: 403 });
    const { client } = clientOf(randomKey(), () => page);
    await expect(result(client.GET("/me"))).rejects.toMatchObject({
      status: 403,
      type: "about:blank",
    });
  });

  it("is made of the API's document as it is today", async () => {
    const written = readFileSync(new URL("../../client/contract.ts", import.meta.url), "utf8");
    expect(written === (await clientTypes()), "run `npm run client-types`").toBe(true);
  });

  it("brings nothing of the server into a browser, and no adapter that a page does not use", () => {
    const bytesOf = (contents: string) => {
      const resolveDir = resolve(import.meta.dirname, "../../client");
      const { outputFiles } = buildSync({
        stdin: { contents, resolveDir },
        bundle: true,
        minify: true,
        platform: "browser",
        format: "esm",
        write: false,
      });
      return outputFiles[0]!.contents.length;
    };
    const used =
      "createClient, everyItem, ask, answerEvents, ApiProblem, result, syncConversations, upload";
    expect(bytesOf(`export { ${used} } from "./index.ts"`)).toBeLessThan(16_000);
    expect(bytesOf(`export * from "./index.ts"`)).toBeLessThan(36_000);
  });
});

describe("tokens", () => {
  it("renews a refused token once, and sends the request again with its body", async () => {
    const user = randomKey();
    const refused: (string | undefined)[] = [];
    const { client, requests } = clientOf(
      user,
      ({ headers }) => (headers.get("authorization") === "Bearer old" ? problem(401) : undefined),
      {
        token: (token) => {
          refused.push(token);
          return token === undefined ? "old" : "new";
        },
      },
    );
    const created = await result(client.POST("/conversations", { body: { title: "Kept" } }));
    expect(created.title).toBe("Kept");
    expect(refused).toEqual([undefined, "old"]);
    expect(requests.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer old",
      "Bearer new",
    ]);
  });

  it.each([
    ["the same token again", () => "old"],
    ["another token that is refused too", (token?: string) => (token ? "new" : "old")],
  ])("lets a 401 through after %s", async (_, token) => {
    const { client, requests } = clientOf(randomKey(), () => problem(401), { token });
    await expect(result(client.GET("/me"))).rejects.toMatchObject({ status: 401 });
    expect(requests.length).toBeLessThanOrEqual(2);
  });
});

describe("repeating", () => {
  const wait0 = { "retry-after": "0" };
  const lost = () => Promise.reject(new TypeError("fetch failed"));
  const key = { "idempotency-key": "k" };

  it.each([
    ["GET", 503, {}, 2],
    ["GET", 502, {}, 2],
    ["GET", 404, {}, 1],
    ["PUT", 503, {}, 2],
    ["POST", 503, {}, 1],
    ["POST", 503, wait0, 2],
    ["POST", 429, wait0, 2],
    ["POST", 429, { "retry-after": "3600" }, 1],
    ["GET", 429, { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, 2],
    ["POST with a key", 500, {}, 2],
    ["PUT with If-Match", 500, {}, 1],
    ["PUT with If-Match", 503, wait0, 2],
  ])("a %s that fails with %d %o is sent %d times", async (kind, status, headers, times) => {
    const { client, requests } = clientOf(randomKey(), (_, number) =>
      number === 1 ? problem(status, headers) : Response.json({}),
    );
    const path = { id: "c" };
    if (kind === "GET") await client.GET("/me");
    if (kind === "PUT") await client.PUT("/me", { body: {} });
    if (kind === "PUT with If-Match") {
      const body = { title: "t" };
      const header = { "if-match": '"1"' };
      await client.PUT("/conversations/{id}", { params: { path, header }, body });
    }
    if (kind.startsWith("POST")) {
      const header = kind === "POST" ? {} : key;
      await client.POST("/conversations", { params: { header }, body: {} });
    }
    expect(requests).toHaveLength(times);
  });

  it.each([
    ["a GET", 2],
    ["a POST", 1],
    ["a POST with a key", 2],
  ])("%s whose connection is lost is sent %d times", async (kind, times) => {
    const { client, requests } = clientOf(randomKey(), (_, number) =>
      number === 1 ? lost() : Response.json({}),
    );
    const header = kind === "a POST with a key" ? key : {};
    const answer =
      kind === "a GET"
        ? client.GET("/me")
        : client.POST("/conversations", { params: { header }, body: {} });
    if (times === 1) await expect(answer).rejects.toThrow("fetch failed");
    else expect((await answer).response.ok).toBe(true);
    expect(requests).toHaveLength(times);
  });

  it("stops after `attempts`, with the last answer", async () => {
    const { client, requests } = clientOf(randomKey(), () => problem(503, wait0), { attempts: 3 });
    await expect(result(client.GET("/me"))).rejects.toMatchObject({ status: 503 });
    expect(requests).toHaveLength(3);
  });

  it("stops waiting when it is aborted", async () => {
    const abort = new AbortController();
    const { client, requests } = clientOf(randomKey(), () => {
      setTimeout(() => abort.abort(new Error("left")), 20);
      return problem(503, { "retry-after": "15" });
    });
    const started = Date.now();
    await expect(client.GET("/me", { signal: abort.signal })).rejects.toThrow("left");
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(requests).toHaveLength(1);
  });
});

describe("answers", () => {
  /** Ends a stream behind its first bytes. */
  async function cut(response: Response, bytes: number): Promise<Response> {
    const whole = new Uint8Array(await response.arrayBuffer());
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(whole.slice(0, bytes));
        controller.error(new TypeError("network error"));
      },
    });
    return new Response(stream, response);
  }

  async function textOf(events: AsyncIterable<AnswerEvent>) {
    let text = "";
    const kinds: string[] = [];
    for await (const event of events) {
      kinds.push(event.event);
      if (event.event === "delta") text = text.slice(0, event.offset) + event.text;
      if (event.event === "message") {
        expectTypeOf(event.exchange.assistantMessage.content).toEqualTypeOf<string>();
        expect(event.exchange.assistantMessage.content).toBe(text);
      }
    }
    return { text, kinds };
  }

  it("resumes a stream that breaks off, twice, and asks and saves once", async () => {
    const user = randomKey();
    const { client, requests } = clientOf(user, async (request) => {
      if (!request.url.endsWith("/chat")) return send(request, user);
      const seen = request.headers.get("last-event-id");
      const answer = await send(request, user);
      const breaks = requests.filter(({ url }) => url.endsWith("/chat")).length;
      return breaks <= 2 ? cut(answer, seen === null ? 150 : 90) : answer;
    });
    const { id } = await result(client.POST("/conversations", { body: {} }));
    const { text, kinds } = await textOf(
      ask(client, { conversation: id, question: { content: "What is a table?" } }),
    );
    expect(text.length).toBeGreaterThan(20);
    expect(kinds.at(-1)).toBe("message");
    const chats = requests.filter(({ url }) => url.endsWith("/chat"));
    expect(chats).toHaveLength(3);
    expect(new Set(chats.map(({ headers }) => headers.get("idempotency-key"))).size).toBe(1);
    const saved = await result(client.GET("/conversations/{id}", { params: { path: { id } } }));
    expect(saved.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  });

  it("gives up after `attempts` without anything new", async () => {
    const { client, requests } = clientOf(randomKey(), () => new Response(""));
    const events = ask(client, { conversation: "c", question: { content: "Hi" }, attempts: 2 });
    await expect(textOf(events)).rejects.toThrow("broke off");
    expect(requests).toHaveLength(2);
  });

  it("throws what the API refuses, at once", async () => {
    const { client, requests } = clientOf(randomKey());
    const events = ask(client, { conversation: "none", question: { content: "Hi" } });
    await expect(textOf(events)).rejects.toMatchObject({ status: 404 });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["line feeds", "\n", (text: string) => new Response(text)],
    [
      "carriage returns and a byte order mark",
      "\r\n",
      (text: string) => new Response(`\uFEFF${text}`),
    ],
    [
      "a platform without streams",
      "\n",
      (text: string) => Object.defineProperty(new Response(text), "body", { value: undefined }),
    ],
    [
      "pieces that cut characters apart",
      "\n",
      (text: string) =>
        new Response(
          new ReadableStream({
            start(controller) {
              for (const byte of new TextEncoder().encode(text)) {
                controller.enqueue(Uint8Array.of(byte));
              }
              controller.close();
            },
          }),
        ),
    ],
  ])("reads streams with %s", async (_, end, response) => {
    const lines = [": heartbeat", "", "id: 2", "event: delta"];
    lines.push(
      'data: {"offset":0,',
      'data: "text":"Grüße"}',
      "",
      "event: done",
      "data: {}",
      "",
      "",
    );
    const events = [];
    for await (const event of answerEvents(response(lines.join(end)))) events.push(event);
    expect(events).toEqual([{ event: "delta", id: "2", offset: 0, text: "Grüße" }]);
  });
});

describe("uploads", () => {
  it("announces, sends and completes a file, with the type that its name says", async () => {
    const { client } = clientOf(randomKey());
    const file = new File(["# Refunds\n\nA refund takes a week.\n"], "Refunds.md");
    const document = await upload(client, { file });
    expect(document).toMatchObject({ name: "Refunds.md", type: "text/markdown", status: "ready" });
    const { items } = await result(client.GET("/documents"));
    expect(items).toEqual([document]);
  });

  it("throws S3's refusal, and completes nothing", async () => {
    const { client, requests } = clientOf(randomKey());
    const file = new File(["abc"], "a.txt", { type: "text/plain" });
    const other = (url: string | URL | Request, init?: RequestInit) => {
      const form = new FormData();
      if (init?.body instanceof FormData)
        for (const [name, value] of init.body) form.set(name, value);
      form.set("file", new Blob(["abcd"]), "a.txt");
      return fetch(url, { ...init, body: form });
    };
    await expect(upload(client, { file, fetch: other })).rejects.toMatchObject({ status: 400 });
    expect(requests).toHaveLength(1);
  });

  it("names the types that the API takes, before it asks", async () => {
    const { client, requests } = clientOf(randomKey());
    const file = new File(["MZ"], "setup.exe", { type: "application/x-msdownload" });
    await expect(upload(client, { file })).rejects.toThrow(
      'setup.exe is "application/x-msdownload"; the API takes application/pdf, text/plain',
    );
    expect(requests).toHaveLength(0);
  });
});

describe("a copy of the conversation list", () => {
  function memoryCache() {
    const items = new Map<string, Conversation>();
    let cursor: string | undefined;
    let cleared = 0;
    return {
      items,
      cleared: () => cleared,
      expire: () => {
        cursor = "expired";
      },
      cursor: () => cursor,
      clear: () => {
        items.clear();
        cursor = undefined;
        cleared++;
      },
      apply: (page: {
        readonly changed: readonly Conversation[];
        readonly deleted: readonly string[];
        readonly cursor: string;
      }) => {
        for (const one of page.changed) items.set(one.id, one);
        for (const id of page.deleted) items.delete(id);
        cursor = page.cursor;
      },
    };
  }

  it("follows what is created, renamed and deleted, and begins anew when its cursor is refused", async () => {
    const { client } = clientOf(randomKey());
    const cache = memoryCache();
    const titles = () => [...cache.items.values()].map(({ title }) => title).toSorted();
    const created = [];
    for (const title of ["one", "two", "three"]) {
      created.push(await result(client.POST("/conversations", { body: { title } })));
    }
    await syncConversations(client, cache);
    expect(titles()).toEqual(["one", "three", "two"]);

    const path = { id: created[0]!.id };
    await result(client.PATCH("/conversations/{id}", { params: { path }, body: { title: "1" } }));
    await result(
      client.DELETE("/conversations/{id}", { params: { path: { id: created[1]!.id } } }),
    );
    await syncConversations(client, cache);
    expect(titles()).toEqual(["1", "three"]);

    cache.expire();
    await syncConversations(client, cache);
    expect(titles()).toEqual(["1", "three"]);
    expect(cache.cleared()).toBe(1);
  });
});
