import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPage, servePage } from "../../../local/page/page.ts";

const key = "a-key-of-this-start";
const password = "a-password-of-this-machine";
const tenant = {
  id: "acme",
  url: "http://127.0.0.1:1/acme/v1",
  region: "us-east-1",
  userPoolId: "us-east-1_pool",
  clientId: "client",
  callbackUrls: ["https://chat.example.com/"],
  users: [{ username: "ada", password, groups: [], totpSecret: "SECRET" }],
};

describe("the addresses of the chat page", () => {
  let server: Server;
  let port: number;
  let origin: string;
  beforeAll(async () => {
    server = createServer((asked, answer) => serve(asked, answer));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    port = typeof address === "object" && address ? address.port : 0;
    origin = `http://127.0.0.1:${port}`;
    const serve = servePage(
      {
        files: await buildPage(),
        origin,
        key,
        tenants: [tenant],
        cognitoEndpoint: "http://127.0.0.1:2",
        s3Endpoint: "http://127.0.0.1:3",
      },
      (_, answer) => answer.writeHead(404).end("an API's"),
    );
  });
  afterAll(() => server.close());

  async function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }).end();
    const [answer] = await once(sent, "response");
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  }

  it("run nothing that came from elsewhere, and ask nobody but the services", async () => {
    const { status, headers, body } = await ask("/");
    expect(status).toBe(200);
    expect(body).toContain('src="chat.js"');
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; " +
        "connect-src 'self' http://127.0.0.1:2 http://127.0.0.1:3; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        "trusted-types 'none'",
    );
    const script = await ask("/chat.js");
    expect(script.headers["content-type"]).toMatch(/^text\/javascript/);
    expect((await ask("/chat.css")).headers["content-type"]).toMatch(/^text\/css/);
    // With Cognito's SRP, the largest part of it.
    expect(script.body.length).toBeLessThan(160 * 1024);
  });

  it("tell the page of tenants, and of passwords in their own place only", async () => {
    const config = await ask("/config.json");
    expect(JSON.parse(config.body)).toEqual({
      tenants: [
        {
          id: "acme",
          url: tenant.url,
          userPoolId: tenant.userPoolId,
          clientId: tenant.clientId,
        },
      ],
      cognitoEndpoint: "http://127.0.0.1:2",
      testUsers: "test-users.json",
    });
    for (const path of ["/", "/config.json", "/chat.js"])
      expect((await ask(path)).body).not.toContain(password);
    const users = await ask("/test-users.json", { "x-page-key": key });
    expect(JSON.parse(users.body)).toEqual({ acme: [{ username: "ada", password, groups: [] }] });
  });

  it("give passwords to whoever knows the key of this start alone", async () => {
    for (const wrong of ["", "x".repeat(key.length), `${key}x`]) {
      const { status, body } = await ask("/test-users.json", { "x-page-key": wrong });
      expect(status).toBe(403);
      expect(body).toContain("chatstack open");
      expect(body).not.toContain(password);
    }
    expect((await ask("/test-users.json")).status).toBe(403);
  });

  it.each([
    "/",
    "/config.json",
    "/test-users.json",
  ])("let no other origin read %s", async (path) => {
    const given = { origin: "https://evil.example", "x-page-key": key };
    const { headers } = await ask(path, given);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", "[::1]"]) {
      const rebound = await ask(path, { host });
      expect(rebound.status).toBe(421);
      expect(rebound.body).not.toContain("acme");
    }
    expect((await ask(path, {}, "POST")).status).toBe(405);
  });

  it("lead from localhost to the one origin that the services allow", async () => {
    const { status, headers } = await ask("/", { host: `localhost:${port}` });
    expect([status, headers.location]).toEqual([307, `${origin}/`]);
  });

  it("leave every other path to the gateway, under whatever name", async () => {
    const { status, body } = await ask("/acme/v1/health", { host: "evil.example" });
    expect([status, body]).toEqual([404, "an API's"]);
  });
});
