import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { TestApi } from "../../testing/app/api.ts";
import { faultsOf } from "./support/answers.ts";
import { asUser, call } from "./support/function.ts";
import { itemsOf } from "./support/items.ts";
import { guarded, type Operation, pathOf } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();

const withJson = guarded.filter(({ body }) => body?.type === "application/json");

const admin = asUser("mallory", { "cognito:groups": "admins" });

const send = (
  operation: Operation,
  body: string | Buffer,
  headers: Record<string, string> = { "content-type": "application/json" },
) =>
  call(
    api,
    operation.method,
    pathOf(operation, () => "some-id"),
    { ...admin, headers, body },
  );

const deep = (open: string, close: string, levels = 100_000) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

/** Bodies that are refused whatever the operation is, by what stands in the place of the sample. */
const refused: Record<string, (sample: string) => string | Buffer> = {
  "a prototype": (sample) => sample.replace("{", '{"__proto__": {"isAdmin": true},'),
  "a prototype by its constructor": (sample) =>
    sample.replace("{", '{"constructor": {"prototype": {"isAdmin": true}},'),
  "an escaped prototype": (sample) => sample.replace("{", '{"\\u005f_proto__": {"x": 1},'),
  "arrays in arrays": () => deep("[", "]"),
  "objects in objects": () => deep('{"a":', "}"),
  "arrays in a field": (sample) => sample.replace("{", `{"x": ${deep("[", "]")},`),
  "1 MiB and a byte": (sample) => sample + " ".repeat(1024 * 1024 + 1 - sample.length),
  "5 MiB": () => `{"x": "${"x".repeat(5 * 1024 * 1024)}"}`,
  "a compressed bomb": () => gzipSync(Buffer.alloc(50 * 1024 * 1024)),
  "no number": (sample) => sample.replace("{", '{"x": NaN,'),
  "no number, spelled out": (sample) => sample.replace("{", '{"x": Infinity,'),
  "a comment": (sample) => `/* x */ ${sample}`,
  "a comma too many": (sample) => sample.replace(/\}$/, ",}"),
  "single quotes": (sample) => sample.replaceAll('"', "'"),
  "something behind it": (sample) => `${sample}x`,
  "a second value": (sample) => `${sample}\n${sample}`,
  "half of it": (sample) => sample.slice(0, -1),
  "a NUL": (sample) => `${sample}\0`,
  "UTF-16": (sample) => Buffer.from(`\ufeff${sample}`, "utf16le"),
  "bytes that are no text": () => Buffer.from([0xc0, 0xaf, 0xff, 0xfe, 0x80]),
  "a form": () => "title=x&role=admin",
  XML: () =>
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
  YAML: () => "!!js/function 'function () { return 1 }'",
  "an array": (sample) => `[${sample}]`,
  "a text": (sample) => JSON.stringify(sample),
  null: () => "null",
  "a number": () => "1e999",
};

/** What a page of another origin may send without asking, and others that are no JSON. */
const types = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/json",
  "application/jsonp",
  "text/plain; application/json",
  "application/xml",
  "application/javascript",
  "application/vnd.api+jsonx",
];

/** Fields that nobody may set, in no body of the API. */
const assigned = ["userId", "user", "sub", "owner", "tenant", "groups", "isAdmin", "expiresAt"]
  .concat(["pk", "sk", "recencyKey", "creationKey", "messageCount", "unreadCount", "version"])
  .concat(["purgedThrough", "secret", "$where", "cognito:groups", "hasOwnProperty"]);

describe.each(withJson)("$method $path", (operation) => {
  const sample = operation.body?.sample ?? "{}";

  it("refuses every body that is none, as the document says", async (context) => {
    tried(context, Object.keys(refused).length);
    for (const [name, change] of Object.entries(refused)) {
      const answer = await send(operation, change(sample));
      expect([name, answer.status]).toEqual([name, expect.toBeOneOf([400, 413])]);
      expect(faultsOf(operation, answer)).toEqual([]);
      expect(answer.text).not.toMatch(/etc|isAdmin|xxxx/);
    }
  });

  it("takes JSON from what says that it is JSON, and from nothing else", async (context) => {
    tried(context, types.length);
    for (const type of types) {
      const answer = await send(operation, sample, { "content-type": type });
      expect([type, answer.status]).toEqual([type, 415]);
    }
  });

  it("assigns no field that is not the client's", async (context) => {
    tried(context, assigned.length);
    for (const field of assigned) {
      const answer = await send(operation, sample.replace("{", `{"${field}": "admin",`));
      expect([field, answer.status]).toEqual([field, 400]);
    }
  });
});

it("has stored nothing of all that, and polluted nothing", async () => {
  expect(await itemsOf(api)).toEqual([]);
  expect(Reflect.get({}, "isAdmin")).toBeUndefined();
});

it("takes the last of two equal fields, reads over a mark of byte order, keeps what it was sent, and refuses broken UTF-8", async (context) => {
  tried(context, 4);
  const headers = { "content-type": "application/json" };
  const create = async (body: string | Buffer) => {
    const { status, text } = await call(api, "POST", "/conversations", { ...admin, headers, body });
    return { status, title: JSON.parse(text).title };
  };
  expect(await create('{"title": "a", "title": "b"}')).toEqual({ status: 201, title: "b" });
  expect(await create('\ufeff{"title": "a"}')).toEqual({ status: 201, title: "a" });
  const broken = Buffer.concat([
    Buffer.from('{"title": "'),
    Buffer.from([0xff]),
    Buffer.from('"}'),
  ]);
  expect(await create(broken)).toMatchObject({ status: 400 });
  const composed = ["\u00e9", "e\u0301", "\u202eabc", "a\u0000b", "<script>alert(1)</script>"];
  for (const title of composed) {
    expect(await create(JSON.stringify({ title }))).toEqual({ status: 201, title });
  }
});

it("reads lines of an import one by one, and refuses those that are none", async (context) => {
  const conversation = {
    kind: "conversation",
    id: "ok",
    title: "x",
    createdAt: "2026-01-01T00:00:00Z",
  };
  const lines = [
    deep("[", "]"),
    `{"kind": "state", "name": "x", "value": ${deep("[", "]")}}`,
    '{"kind": "state", "name": "x", "value": {"__proto__": 1}}',
    '{"kind": "state", "name": "x", "value": 1e999}',
    '{"kind": "state", "name": "x#y", "value": 1}',
    '{"kind": "state", "name": "../x", "value": 1}',
    '{"kind": "profile", "email": "x", "role": "admin"}',
    '{"kind": "__proto__"}',
    JSON.stringify({ ...conversation, id: "a#MSG#1" }),
    JSON.stringify({ ...conversation, createdAt: "2999-01-01T00:00:00Z" }),
    JSON.stringify({ ...conversation, title: "\ud800" }),
    JSON.stringify({ kind: "message", conversation: "ok", sequence: -1 }),
    JSON.stringify({ kind: "message", conversation: "ok", sequence: 1e15 }),
    "{",
    "null",
    "[]",
  ];
  tried(context, lines.length);
  const answer = await call(api, "POST", "/import", {
    ...asUser("importer"),
    headers: { "content-type": "application/x-ndjson" },
    body: [...lines, JSON.stringify({ ...conversation, userId: "alice", pk: "USER#alice" })].join(
      "\n",
    ),
  });
  const outcomes = answer.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).outcome);
  expect(outcomes).toEqual([...lines.map(() => "refused"), "created", undefined]);
  const [stored, ...others] = (await itemsOf(api)).filter(
    ({ pk }) => !String(pk).includes("mallory"),
  );
  expect([stored?.pk, others]).toEqual(["USER#importer", []]);
});
