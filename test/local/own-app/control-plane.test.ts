/** The example of a control plane on the embedded engines, with a stand-in for GitHub and Parameter Store. */
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { check } from "../../../offline/check/check.ts";
import { Client, signIn } from "../start/client.ts";
import { copyOf, running } from "./project.ts";

vi.setConfig({ testTimeout: 300_000 });

/** Refuses what GitHub refuses: no token, a reference or pull request that is there, a file's change without its hash. */
class GitHub {
  readonly branches = new Map<string, Map<string, string>>([["main", new Map()]]);
  readonly pulls: { head: string; title: string }[] = [];
  readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      const sent = await text(request);
      const body = sent === "" ? {} : JSON.parse(sent);
      const isParameter = request.headers["x-amz-target"] === "AmazonSSM.GetParameter";
      const [status, answer] = isParameter
        ? [200, { Parameter: { Name: body.Name, Value: `token of ${body.Name}` } }]
        : request.headers.authorization === "Bearer token of /control-plane/github-token"
          ? this.#answer(request.method ?? "", new URL(request.url ?? "", "http://github"), body)
          : [401, {}];
      response.writeHead(Number(status), { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  }

  #answer(method: string, { pathname, searchParams }: URL, body: Record<string, string>) {
    const path = pathname.replace("/repos/acme/tenants", "");
    const main = this.branches.get("main")!;
    const shaOf = (content: string) => `sha of ${content}`;
    const address = (head: string) => ({ html_url: `https://github/${head}` });
    if (path === "/git/ref/heads/main") return [200, { object: { sha: "head" } }];
    if (path === "/git/refs") {
      const name = body.ref!.replace("refs/heads/", "");
      if (body.sha !== "head" || this.branches.has(name)) return [422, {}];
      this.branches.set(name, new Map(main));
      return [201, { object: { sha: "head" } }];
    }
    if (path.startsWith("/contents/")) {
      const file = path.slice("/contents/".length);
      const branch = this.branches.get(searchParams.get("ref") ?? body.branch ?? "main");
      const known = branch?.get(file);
      if (method === "GET")
        return known === undefined ? [404, {}] : [200, { sha: shaOf(known), content: known }];
      if (known !== undefined && body.sha !== shaOf(known))
        return [body.sha === undefined ? 422 : 409, {}];
      branch!.set(file, body.content!);
      return [known === undefined ? 201 : 200, {}];
    }
    if (path !== "/pulls") return [404, {}];
    if (method === "GET")
      return [
        200,
        this.pulls
          .filter(({ head }) => searchParams.get("head") === `acme:${head}`)
          .map(({ head }) => address(head)),
      ];
    if (this.pulls.some(({ head }) => head === body.head)) return [422, {}];
    this.pulls.push({ head: body.head!, title: body.title! });
    return [201, address(body.head!)];
  }

  file(branch: string, path: string): string | undefined {
    const content = this.branches.get(branch)?.get(path);
    return content === undefined ? undefined : Buffer.from(content, "base64").toString();
  }

  merge(branch: string): void {
    this.branches.set("main", new Map(this.branches.get(branch)));
  }
}

const github = new GitHub();
let root: string;

function edit(file: string, from: string, to: string): void {
  const path = join(root, file);
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(from, () => to),
  );
}

beforeAll(async () => {
  root = copyOf("control-plane");
  await once(github.server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  github.server.close();
  rmSync(root, { recursive: true });
});

test("an administrator's request is a pull request, and fleet's events say what became of it", async () => {
  const address = github.server.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  edit(
    "index.ts",
    "environment: {",
    `environment: { GITHUB_API: "${endpoint}", AWS_ENDPOINT_URL_SSM: "${endpoint}",`,
  );
  // EventBridge is not on this machine: what its rule would send, a route sends.
  edit(
    "index.ts",
    "permissions: [",
    "permissions: ({ queues }) => [...(queues.fleet?.grantSend() ?? []),",
  );
  edit(
    "src/app.ts",
    "app.onError(",
    `app.post("/deliver", async (c) => {
  const { SendMessageCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const QueueUrl = process.env.EVENT_QUEUES?.replace("fleet=", "");
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody: await c.req.text() }));
  return c.json({});
});
app.onError(`,
  );

  const { outcome, failures, stacks } = await check({ root });
  expect({ outcome, failures, stacks }).toMatchObject({ outcome: "clean", failures: [] });

  await running(root, async ({ tenants: [control] }, dataDir) => {
    const [admin, ada] = await Promise.all(
      ["admin", "ada"].map(
        async (user) => new Client(control!.url, await signIn(control!, user, dataDir)),
      ),
    );
    const acme = { id: "acme", tier: "standard", stack: "prod-eu" };
    expect((await ada!.send("POST", "/tenants", acme)).status).toBe(403);
    expect((await admin!.send("POST", "/tenants", { ...acme, stack: "../main" })).status).toBe(400);
    expect(github.pulls).toEqual([]);

    const known = { tenant: "acme", stack: "prod-eu", state: "proposed" };
    const proposed = { ...known, pullRequest: "https://github/tenant-acme-add" };
    expect(await admin!.json("POST", "/tenants", acme)).toEqual(proposed);
    expect(await admin!.json("POST", "/tenants", acme)).toEqual(proposed);
    expect(github.pulls).toEqual([
      { head: "tenant-acme-add", title: "Add tenant acme to prod-eu" },
    ]);
    const path = "tenants/prod-eu/acme.yaml";
    expect(github.file("tenant-acme-add", path)).toBe("tier: standard\n");
    const early = await admin!.send("POST", "/tenants/acme/suspend");
    expect([early.status, await early.json()]).toEqual([
      409,
      { error: "acme has no file yet: merge its pull request first" },
    ]);
    github.merge("tenant-acme-add");
    expect((await admin!.send("POST", "/tenants", acme)).status).toBe(409);

    const event = (name: string, at: string, more = {}) =>
      admin!.json("POST", "/deliver", {
        source: "chatstack.fleet",
        detail: {
          version: 1,
          event: name,
          at,
          run: "r",
          operation: "up",
          stack: "prod-eu",
          tenant: "acme",
          ...more,
        },
      });
    const outputs = { apiUrl: "https://acme/v1" };
    await event("provisioned", "2026-11-30T10:00:02.000Z", { outputs });
    const provisioned = {
      ...proposed,
      state: "provisioned",
      at: "2026-11-30T10:00:02.000Z",
      outputs,
      causes: [],
    };
    await expect
      .poll(() => admin!.json("GET", "/tenants/acme"), { timeout: 60_000 })
      .toEqual(provisioned);
    // Late, and then one that counts.
    await event("requested", "2026-11-30T10:00:01.000Z");
    await event("failed", "2026-11-30T10:00:03.000Z", { causes: ["Too many tables"] });
    const failed = {
      ...provisioned,
      state: "failed",
      at: "2026-11-30T10:00:03.000Z",
      causes: ["Too many tables"],
    };
    await expect
      .poll(() => admin!.json("GET", "/tenants/acme"), { timeout: 60_000 })
      .toEqual(failed);

    const leaving = { retainUntil: "2999-12-31" };
    expect(await admin!.json("POST", "/tenants/acme/offboard", leaving)).toMatchObject({
      pullRequest: "https://github/tenant-acme-offboard",
    });
    expect(github.file("tenant-acme-offboard", path)).toBe(
      "tier: standard\nstate: off-boarding\nretainUntil: 2999-12-31\n",
    );
    expect((await admin!.send("POST", "/tenants/nobody/suspend")).status).toBe(404);
  });
});
