import { describe, expect, it } from "vitest";
import { randomKey, TestApi } from "../../testing/app/api.ts";
import { faultsOf } from "./support/answers.ts";
import { asUser, call, json } from "./support/function.ts";
import { itemsOf } from "./support/items.ts";
import { guarded, type Operation } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();

/** Names that would be another's key, another path, another name that looks alike, or none. */
const names = ["#", "a#b", "USER#alice", "x#CONV#y", "MSG#0000000001", "../alice", "..", "./x", "/"]
  .concat([
    "a/b",
    "a\\b",
    "\0",
    "a\0b",
    "\n",
    "a\nb",
    "\r\n",
    " ",
    "a b",
    "%",
    "%23",
    "%2523",
    "%00",
  ])
  .concat([
    "a?b",
    "a&b=c",
    "a;b",
    "a:b",
    "*",
    "$",
    "{id}",
    "\u00e9",
    "e\u0301",
    "\u202ecba",
    "\u200b",
  ])
  .concat([
    "аlice",
    "ａ",
    "\u{1f600}",
    "\ud800",
    "\udc00a",
    "x".repeat(65),
    "x".repeat(2_048),
    "'--",
  ])
  .concat(["a,b", "[a]", "<b>", "`a`", "|", "~", "^", "!", "\u0130", "\u1e9e", "\ufeff", "\u2028"]);

/** As in a path: what UTF-8 cannot say goes as the bytes that it would have. */
const encoded = (name: string) =>
  encodeURIComponent(name.toWellFormed())
    .replaceAll("%EF%BF%BD", "%ED%A0%80")
    .replaceAll(".", "%2E");

const withNames = guarded.filter(({ parameters }) => parameters.some((it) => it.in === "path"));

const request = (operation: Operation) => ({
  ...asUser("mallory", { "cognito:groups": "admins" }),
  ...(operation.body && { headers: { "content-type": operation.body.type } }),
  body: operation.body?.sample,
});

describe.each(withNames)("$method $path", (operation) => {
  it("takes no name in its path that is no identifier", async (context) => {
    const places = operation.path.match(/\{\w+\}/g) ?? [];
    tried(context, names.length * places.length * 2);
    for (const place of places) {
      for (const name of names) {
        for (const written of [encoded(name), encoded(name).toLowerCase()]) {
          const path = operation.path.replace(place, written).replaceAll(/\{\w+\}/g, "1");
          const answer = await call(api, operation.method, path, request(operation));
          expect([name, answer.status]).toEqual([name, expect.toBeOneOf([400, 404, 405])]);
          expect(faultsOf(operation, answer)).toEqual([]);
        }
      }
    }
  });
});

it("takes none in a body", async (context) => {
  const mallory = api.as("mallory");
  await mallory.post("/conversations", { id: "own" });
  const bodies = (name: string) =>
    [
      ["/conversations", { id: name }],
      ["/conversations/own/messages", { role: "user", content: "x", documents: [name] }],
      ["/conversations/own/chat", { content: "x", documents: [name] }],
      ["/me/tokens", { purpose: name }],
    ] as const;
  for (const name of ["", ...names]) {
    for (const [path, body] of bodies(name)) {
      tried(context, 1);
      expect([path, name, (await mallory.post(path, body)).status]).toEqual([path, name, 400]);
    }
  }
});

it("takes none in a header, or hashes what it takes", async (context) => {
  const mallory = api.as("mallory");
  const key = (name: string) => ({ "idempotency-key": name });
  const message = { role: "user", content: "x" };
  tried(context, names.length);
  for (const name of names) {
    const answer = await call(api, "POST", "/conversations/own/messages", {
      ...asUser("mallory"),
      headers: { ...json, ...key(name) },
      body: JSON.stringify(message),
    });
    // What is no header is no request; of the rest, visible ASCII is a key.
    const isKey = /^[\x21-\x7e]{1,255}$/.test(name.trim());
    expect([name, answer.status]).toEqual([name, isKey ? 201 : 400]);
  }
  const path = "/conversations/own/messages";
  expect((await mallory.post(path, message, key("MSG#0000000001"))).status).toBe(201);
});

it("takes names of JavaScript for what they are: names", async (context) => {
  const user = api.as("names");
  const own = [
    "__proto__",
    "constructor",
    "toString",
    "prototype",
    "null",
    "undefined",
    "true",
    "-1",
    "0",
  ];
  tried(context, own.length);
  for (const name of own) {
    expect((await user.get(`/conversations/${name}`)).status).toBe(404);
    expect((await user.post("/conversations", { id: name })).body.id).toBe(name);
    expect((await user.put(`/me/state/${name}`, { value: name })).body.value).toBe(name);
    expect((await user.get(`/me/state/${name}`)).body.key).toBe(name);
  }
  expect((await user.get("/conversations")).body.items).toHaveLength(own.length);
});

it("built no key but of the forms that there are, each below the caller", async (context) => {
  const id = "[0-9A-Za-z_-]{1,64}";
  const forms = [
    [
      /^USER#(mallory|names)$/,
      new RegExp(`^(PROFILE|(CONV|DOC|SESSION|STATE|TOKEN|IDEM)#${id}|USAGE#\\d{4}-\\d\\d)$`),
    ],
    [new RegExp(`^USER#(mallory|names)#CONV#${id}$`), /^(MSG#\d{10}|IDEM#[\w-]{43})$/],
    [/^AUDIT#\d{4}-\d\d$/, /^\d{4}-\d\d-\d\dT/],
    [/^TENANT$/, /^CURSOR-SIGNING-KEY$/],
    [/^ERASURE#(mallory|names)$/, /^RECEIPT$/],
  ] as const;
  const items = await itemsOf(api);
  tried(context, items.length);
  const odd = items.filter(
    ({ pk, sk }) => !forms.some(([partition, sort]) => partition.test(pk) && sort.test(sk)),
  );
  expect(odd.map(({ pk, sk }) => [pk, sk])).toEqual([]);
  expect(await api.as(randomKey()).all("/conversations")).toEqual([]);
});
