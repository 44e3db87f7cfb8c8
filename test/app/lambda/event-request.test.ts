import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { EventRequest, nodeRequest } from "../../../app/lambda/event-request.ts";

const url = "https://api.example.com/conversations/a%20b?limit=2";
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

const partsOf = fc.record({
  method: fc.constantFrom(...methods),
  type: fc.constantFrom(
    "application/json",
    "text/plain; charset=utf-8",
    "application/octet-stream",
  ),
  content: fc.oneof(
    fc.json().map((text) => text as string),
    fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: "binary", minLength: 1 }).map((text) => Buffer.from(text).toString()),
  ),
  isAborted: fc.boolean(),
});

type Drawn = Parameters<Parameters<typeof partsOf.map>[0]>[0];

/** The same request twice: of an event, and Node's own. */
function both({ method, type, content, isAborted }: Drawn): readonly [EventRequest, Request] {
  const body = method === "GET" || method === "HEAD" ? null : content;
  const signal = isAborted ? AbortSignal.abort() : undefined;
  const headers = new Headers({ "content-type": type, "x-other": "é" });
  const parts = { url, method, headers, body, signal };
  return [
    new EventRequest(parts),
    new Request(url, { method, headers, body, ...(signal && { signal }) }),
  ];
}

const bodies = ["arrayBuffer", "blob", "bytes", "formData", "json", "text"] as const;

/** What a read gives, or that it fails. */
async function readOf(request: Request, name: (typeof bodies)[number]) {
  try {
    const value = await request[name]();
    if (value instanceof ArrayBuffer) return { name, value: [...new Uint8Array(value)] };
    return { name, value: value instanceof Blob ? [await value.text(), value.type] : value };
  } catch (error) {
    return { name, error: error instanceof Error ? error.name : error };
  }
}

describe("the request of an event", () => {
  it("has every property that Node's has, with the same value", () => {
    const getters = Object.entries(Object.getOwnPropertyDescriptors(Request.prototype))
      .filter(([, { get }]) => get !== undefined)
      .map(([name]) => name)
      .filter(
        (name) =>
          !["body", "headers", "signal", "isHistoryNavigation", "isReloadNavigation"].includes(
            name,
          ),
      );
    expect(getters).toContain("referrerPolicy");
    fc.assert(
      fc.property(partsOf, (drawn) => {
        const [made, node] = both(drawn);
        for (const name of getters)
          expect([name, Reflect.get(made, name)]).toEqual([name, Reflect.get(node, name)]);
        expect([...made.headers]).toEqual([...node.headers]);
        expect(made.signal.aborted).toBe(node.signal.aborted);
        expect(made.body === null).toBe(node.body === null);
      }),
    );
  });

  it("gives the body as Node's does, once, in whichever way it is read first", async () => {
    await fc.assert(
      fc.asyncProperty(
        partsOf,
        fc.constantFrom(...bodies),
        fc.constantFrom(...bodies),
        fc.constantFrom("nothing", "clone", "body"),
        async (drawn, first, second, before) => {
          const [made, node] = both(drawn);
          if (before === "clone") {
            expect(await readOf(made.clone(), first)).toEqual(await readOf(node.clone(), first));
          }
          if (before === "body") expect(made.body === null).toBe(node.body === null);
          for (const name of [first, second]) {
            expect(await readOf(made, name)).toEqual(await readOf(node, name));
            expect(made.bodyUsed).toBe(node.bodyUsed);
          }
        },
      ),
    );
  });

  it("is one for a mounted app, which makes a request of it", async () => {
    const inner = async (request: Request) =>
      new Response(`${request.method} ${await request.text()}`);
    const app = new Hono().mount("/conversations", inner);
    const [made] = both({
      method: "POST",
      type: "application/octet-stream",
      content: "hello",
      isAborted: false,
    });
    expect(await (await app.fetch(made)).text()).toBe("POST hello");
  });

  it("is Node's own for whoever makes another of it", async () => {
    const [made] = both({
      method: "PUT",
      type: "application/octet-stream",
      content: "hello",
      isAborted: false,
    });
    expect(() => new Request(made)).toThrow(TypeError);
    expect(await new Request(nodeRequest(made)).text()).toBe("hello");
  });
});
