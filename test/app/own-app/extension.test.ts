/** `test/app/own-app/`: the app with what a team put to it. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Hono } from "hono";
import type { Schema } from "hono/types";
import { expect, test } from "vitest";
import type { Ports } from "../../../app/lambda/dependencies.ts";
import type { LogEntry } from "../../../app/lambda/log.ts";
import { openApiJson } from "../../../app/openapi/written.ts";
import {
  type ChatApp,
  chatTool,
  createApp,
  defaultHook,
  type Extension,
  type Hooks,
  handler,
  Problem,
  type RouteEnv,
} from "../../../app/own-app/index.ts";
import { maintenanceEvent } from "../../../app/resources/maintenance.ts";
import { DynamoDBMaintenanceStore } from "../../../app/store/dynamodb/maintenance/maintenance.ts";
import { claimsOf, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();

function extended(parts: Partial<Ports> & Extension<Schema>): ChatApp {
  const maintenance = new DynamoDBMaintenanceStore(api.table);
  return createApp<Schema>({ ...api.dependencies, maintenance, ...parts });
}

async function send(app: ChatApp, method: string, path: string, body?: unknown, user = "alice") {
  const request = new Request(`http://localhost${path}`, {
    method,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const response = await app.fetch(request, { claims: user === "" ? undefined : claimsOf(user) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

const thing = z.object({ name: z.string().min(3) }).openapi("Thing");
const putThing = createRoute({
  method: "put",
  path: "/things/{id}",
  operationId: "putThing",
  tags: ["things"],
  request: {
    params: z.object({ id: z.string() }),
    body: { required: true, content: { "application/json": { schema: thing } } },
  },
  responses: { 200: { description: "Put.", content: { "application/json": { schema: thing } } } },
});

const things = () =>
  new OpenAPIHono<RouteEnv>({ defaultHook })
    .openapi(putThing, (c) => c.json({ name: `${c.get("tenant")}/${c.get("user").id}` }, 200))
    .get("/fails", () => {
      throw new Problem("busy");
    })
    .get("/breaks", () => {
      throw new Error("secret words");
    })
    .get("/titles", async (c) => {
      const { items } = await c.get("store").list(c.get("user").id, { limit: 10 });
      return c.json(items.map(({ title }) => title));
    });

test("own routes have the user, the tenant and the store, and nobody reaches them without a token", async () => {
  const app = extended({ routes: things() });
  await send(app, "POST", "/conversations", { title: "Mine" }, "ann");
  expect((await send(app, "GET", "/titles", undefined, "ann")).body).toEqual(["Mine"]);
  expect((await send(app, "GET", "/titles", undefined, "bob")).body).toEqual([]);
  expect((await send(app, "PUT", "/things/1", { name: "abc" })).body).toEqual({
    name: "acme/alice",
  });
  expect(await send(app, "PUT", "/things/1", { name: "abc" }, "")).toMatchObject({
    status: 401,
    body: { type: "urn:chatstack:problem:unauthenticated" },
  });
});

test("own routes fail with problem details, and a log line without the error's message", async () => {
  const app = extended({ routes: things() });
  expect(await send(app, "PUT", "/things/1", { name: "x" })).toMatchObject({
    status: 400,
    body: { type: "urn:chatstack:problem:validation", errors: [{ in: "body", pointer: "/name" }] },
  });
  expect(await send(app, "GET", "/fails")).toMatchObject({ status: 503 });
  expect(await send(app, "GET", "/things/1")).toMatchObject({
    status: 405,
    body: { type: "urn:chatstack:problem:method-not-allowed" },
  });
  expect((await send(app, "GET", "/things/1")).headers.get("allow")).toBe("PUT");
  expect((await send(app, "GET", "/no-such-thing")).status).toBe(404);
  api.log.length = 0;
  expect(await send(app, "GET", "/breaks")).toMatchObject({
    status: 500,
    body: { type: "urn:chatstack:problem:internal" },
  });
  expect(api.log.map(({ message, route }) => [message, route])).toEqual([
    ["failure", undefined],
    ["request", "/breaks"],
  ]);
  expect(JSON.stringify(api.log)).not.toContain("secret words");
});

test("a tenant that is off-boarding refuses writes of own routes too, a suspended one everything", async () => {
  const offBoarding = extended({ routes: things(), state: "off-boarding" });
  expect((await send(offBoarding, "PUT", "/things/1", { name: "abc" })).status).toBe(403);
  expect((await send(offBoarding, "GET", "/titles")).status).toBe(200);
  const suspended = extended({ routes: things(), state: "suspended" });
  expect((await send(suspended, "GET", "/titles")).status).toBe(403);
});

test("the OpenAPI document has the documented routes beside the app's, and the app's as they were", async () => {
  const { body } = await send(extended({ routes: things() }), "GET", "/openapi.json");
  const { "/things/{id}": own, ...paths } = body.paths;
  expect(paths).toEqual(JSON.parse(openApiJson()).paths);
  expect(own.put).toMatchObject({
    security: [{ accessToken: [] }],
    responses: { 401: { $ref: "#/components/responses/Problem401" } },
  });
  expect(body.components.schemas.Thing.required).toEqual(["name"]);
  expect(body.tags.at(-1)).toEqual({ name: "things" });
  expect((await send(extended({}), "GET", "/openapi.json")).body).toEqual(
    JSON.parse(openApiJson()),
  );
});

test("a route and a schema that the app has itself are refused", () => {
  const taken = new Hono<RouteEnv>().get("/conversations/:key", (c) => c.text(""));
  expect(() => extended({ routes: taken })).toThrow(
    "createApp: GET /conversations/:key is a route of the app already",
  );
  const message = z.object({}).openapi("Message");
  const clash = new OpenAPIHono<RouteEnv>().openapi(
    createRoute({
      method: "get",
      path: "/own",
      responses: { 200: { description: "", content: { "application/json": { schema: message } } } },
    }),
    (c) => c.json({}, 200),
  );
  expect(() => extended({ routes: clash }).headerNames()).toThrow(
    "createApp: Message is among the app's schemas",
  );
});

test("the deployment's instructions stand before those of the conversation, and may differ by user", async () => {
  const app = extended({ systemPrompt: ({ user }) => `You help ${user}.` });
  const { id } = (await send(app, "POST", "/conversations", {})).body;
  await send(app, "POST", `/conversations/${id}/messages`, {
    role: "system",
    content: "Be brief.",
  });
  const { body } = await send(app, "POST", `/conversations/${id}/chat`, { content: "/prompt" });
  expect(JSON.parse(body.assistantMessage.content).system).toBe("You help alice.\n\nBe brief.");
});

/** Calls of hooks by their names, of an app that was asked for one of everything. */
async function toldOf(hooks: Hooks, user: string) {
  const app = extended({ hooks });
  const { id } = (await send(app, "POST", "/conversations", {}, user)).body;
  const answered = await send(app, "POST", `/conversations/${id}/chat`, { content: "Hello" }, user);
  const erased = await send(app, "DELETE", "/me", undefined, user);
  return { id, answered, erased };
}

test("hooks are told of turns and erasures", async () => {
  const turns: unknown[] = [];
  const { id, answered, erased } = await toldOf(
    {
      turnSaved: ({ user, conversationId, messages }, { tenant }) =>
        turns.push([tenant, user, conversationId, messages.map(({ content }) => content)]),
      userErased: ({ user }) => turns.push(["erased", user]),
    },
    "eve",
  );
  expect(answered.status).toBe(200);
  expect(erased.body.status).toBe("complete");
  expect(turns).toEqual([
    ["acme", "eve", id, ["Hello", "You said: Hello"]],
    ["erased", "eve"],
  ]);
});

test("a hook that fails, or never ends, changes nothing for the user and is logged without its message", async () => {
  api.log.length = 0;
  let isAborted = false;
  const { answered, erased } = await toldOf(
    {
      turnSaved: async (_, { signal }) => {
        signal.addEventListener("abort", () => {
          isAborted = true;
        });
        await new Promise(() => {});
      },
      userErased: () => {
        throw new TypeError("secret words");
      },
    },
    "zoe",
  );
  expect([answered.status, erased.status]).toEqual([200, 202]);
  expect(isAborted).toBe(true);
  const failures = api.log.filter(({ message }: LogEntry) => message === "failure");
  expect(failures.map(({ hook, error }) => [hook, error])).toEqual([
    ["turnSaved", "HookTimeout"],
    ["userErased", "TypeError"],
  ]);
  expect(JSON.stringify(api.log)).not.toContain("secret words");
});

test("a tool takes a schema of any library that speaks Standard Schema", async () => {
  const validate = (value: unknown) =>
    value === 7
      ? { value: "seven" }
      : { issues: [{ message: "must be 7", path: ["a", { key: "b" }] }, { message: "is wrong" }] };
  const seen: unknown[] = [];
  const tool = chatTool({
    name: "seven",
    description: "Takes 7.",
    input: {
      "~standard": { validate, jsonSchema: { input: ({ target }) => ({ $schema: target }) } },
    },
    execute: async (text) => seen.push(text),
  });
  expect(tool.inputSchema).toEqual({ $schema: "draft-2020-12" });
  const app = extended({ tools: [tool] });
  const { id } = (await send(app, "POST", "/conversations", {})).body;
  const outputOf = async (input: number) => {
    const content = `/tool seven ${input}`;
    const { body } = await send(app, "POST", `/conversations/${id}/chat`, { content });
    return body.assistantMessage.parts.find(({ type }: { type: string }) => type === "tool-result");
  };
  expect(await outputOf(7)).toMatchObject({ output: 1 });
  expect(await outputOf(8)).toMatchObject({
    isError: true,
    output: "The input is not valid. a.b: must be 7; is wrong",
  });
  expect(seen).toEqual(["seven"]);
});

test("the handler runs the maintenance of the schedule", async () => {
  const context = { getRemainingTimeInMillis: () => 8_000 };
  const report: unknown = await Reflect.apply(handler(extended({})), undefined, [
    maintenanceEvent,
    context,
  ]);
  expect(report).toMatchObject({ erasures: 0, due: 0 });
});
