import { buildSync } from "esbuild";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ApiProblem, answerEvents, createClient, everyItem, result } from "../../client/index.ts";
import { claimsOf, randomKey, TestApi } from "../../testing/app/api.ts";

const api = TestApi.forThisFile();

/** A client whose requests go straight to the app, past a gateway that takes the token for a name. */
function clientOf(user: string) {
  const tokens: string[] = [];
  const client = createClient({
    url: "https://host/v1",
    token: () => user,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      tokens.push(request.headers.get("authorization") ?? "none");
      const inner = new Request(`https://host${pathname.replace(/^\/v1/, "")}${search}`, request);
      return api.app.fetch(inner, { claims: claimsOf(user) });
    },
  });
  return { client, tokens };
}

describe("the typed client", () => {
  it("B: creates, appends, lists and reads back, with the contract's types", async () => {
    const { client, tokens } = clientOf(randomKey());
    const created = await result(
      client.conversations.$post({ json: { title: "Hello" }, header: {} }),
    );
    expectTypeOf(created.messageCount).toEqualTypeOf<number>();
    const message = await result(
      client.conversations[":id"].messages.$post({
        param: { id: created.id },
        header: { "idempotency-key": "once" },
        json: { role: "user", content: "Hi" },
      }),
    );
    expectTypeOf(message.role).toEqualTypeOf<"user" | "assistant" | "system" | "tool">();
    const { items } = await result(client.conversations.$get({ query: {} }));
    expect(items).toMatchObject([{ id: created.id, title: "Hello", messageCount: 1 }]);
    const opened = await result(client.conversations[":id"].$get({ param: { id: created.id } }));
    expect(opened.messages).toEqual([message]);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^Bearer /);
  });

  it("follows cursors to the end of a list", async () => {
    const { client } = clientOf(randomKey());
    for (const title of ["one", "two", "three"]) {
      await result(client.conversations.$post({ json: { title }, header: {} }));
    }
    const titles = [];
    for await (const { title } of everyItem((page) =>
      result(client.conversations.$get({ query: { limit: "1", ...page } })),
    )) {
      titles.push(title);
    }
    expect(titles.toSorted()).toEqual(["one", "three", "two"]);
  });

  it("throws what the API says went wrong", async () => {
    const { client } = clientOf(randomKey());
    const missing = result(client.conversations[":id"].$get({ param: { id: "none" } }));
    await expect(missing).rejects.toBeInstanceOf(ApiProblem);
    await expect(missing).rejects.toMatchObject({
      status: 404,
      type: "urn:chatstack:problem:not-found",
      message: "There is nothing here",
    });
    const refused = result(client.conversations.$post({ json: { title: "" }, header: {} }));
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ in: "body" }] });
  });

  it("streams an answer, and goes on behind the last event after a break", async () => {
    const { client } = clientOf(randomKey());
    const { id } = await result(client.conversations.$post({ json: {}, header: {} }));
    const ask = (lastEventId?: string) =>
      client.conversations[":id"].chat.$post(
        {
          param: { id },
          header: { "idempotency-key": "ask-1", "last-event-id": lastEventId },
          json: { content: "What is a table?" },
        },
        { headers: { accept: "text/event-stream" } },
      );
    let text = "";
    let lastId: string | undefined;
    for await (const event of answerEvents(await ask())) {
      if (event.event !== "delta") continue;
      text = text.slice(0, event.offset) + event.text;
      lastId = event.id;
      break;
    }
    expect(text.length).toBeGreaterThan(0);
    const events = [];
    for await (const event of answerEvents(await ask(lastId))) {
      events.push(event.event);
      if (event.event === "delta") text = text.slice(0, event.offset) + event.text;
      if (event.event === "message") {
        expectTypeOf(event.exchange.assistantMessage.content).toEqualTypeOf<string>();
        expect(event.exchange.assistantMessage.role).toBe("assistant");
      }
    }
    expect(events.at(-1)).toBe("message");
    const saved = await result(client.conversations[":id"].$get({ param: { id } }));
    expect(saved.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  });

  it("says so when a stream breaks off", async () => {
    const cut = new Response('id: 2\nevent: delta\ndata: {"offset":0,"text":"Hi"}\n\nevent: del');
    const read = async () => {
      for await (const _ of answerEvents(cut)) {
        // Until it ends.
      }
    };
    await expect(read()).rejects.toThrow("broke off");
  });

  it("brings nothing of the server into a browser", () => {
    const { outputFiles } = buildSync({
      entryPoints: ["client/index.ts"],
      bundle: true,
      minify: true,
      platform: "browser",
      format: "esm",
      write: false,
    });
    expect(outputFiles[0]!.contents.length).toBeLessThan(8_000);
  });
});
