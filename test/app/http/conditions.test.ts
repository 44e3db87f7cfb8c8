import { describe, expect, it } from "vitest";
import { contract } from "../../../app/contract/index.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { document, operations, pathOf } from "../../security/support/operations.ts";

const api = TestApi.forThisFile();

type User = ReturnType<TestApi["as"]>;

/** What a change of each kind of resource takes. */
const resources: Record<
  string,
  { path: string; body: unknown; make?: (user: User) => Promise<unknown> }
> = {
  profile: { path: "/me", body: { name: "Ada" } },
  session: { path: "/me/sessions/phone", body: { data: 1 } },
  state: { path: "/me/state/draft", body: { value: 1 } },
  conversation: {
    path: "/conversations/talk",
    body: { title: "New" },
    make: (user) => user.post("/conversations", { id: "talk" }),
  },
};

describe.each(Object.entries(resources))("%s", (_, { path, body, make }) => {
  const put = (user: User, headers: Record<string, string>) => user.put(path, body, headers);

  it("is changed with If-Match: * when it is there, and never made by it", async () => {
    const user = api.as(randomKey());
    const before = await user.get(path);
    const refused = await put(user, { "if-match": "*" });
    expect(refused.status).toBe(make === undefined ? 412 : 404);
    expect((await user.get(path)).text).toBe(before.text);
    await (make?.(user) ?? put(user, {}));
    expect((await put(user, { "if-match": "*" })).status).toBe(200);
  });

  it("is made with If-None-Match: *, and never overwritten by it", async () => {
    const user = api.as(randomKey());
    if (make === undefined) {
      expect((await put(user, { "if-none-match": "*" })).status).toBe(200);
    } else {
      expect((await put(user, { "if-none-match": "*" })).status).toBe(404);
      await make(user);
    }
    const before = await user.get(path);
    expect((await put(user, { "if-none-match": "*" })).status).toBe(412);
    expect((await user.get(path)).headers.get("etag")).toBe(before.headers.get("etag"));
  });

  it("takes lists of tags, compared strongly by If-Match and weakly by If-None-Match", async () => {
    const user = api.as(randomKey());
    await (make?.(user) ?? put(user, {}));
    const many = Array.from({ length: 150 }, (_, index) => `"${index + 20}"`).join(",");
    for (const [name, value, status] of [
      ["if-match", '"9", "1"', 200],
      ["if-match", '"9", "8"', 412],
      ["if-match", 'W/"2"', 412],
      ["if-match", `${many},"1"`, 412],
      ["if-match", `${many},"2"`, 200],
      ["if-none-match", '"3"', 412],
      ["if-none-match", 'W/"3"', 412],
      ["if-none-match", '"2", W/"9"', 200],
      ["if-match", '"none of ours"', 412],
      ["if-none-match", '"none of ours"', 200],
    ] as const) {
      expect([name, value, (await put(user, { [name]: value })).status]).toEqual([
        name,
        value,
        status,
      ]);
    }
    const both = { "if-match": "*", "if-none-match": '"5"' };
    expect((await put(user, both)).status).toBe(412);
    expect((await put(user, { ...both, "if-none-match": '"6"' })).status).toBe(200);
    expect((await put(user, { "if-match": '"6"', "if-none-match": "*" })).status).toBe(412);
  });

  it("answers 304 with its tag and no body to a reader who holds it", async () => {
    const user = api.as(randomKey());
    await (make?.(user) ?? put(user, {}));
    const { headers } = await user.get(path);
    const tag = headers.get("etag")!;
    for (const held of [tag, `W/${tag}`, `"99", ${tag}`, "*"]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await user.send(method, path, { headers: { "if-none-match": held } });
        expect([held, answer.status, answer.text]).toEqual([held, 304, ""]);
        expect(answer.headers.get("etag")).toBe(tag);
        expect(answer.headers.get("content-type")).toBeNull();
      }
    }
    expect((await user.get(path, { "if-none-match": '"99"' })).status).toBe(200);
    await put(user, {});
    expect((await user.get(path, { "if-none-match": tag })).status).toBe(200);
  });
});

it("takes If-Match for every change of what is read with an ETag", () => {
  const tagged = operations
    .filter(({ method, responses }) => method === "GET" && "304" in responses)
    .map(({ path }) => path);
  expect(tagged).toHaveLength(Object.keys(resources).length);
  const changes = operations.filter(({ method }) => ["PUT", "PATCH", "DELETE"].includes(method));
  for (const { method, path, parameters } of changes.filter((one) => tagged.includes(one.path))) {
    // The erasure of oneself is no change of the profile.
    const isErasure = method === "DELETE" && path === "/me";
    const isTaken = parameters.some(({ name }) => name === "if-match");
    expect([method, path, isTaken]).toEqual([method, path, !isErasure]);
  }
});

it("promises 304 wherever an ETag comes with a read", () => {
  for (const { method, path } of contract.filter((route) => route.method === "get")) {
    const { responses, parameters = [] } = document.paths[path][method];
    const hasTag = responses[200].headers?.ETag !== undefined;
    expect([path, responses[304] !== undefined]).toEqual([path, hasTag]);
    const takesTag = parameters.some(({ name }: { name: string }) => name === "if-none-match");
    expect([path, takesTag]).toEqual([path, hasTag]);
  }
});

it("keeps a key of every POST, or says that it does not", async () => {
  const user = api.as(randomKey(), { "cognito:groups": "admins" });
  const posts = contract.filter(({ method }) => method === "post");
  const kept = posts.filter(({ path }) =>
    document.paths[path].post.parameters?.some(
      ({ name }: { name: string }) => name === "idempotency-key",
    ),
  );
  expect(kept.map(({ operationId }) => operationId).toSorted()).toEqual([
    "appendMessage",
    "chat",
    "copyConversation",
    "createCompletion",
    "createConversation",
    "regenerate",
  ]);
  for (const { path } of posts.filter((route) => !kept.includes(route))) {
    const sent = await user.post(path.replaceAll(/\{\w+\}/g, "x1"), {}, { "idempotency-key": "k" });
    expect([path, sent.status]).toEqual([path, 400]);
    expect(sent.body.errors).toMatchObject([{ in: "header", pointer: "idempotency-key" }]);
  }
});

it("refuses a condition on every write that checks none", async () => {
  const user = api.as(randomKey(), { "cognito:groups": "admins" });
  const writes = operations.filter(
    ({ method, parameters }) =>
      method !== "GET" && !parameters.some(({ name }) => name === "if-match"),
  );
  expect(writes.length).toBeGreaterThan(15);
  for (const { method, path } of writes) {
    for (const name of ["if-match", "if-none-match"]) {
      const at = path.replaceAll(/\{\w+\}/g, "x1");
      const sent = await user.send(method, at, { headers: { [name]: '"1"' } });
      expect([method, path, sent.status]).toEqual([method, path, 400]);
      expect(sent.body.errors).toMatchObject([{ in: "header", pointer: name }]);
      expect(document.paths[path][method.toLowerCase()].responses).toHaveProperty("400");
    }
  }
});

it("lets no cache keep an answer and no browser guess its type", async () => {
  const user = api.as(randomKey());
  const routes = operations.map((one) => ({ ...one, path: pathOf(one, () => "none") }));
  const others = [
    { path: "/nowhere", method: "GET" },
    { path: "/me", method: "POST" },
  ];
  for (const { path, method } of [...routes, ...others]) {
    const { headers } = await user.send(method, path);
    expect([path, headers.get("cache-control")]).toEqual([path, "no-store"]);
    expect([path, headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
  }
  const { headers } = await api.app.request("/me");
  expect(headers.get("cache-control")).toBe("no-store");
});
