import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { Cursors } from "../../app/http/cursor.ts";
import { TestApi } from "../../testing/app/api.ts";
import { upload } from "../../testing/app/upload.ts";
import { asUser, call, json } from "./support/function.ts";
import { changesOf, cutsOf } from "./support/grants.ts";
import { type Operation, operations, requiredQuery, type Schema } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();

const admin = { "cognito:groups": "admins" };
/** Every list that goes on with a cursor, in each state and order that it has, asked so that it does. */
const lists = operations.filter(takes("cursor")).flatMap((operation) => {
  const query = { ...requiredQuery(operation), ...(takes("limit")(operation) && { limit: "1" }) };
  const others = operation.parameters.flatMap(({ name, schema }) =>
    schema.default === undefined ? [] : valuesOf(schema).map((value) => ({ [name]: value })),
  );
  return [{}, ...others].map((other) => ({ path: operation.path, query: { ...query, ...other } }));
});
type List = (typeof lists)[number];

function takes(name: string) {
  return ({ parameters }: Operation) => parameters.some((parameter) => parameter.name === name);
}

/** What a parameter may be beside its default. */
function valuesOf({ enum: values = [], default: usual }: Schema): string[] {
  return z
    .array(z.string())
    .parse(values)
    .filter((value) => value !== usual);
}

/** A cursor of each list, and of Bob's. */
const cursors = new Map<List, string>();
const bobs = new Map<List, string>();

beforeAll(async () => {
  for (const [user, kept] of [
    ["alice", cursors],
    ["bob", bobs],
  ] as const) {
    const client = api.as(user, admin);
    await client.post("/conversations", { id: "first" });
    await client.post("/conversations", { id: "second" });
    await client.say("first", "1", "2", "3");
    await client.post("/conversations/second/chat", { content: "Counted." });
    for (const [id, state] of [
      ["third", "archived"],
      ["fourth", "archived"],
      ["fifth", "trashed"],
      ["sixth", "trashed"],
    ] as const) {
      await client.post("/conversations", { id });
      await client.patch(`/conversations/${id}`, { state });
    }
    for (const name of ["one", "two"]) {
      await upload(client, Buffer.from(name), "text/plain");
      await client.put(`/me/sessions/${name}`, {});
    }
    for (let reads = 0; reads < 2; reads++) await client.get(`/admin/users/${user}/usage`);
    for (const it of lists) kept.set(it, cursorIn((await ask(it, undefined, user)).text));
  }
});

function cursorIn(answer: string): string {
  const [, found] = /"(?:nextCursor|cursor)":"([\w-]+)"/.exec(answer) ?? [];
  if (found === undefined) throw new Error(`no cursor in ${answer}`);
  return found;
}

const ask = (
  { path, query }: List,
  cursor: string | undefined,
  user = "alice",
  target: Pick<TestApi, "app"> = api,
) =>
  call(target, "GET", path.replace("{id}", "first").replace("{user}", "alice"), {
    ...asUser(user, admin),
    query: { ...query, ...(cursor !== undefined && { cursor }) },
  });

async function expectRefused(it: List, cursor: string, user = "alice"): Promise<void> {
  const { status, text } = await ask(it, cursor, user);
  expect([it, cursor, status]).toEqual([it, cursor, 400]);
  expect(JSON.parse(text).type).toMatch(/:(invalid-cursor|validation)$/);
}

describe.each(lists)("a cursor of $path $query", (own) => {
  it("goes on with its own list", async () => {
    expect((await ask(own, cursors.get(own)!)).status).toBe(200);
  });

  it("is refused with any character changed, cut short or made longer", async (context) => {
    const cursor = cursors.get(own)!;
    const changed = [...changesOf(cursor), ...cutsOf(cursor)];
    tried(context, changed.length);
    for (const text of changed) await expectRefused(own, text);
  });

  it("is refused by every other list", async (context) => {
    tried(context, lists.length - 1);
    for (const other of lists) if (other !== own) await expectRefused(other, cursors.get(own)!);
  });

  it("is refused from another user, unless it is the administrators'", async (context) => {
    tried(context, 1);
    const theirs = bobs.get(own)!;
    if (own.path.startsWith("/admin/")) expect((await ask(own, theirs)).status).toBe(200);
    else await expectRefused(own, theirs);
  });

  it("is refused by another tenant, whose key is another", async (context) => {
    tried(context, 1);
    const elsewhere = api.with({ cursors: new Cursors(async () => new Uint8Array(32)) });
    const { status } = await ask(own, cursors.get(own)!, "alice", elsewhere);
    expect(status).toBe(400);
  });
});

it("refuses a changed cursor of a sweep, which comes in the body", async (context) => {
  const from = "2026-11-20";
  const sweep = (cursor?: string) =>
    call(api, "POST", "/admin/sweep", {
      ...asUser("alice", admin),
      headers: json,
      body: JSON.stringify({ from, cursor }),
    });
  const signed = await api.dependencies.cursors.signAlways(["sweep", from, from], "{}");
  const changed = [...changesOf(signed), ...cursors.values()];
  tried(context, changed.length);
  for (const cursor of changed) expect((await sweep(cursor)).status).toBe(400);
});

it("refuses all of them when their time is over", async (context) => {
  api.advance(31 * 24 * 3600);
  tried(context, lists.length);
  for (const it of lists) await expectRefused(it, cursors.get(it)!);
});
