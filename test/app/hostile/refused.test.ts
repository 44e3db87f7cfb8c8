import { randomBytes } from "node:crypto";
import { BatchWriteCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { mostPins } from "../../../app/store/conversation-store.ts";
import { type Client, TestApi } from "../../../testing/app/api.ts";
import { grant, upload } from "../../../testing/app/upload.ts";
import { document, type Operation, operations } from "../../security/support/operations.ts";

/**
 * Every operation of the OpenAPI document that stores, refused in every way that the document names: table and
 * bucket then hold what they held before. An operation without an entry below fails, and so does a status
 * that no refusal answers with.
 */
const api = TestApi.forThisFile();

/** More than an item holds, compressed or not: it would lie in the bucket. */
const large = randomBytes(525 * 1024).toString("base64");
const megabyte = 1024 * 1024;
const kept = { "idempotency-key": "kept" };

/** What a user has before the refusals. */
interface Place {
  readonly user: string;
  readonly client: Client;
  /** Conversations, by the state that they are in. */
  readonly open: string;
  readonly archived: string;
  readonly trashed: string;
  readonly deleted: string;
  /** Has a title of its question's; of the other, the model fails. */
  readonly untitled: string;
  readonly failing: string;
  /** Documents, by how far they are. */
  readonly granted: string;
  readonly ready: string;
  readonly token: string;
}

async function prepare(user: string): Promise<Place> {
  const client = api.as(user, { "cognito:groups": "admins" });
  const make = async (title: string) => {
    const id = await client.conversation(title);
    await client.post(`/conversations/${id}/chat`, { content: "before" });
    return id;
  };
  const [open, archived, trashed, deleted] = [
    await make("open"),
    await make("archived"),
    await make("trashed"),
    await make("deleted"),
  ];
  for (const [id, state] of [
    [archived, "archived"],
    [trashed, "trashed"],
  ] as const) {
    await client.patch(`/conversations/${id}`, { state });
  }
  await client.delete(`/conversations/${deleted}`);
  const asked = async (content: string) => {
    const { id } = (await client.post("/conversations", {})).body;
    await client.post(`/conversations/${id}/chat`, { content });
    return id;
  };
  const [untitled, failing] = [await asked("a question"), await asked("/throttled")];
  if (pinning.includes(user)) {
    for (let index = 0; index < mostPins; index++) {
      await client.post("/conversations", { title: "pinned", pinned: true });
    }
  }
  await client.put("/me", { name: "Before" });
  await client.put("/me/sessions/phone", { data: { device: "old" } });
  await client.put("/me/state/sidebar", { value: 1 });
  const file = Buffer.from("a text");
  const { token } = (await client.post("/me/tokens", { purpose: "link-device" })).body;
  const { id: granted } = await grant(client, file, "text/plain");
  const { id: ready } = await upload(client, file, "text/plain");
  // Keys that belong to another body.
  for (const path of ["", `/${open}/messages`, `/${open}/chat`, `/${open}/regenerate`]) {
    const body = path === "" ? {} : path.endsWith("regenerate") ? {} : { content: "kept" };
    const role = path.endsWith("messages") ? { role: "user" } : {};
    await client.post(`/conversations${path}`, { ...body, ...role }, kept);
  }
  await client.post("/chat/completions", completionIn(open, "kept"), kept);
  await client.post(`/conversations/${open}/chat`, { content: "at last" });
  // A look at a quota sums up what was taken before there was one.
  await api.with(spent).as(user).post(`/conversations/${open}/chat`, { content: "too much" });
  const ids = { open, archived, trashed, deleted, untitled, failing };
  return { user, client, ...ids, granted, ready, token };
}

/** Operations that change conversations of any state, and pin them. */
const pinning = ["replaceConversation", "updateConversation"];
const ofAnyState = [...pinning, "copyConversation"];

type Ask = (client: Client, place: Place) => Promise<{ status: number; text: string }>;

interface Storing {
  /** Values of the path's parameters. */
  readonly path?: (place: Place) => Readonly<Record<string, string>>;
  /** Of a request that is carried out; what is not text is sent as JSON. */
  readonly body?: (place: Place) => unknown;
  /** A body that the operation takes as well, and that is another request. */
  readonly otherBody?: unknown;
  /** Ways to be refused beside those that follow from the document: status and request. */
  readonly refusals?: Readonly<Record<string, readonly [status: number, ask: Ask]>>;
}

const inOpen = { path: ({ open }: Place) => ({ id: open }) };
const ofMessage = (messageId: string) => ({
  path: ({ open }: Place) => ({ id: open, messageId }),
});
const spent = { quotas: { tokensPerDay: 1 } };

const completionIn = (conversation: string, content: string) => ({
  model: "embedded",
  messages: [{ role: "user", content }],
  metadata: { conversation_id: conversation },
});

const ofTurns = (call: string, body: object): Storing["refusals"] => ({
  "unknown model": [
    409,
    (client, { open }) =>
      client.post(`/conversations/${open}/${call}`, { ...body, modelId: "none" }),
  ],
  "quota spent": [
    429,
    (_, { user, open }) => api.with(spent).as(user).post(`/conversations/${open}/${call}`, body),
  ],
});

const storing: Readonly<Record<string, Storing>> = {
  replaceProfile: {
    body: () => ({ name: "After" }),
    refusals: {
      "large preferences": [
        400,
        (client) => client.put("/me", { preferences: { much: "x".repeat(17_000) } }),
      ],
    },
  },
  putSession: {
    path: () => ({ id: "phone" }),
    body: () => ({ data: { device: "new" } }),
    refusals: {
      "large value": [400, (client) => client.put("/me/sessions/new", { data: "x".repeat(9_000) })],
    },
  },
  deleteSession: { path: () => ({ id: "phone" }) },
  putState: {
    path: () => ({ key: "sidebar" }),
    body: () => ({ value: 2 }),
    refusals: {
      "large value": [400, (client) => client.put("/me/state/new", { value: "x".repeat(70_000) })],
    },
  },
  deleteState: { path: () => ({ key: "sidebar" }) },
  issueToken: {
    body: () => ({ purpose: "link-device" }),
    refusals: {
      "large data": [
        400,
        (client) => client.post("/me/tokens", { purpose: "x", data: "x".repeat(3_000) }),
      ],
    },
  },
  redeemToken: {
    body: ({ token }) => ({ token, purpose: "link-device" }),
    refusals: {
      "another purpose": [
        404,
        (client, { token }) => client.post("/me/tokens/redeem", { token, purpose: "other" }),
      ],
      "another user's": [
        404,
        (_, { token }) =>
          api.as("mallory").post("/me/tokens/redeem", { token, purpose: "link-device" }),
      ],
    },
  },
  createConversation: {
    body: () => ({ title: "new" }),
    refusals: Object.fromEntries(
      (["open", "archived", "trashed", "deleted"] as const).map((state) => [
        `id of what is ${state}`,
        [409, (client, place) => client.post("/conversations", { id: place[state] }, fresh())],
      ]),
    ),
  },
  replaceConversation: {
    ...inOpen,
    body: () => ({ title: "After" }),
    refusals: {
      "too many pins": [
        409,
        (client, { open }) =>
          client.put(`/conversations/${open}`, { title: "After", pinned: true }),
      ],
      "no such guardrail": [
        400,
        (client, { open }) =>
          client.put(`/conversations/${open}`, { title: "x", settings: { guardrail: "none" } }),
      ],
    },
  },
  updateConversation: {
    ...inOpen,
    body: () => ({ title: "After" }),
    refusals: {
      "no change": [400, (client, { open }) => client.patch(`/conversations/${open}`, {})],
      "too many pins": [
        409,
        (client, { open }) => client.patch(`/conversations/${open}`, { pinned: true }),
      ],
      "no such tool": [
        400,
        (client, { open }) =>
          client.patch(`/conversations/${open}`, { settings: { tools: ["none"] } }),
      ],
    },
  },
  markConversationRead: { ...inOpen, body: () => ({ sequence: 1 }) },
  clearConversation: inOpen,
  deleteConversation: inOpen,
  copyConversation: {
    ...inOpen,
    body: () => ({ through: "1" }),
    refusals: {
      "id of another": [
        409,
        (client, { open, archived }) =>
          client.post(`/conversations/${open}/copy`, { through: "1", id: archived }),
      ],
      "no such message": [
        404,
        (client, { open }) => client.post(`/conversations/${open}/copy`, { through: "99" }),
      ],
    },
  },
  deleteConversations: {
    body: ({ open }) => ({ ids: [open] }),
    refusals: {
      "the same twice": [
        400,
        (client, { open }) => client.post("/conversations/delete", { ids: [open, open] }),
      ],
      "another user's": [
        200,
        (_, { open }) => api.as("mallory").post("/conversations/delete", { ids: [open] }),
      ],
    },
  },
  appendMessage: {
    ...inOpen,
    body: () => ({ role: "user", content: large }),
    refusals: {
      "unknown document": [
        400,
        (client, { open }) =>
          client.post(`/conversations/${open}/messages`, {
            role: "user",
            content: large,
            documents: ["none"],
          }),
      ],
      "large content": [
        413,
        (client, { open }) =>
          client.post(`/conversations/${open}/messages`, {
            role: "user",
            content: "x".repeat(960 * 1024 + 1),
          }),
      ],
    },
  },
  editMessage: {
    ...ofMessage("2"),
    body: () => ({ content: "After" }),
    refusals: {
      "large content": [
        413,
        (client, { open }) =>
          client.patch(`/conversations/${open}/messages/2`, {
            content: "x".repeat(960 * 1024 + 1),
          }),
      ],
      "unknown document": [
        400,
        (client, { open }) =>
          client.patch(`/conversations/${open}/messages/2`, {
            parts: [{ type: "image", mediaType: "image/png", document: "none" }],
          }),
      ],
    },
  },
  deleteMessage: ofMessage("2"),
  putFeedback: {
    ...ofMessage("2"),
    body: () => ({ rating: "up" }),
    refusals: {
      "on a question": [
        404,
        (client, { open }) =>
          client.put(`/conversations/${open}/messages/1/feedback`, { rating: "up" }),
      ],
    },
  },
  deleteFeedback: ofMessage("2"),
  chat: {
    ...inOpen,
    body: () => ({ content: "after" }),
    refusals: {
      ...ofTurns("chat", { content: large.slice(0, 500) }),
      blank: [
        400,
        (client, { open }) => client.post(`/conversations/${open}/chat`, { content: " \n\u200b" }),
      ],
      "unknown document": [
        400,
        (client, { open }) =>
          client.post(`/conversations/${open}/chat`, { content: large, documents: ["none"] }),
      ],
      "more than the model reads": [
        413,
        (client, { open }) =>
          client.post(`/conversations/${open}/chat`, { content: large, modelId: "embedded-small" }),
      ],
    },
  },
  regenerate: {
    ...inOpen,
    body: () => ({}),
    otherBody: { content: "another question" },
    refusals: {
      ...ofTurns("regenerate", {}),
      "the model fails": [
        502,
        (client, { open }) =>
          client.post(`/conversations/${open}/regenerate`, { content: "/throttled" }),
      ],
      "nothing to regenerate": [
        409,
        async (client, { archived }) => client.post(`/conversations/${archived}/regenerate`, {}),
      ],
    },
  },
  titleConversation: {
    path: ({ untitled }) => ({ id: untitled }),
    refusals: {
      "quota spent": [
        429,
        (_, { user, untitled }) =>
          api.with(spent).as(user).post(`/conversations/${untitled}/title`, undefined),
      ],
      "the model fails": [
        502,
        (client, { failing }) => client.post(`/conversations/${failing}/title`, undefined),
      ],
    },
  },
  stopRunningAnswer: inOpen,
  createCompletion: {
    body: ({ open }) => completionIn(open, "after"),
    refusals: {
      "unknown model": [
        409,
        (client, { open }) =>
          client.post("/chat/completions", { ...completionIn(open, "x"), model: "none" }),
      ],
      "quota spent": [
        429,
        (_, { user, open }) =>
          api.with(spent).as(user).post("/chat/completions", completionIn(open, "x")),
      ],
      "no such conversation": [
        404,
        (client) => client.post("/chat/completions", completionIn("none", "x")),
      ],
      deleted: [
        404,
        (client, { deleted }) => client.post("/chat/completions", completionIn(deleted, "x")),
      ],
      archived: [
        409,
        (client, { archived }) => client.post("/chat/completions", completionIn(archived, "x")),
      ],
      "another user's": [
        404,
        (_, { open }) => api.as("mallory").post("/chat/completions", completionIn(open, "x")),
      ],
    },
  },
  addDocument: {
    body: () => ({ name: "a file", type: "text/plain", size: 10 }),
    refusals: {
      "large document": [
        400,
        (client) => client.post("/documents", { name: "x", type: "text/plain", size: 1e9 }),
      ],
    },
  },
  completeDocument: {
    path: ({ ready }) => ({ id: ready }),
    refusals: {
      "nothing uploaded": [
        409,
        (client, { granted }) => client.post(`/documents/${granted}/complete`, undefined),
      ],
    },
  },
  deleteDocument: { path: ({ ready }) => ({ id: ready }) },
  importAll: {
    body: () => '{"kind":"state","name":"imported","value":1}\n',
    refusals: {
      "lines that make no sense": [
        200,
        async (client, { open }) => {
          const lines = [
            "no JSON",
            { kind: "state", name: "a#b", value: 1 },
            { kind: "message", conversation: "none", sequence: 1, role: "user", content: "x" },
            { kind: "message", conversation: open, sequence: 99, role: "user", content: large },
            { kind: "conversation", id: "x", title: "x", state: "deleted" },
          ].map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
          const answer = await client.send("POST", "/import", {
            body: lines.join("\n"),
            headers: { "content-type": "application/x-ndjson" },
          });
          expect(answer.text).not.toMatch(/"outcome":"(created|exists)"/);
          return answer;
        },
      ],
    },
  },
  eraseAll: {
    refusals: {
      "a condition": [400, (client) => client.delete("/me", { "if-match": '"1"' })],
    },
  },
  sweep: {
    body: () => ({ from: "2026-01-01" }),
    refusals: {
      "no administrator": [
        403,
        (_, { user }) => api.as(user).post("/admin/sweep", { from: "2026-01-01" }),
      ],
      "no range": [
        400,
        (client) => client.post("/admin/sweep", { from: "2026-01-02", to: "2026-01-01" }),
      ],
    },
  },
};

let keys = 0;
const fresh = () => ({ "idempotency-key": `fresh-${keys++}` });

/** Sends the operation's request with some of it changed. */
function send(
  operation: Operation,
  place: Place,
  client: Client,
  change: {
    readonly path?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  } = {},
) {
  const { path = () => ({}), body = () => undefined } = storing[operation.operationId]!;
  const values: Readonly<Record<string, string>> = { ...path(place), ...change.path };
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? name);
  const type: Record<string, string> =
    operation.body === null ? {} : { "content-type": operation.body.type };
  return client.send(operation.method, filled, {
    body: "body" in change ? change.body : body(place),
    headers: { ...type, ...change.headers },
  });
}

/** What the document says of how an operation may be refused. */
function* refusalsOf(
  operation: Operation,
  place: Place,
): Generator<readonly [name: string, status: number, ask: () => ReturnType<Ask>]> {
  const { operationId, method, path, body, parameters, responses } = operation;
  const { client, user } = place;
  const entry = storing[operationId]!;
  const takes = (header: string) => parameters.some(({ name }) => name === header);
  const ask = (change: Parameters<typeof send>[3], by = client) =>
    send(operation, place, by, change);

  yield ["no token", 401, () => ask({}, api.as(user, { token_use: "id" }))];
  yield ["suspended", 403, () => ask({}, api.with({ state: "suspended" }).as(user))];
  if (operationId !== "eraseAll") {
    yield ["off-boarding", 403, () => ask({}, api.with({ state: "off-boarding" }).as(user))];
  }
  if (body !== null) {
    const limit = operationId === "importAll" ? 3 * megabyte : megabyte;
    yield ["a large body", 413, () => ask({ body: "x".repeat(limit + 1) })];
    yield ["another type", 415, () => ask({ headers: { "content-type": "text/xml" } })];
    const { required = false } = document.paths[path][method.toLowerCase()].requestBody;
    if (required) yield ["no body", 400, () => ask({ body: undefined })];
    if (body.type === "application/json") {
      yield ["no JSON", 400, () => ask({ body: '{"a":' })];
      yield ["null", 400, () => ask({ body: "null" })];
      const more = { ...Object(entry.body?.(place)), unknown: 1 };
      yield ["an unknown field", 400, () => ask({ body: more })];
    }
  }
  for (const { name } of parameters.filter((parameter) => parameter.in === "path")) {
    yield [`${name} that forges a key`, 400, () => ask({ path: { [name]: "a%23b" } })];
    if ("404" in responses) {
      yield [`${name} of nothing`, 404, () => ask({ path: { [name]: "404" } })];
    }
  }
  if ("404" in responses && path.includes("{")) {
    yield ["another user's", 404, () => ask({}, api.as("mallory"))];
  }
  if (path.startsWith("/conversations/{id}") && "404" in responses) {
    for (const headers of takes("idempotency-key") ? [{}, fresh()] : [{}]) {
      yield ["deleted", 404, () => ask({ path: { id: place.deleted }, headers })];
      if (!("409" in responses) || ofAnyState.includes(operationId)) continue;
      for (const state of ["archived", "trashed"] as const) {
        yield [state, 409, () => ask({ path: { id: place[state] }, headers })];
      }
    }
  }
  if (takes("if-match")) {
    yield ["stale", 412, () => ask({ headers: { "if-match": '"99"' } })];
    yield ["there already", 412, () => ask({ headers: { "if-none-match": "*" } })];
  }
  if (takes("idempotency-key")) {
    const change = entry.otherBody === undefined ? {} : { body: entry.otherBody };
    yield ["key of another body", 422, () => ask({ ...change, headers: kept })];
  } else if (method === "POST") {
    yield ["a key that is not kept", 400, () => ask({ headers: kept })];
  }
  if (["POST", "PUT", "PATCH"].includes(method) && !/^\/(conversations\/|admin)/.test(path)) {
    yield ["erasing", 409, () => ask({}, api.as("erasing"))];
  }
  for (const [name, [status, refused]] of Object.entries(entry.refusals ?? {})) {
    yield [name, status, () => refused(client, place)];
  }
}

async function stored() {
  const { client, tableName, objects } = api.table;
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: tableName, ConsistentRead: true }),
  );
  const items = Object.fromEntries(Items.map((item) => [`${item.pk} ${item.sk}`, item]));
  return { items, objects: (await Array.fromAsync(objects.list(""))).map(({ key }) => key) };
}

/** What one operation left need not be read again around each refusal of the next one. */
afterEach(async () => {
  const { client, tableName } = api.table;
  const keys = Object.values((await stored()).items).map(({ pk, sk }) => ({ pk, sk }));
  for (let from = 0; from < keys.length; from += 25) {
    const requests = keys.slice(from, from + 25).map((Key) => ({ DeleteRequest: { Key } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
  }
});

const stores = operations.filter(({ method }) => !["GET", "HEAD"].includes(method));

it("knows every operation that stores, and no other", () => {
  expect(Object.keys(storing).toSorted()).toEqual(
    stores.map(({ operationId }) => operationId).toSorted(),
  );
});

describe.each(stores)("$operationId", (operation) => {
  it("keeps nothing of a request that it refuses, in every way that it can, and carries out a good one", async () => {
    const place = await prepare(operation.operationId);
    await api.as("erasing").delete("/me");
    const answered = new Set<string>();
    const before = await stored();
    for (const [name, status, ask] of refusalsOf(operation, place)) {
      const answer = await ask();
      expect([name, answer.status, answer.text.slice(0, 300)]).toEqual([
        name,
        status,
        expect.anything(),
      ]);
      expect([name, await stored()]).toEqual([name, before]);
      answered.add(String(status));
    }
    const declared = Object.keys(operation.responses).filter((status) => /^(4|502)/.test(status));
    expect(declared.filter((status) => !answered.has(status))).toEqual([]);
    expect((await send(operation, place, place.client)).status).toBeLessThan(300);
    // There is nothing to do.
    const idle = ["markConversationRead", "deleteFeedback", "completeDocument", "sweep"];
    const isIdle = [...idle, "stopRunningAnswer"].includes(operation.operationId);
    if (!isIdle) expect(await stored()).not.toEqual(before);
  });
});
