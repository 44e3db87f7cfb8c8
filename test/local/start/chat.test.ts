import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../../app/contract/index.ts";
import type { Tenant } from "../../../local/environment.ts";
import { run, type Started, start, temporaryDataDir } from "../../../testing/processes/start.ts";
import { printedPattern, stepsOf } from "../../docs/commands.ts";
import { Client, idToken, signIn } from "./client.ts";

let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
let environment: Started;

beforeAll(async () => {
  dataDir = await temporaryDataDir();
  environment = await start(dataDir.path);
});
afterAll(async () => {
  await environment.stop("SIGTERM");
  await dataDir.remove();
});

const tenantOf = (id: string) => environment.tenants.find((tenant) => tenant.id === id)!;
const ids = ["acme", "globex"];
const title = (text: string) => ({ title: text });
const question = (content: string) => ({ role: "user", content });

describe.each(ids)("the environment's tenant %s", (id) => {
  let tenant: Tenant;
  let ada: Client;
  let ben: Client;
  beforeAll(async () => {
    tenant = tenantOf(id);
    ada = new Client(tenant.url, await signIn(tenant, "ada", dataDir.path));
    ben = new Client(tenant.url, await signIn(tenant, "ben", dataDir.path));
  });

  const create = (text: string) => ada.json("POST", "/conversations", title(text));

  it("answers that it is healthy without a token", async () => {
    expect(await new Client(tenant.url).json("GET", "/health")).toEqual({ status: "ok" });
  });

  it("keeps 60 messages of parallel writers in order, and lists conversations by recency", async () => {
    const conversations = [];
    for (const text of ["first", "second", "third"]) conversations.push(await create(text));
    const [first, second, third] = conversations;
    const path = `/conversations/${second.id}/messages`;
    const contents = Array.from({ length: 60 }, (_, index) => `message ${index}`);
    const saved = await Promise.all(
      [0, 1, 2, 3].map(async (writer) => {
        const own = [];
        for (const content of contents.filter((_, index) => index % 4 === writer)) {
          own.push(await ada.json("POST", path, question(content)));
        }
        return own;
      }),
    );
    const listed = await ada.all("/conversations", 2);
    expect(listed.map((item) => item.id)).toEqual([second.id, third.id, first.id]);

    const messages = await ada.all(path, 7);
    expect(messages.map((message) => message.sequence)).toEqual(contents.map((_, i) => i + 1));
    expect(messages.map((message) => message.content).sort()).toEqual([...contents].sort());
    for (const own of saved) {
      const sequences = own.map((message) => message.sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    }
  });

  it("renames only the version that the client saw", async () => {
    const created = await ada.send("POST", "/conversations", title("old"));
    const path = `/conversations/${JSON.parse(await created.text()).id}`;
    const version = { "if-match": created.headers.get("etag")! };
    expect(await ada.json("PATCH", path, title("new"), version)).toMatchObject(title("new"));
    const stale = await ada.send("PATCH", path, title("newer"), version);
    expect(stale.status).toBe(412);
    expect(await ada.json("GET", path)).toMatchObject(title("new"));
  });

  it("saves a repeated append once, and refuses its key for another body", async () => {
    const { id: conversation } = await create("retries");
    const path = `/conversations/${conversation}/messages`;
    const key = { "idempotency-key": "retry-1" };
    const first = await ada.json("POST", path, question("once"), key);
    expect(await ada.json("POST", path, question("once"), key)).toEqual(first);
    expect((await ada.send("POST", path, question("other"), key)).status).toBe(422);
    expect(await ada.all(path, 50)).toHaveLength(1);
  });

  it("deletes a conversation with its messages", async () => {
    const { id: conversation } = await create("gone");
    const path = `/conversations/${conversation}`;
    await ada.json("POST", `${path}/messages`, question("gone too"));
    expect((await ada.send("DELETE", path)).status).toBe(204);
    expect((await ada.send("GET", path)).status).toBe(404);
    expect((await ada.send("GET", `${path}/messages`)).status).toBe(404);
  });

  it("B: answers 401 on every route to everything but an access token of its own pool", async () => {
    const access = await signIn(tenant, "admin", dataDir.path);
    const other = tenantOf(ids.find((known) => known !== id)!);
    const [head, payload, signature] = access.split(".");
    const tokens = [
      undefined,
      `${head}.${payload}.${signature!.slice(0, -10)}AAAAAAAAAA`,
      await idToken(tenant, dataDir.path),
      await signIn(other, "admin", dataDir.path),
    ];
    for (const token of tokens) {
      const client = new Client(tenant.url, token);
      for (const { method, path, security } of contract) {
        // Public routes have no security, or the empty one beside the token's.
        if (security.length !== 1) continue;
        const sent = path.replaceAll(/\{\w+\}/g, "x1");
        const response = await client.send(method.toUpperCase(), sent);
        expect([method, path, response.status]).toEqual([method, path, 401]);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        await response.body?.cancel();
      }
    }
    expect((await new Client(tenant.url, access).send("GET", "/conversations")).status).toBe(200);
  });

  it("tells nobody whether another user's conversation exists", async () => {
    const { id: conversation } = await create("private");
    for (const suffix of ["", "/messages"]) {
      const theirs = await ben.send("GET", `/conversations/${conversation}${suffix}`);
      const missing = await ben.send("GET", `/conversations/no-such-conversation${suffix}`);
      expect(theirs.status).toBe(404);
      expect(missing.status).toBe(404);
      expect(await theirs.text()).toBe(await missing.text());
      const names = (response: Response) => [...response.headers.keys()];
      expect(names(theirs)).toEqual(names(missing));
    }
  });

  it("refuses what is malformed with problem details", async () => {
    const { id: conversation } = await create("refusals");
    const messages = `/conversations/${conversation}/messages`;
    const large = { role: "user", content: "x".repeat(970 * 1024) };
    const refused = [
      ada.send("POST", "/conversations", "{"),
      ada.send("POST", "/conversations", { title: "x", owner: "somebody" }),
      ada.send("GET", "/conversations?colour=red"),
      ada.send("GET", "/conversations/a%23b"),
      ada.send("GET", "/conversations/a%2523b/messages"),
      ada.send("POST", messages, large),
      ada.send("POST", messages, { role: "user", content: "x".repeat(11 * 1024 * 1024) }),
      ada.send("GET", "/no/such/route"),
    ];
    const statuses = [];
    for (const response of await Promise.all(refused)) {
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await response.json()).toMatchObject({ title: expect.any(String) });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 413, 413, 404]);
  });
});

describe("the page of docs/api/client.md", () => {
  const root = resolve(import.meta.dirname, "../../..");
  const steps = stepsOf(readFileSync(join(root, "docs/api/client.md"), "utf8"));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "page-"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("signs in, shows the answer while it is written, and signs out", async () => {
    const opened = await run(["open", "acme", "--json", "--data-dir", dataDir.path]);
    const prints = steps.find(({ kind }) => kind === "prints")!;
    expect(opened.stdout).toMatch(printedPattern(prints.text));
    const settings = JSON.parse(opened.stdout);

    const source = steps.find((step) => step.kind === "file" && step.file === "page.ts")!;
    // The package is this repository, and it is not built.
    const library = JSON.stringify(join(root, "client/index.ts"));
    const path = join(folder, "page.ts");
    writeFileSync(path, source.text.replace('"chatstack/client"', library));
    const { signIn: signInto, clientOf, chat, signOut } = await import(path);

    const accounts = JSON.parse(readFileSync(join(dataDir.path, "accounts.json"), "utf8"));
    const [{ username, password }] = accounts.acme.users;
    const user = await signInto(settings, username, password);
    const api = clientOf(settings, user);
    const shown: string[] = [];
    const answer = await chat(api, "/words 50", (text: string) => shown.push(text));
    expect(answer.split(" ").length).toBeGreaterThan(40);
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.every((text) => answer.startsWith(text))).toBe(true);
    expect(await chat(api, "What now?", () => {})).toBe("You said: What now?");
    await signOut(user);
    const refreshToken = user.getSignInUserSession().getRefreshToken();
    const renewed = new Promise((done, fail) =>
      user.refreshSession(refreshToken, (error: unknown) =>
        error ? fail(error) : done("renewed"),
      ),
    );
    await expect(renewed).rejects.toMatchObject({ name: "NotAuthorizedException" });
  });
});

describe("after a kill -9", () => {
  it("has every message that was acknowledged, and takes the same users and tokens", async () => {
    const tenant = tenantOf("acme");
    const token = await signIn(tenant, "ada", dataDir.path);
    const before = new Client(tenant.url, token);
    const { id } = await before.json("POST", "/conversations", title("crash"));
    const path = `/conversations/${id}/messages`;
    const acknowledged: string[] = [];
    const writer = (async () => {
      for (let number = 0; ; number++) {
        const content = `message ${number}`;
        await before.json("POST", path, question(content));
        acknowledged.push(content);
      }
    })();
    const broken = expect(writer).rejects.toThrow();
    await expect.poll(() => acknowledged.length).toBeGreaterThan(5);
    expect(await environment.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
    await broken;

    environment = await start(dataDir.path);
    const again = tenantOf("acme");
    expect({ ...again, url: "" }).toEqual({ ...tenant, url: "" });
    const after = new Client(again.url, token);
    const contents = (await after.all(path, 200)).map((message) => message.content);
    expect(contents.slice(0, acknowledged.length)).toEqual(acknowledged);
    // The one that was under way may have been saved before its answer was lost.
    expect(contents.length - acknowledged.length).toBeLessThanOrEqual(1);
    expect(await signIn(again, "ben", dataDir.path)).toMatch(/^eyJ/);
  });
});
