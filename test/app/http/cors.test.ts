import { beforeAll, describe, expect, it } from "vitest";
import { withOrigins } from "../../../app/http/cors.ts";
import { bufferedHandler } from "../../../app/lambda/buffered.ts";
import type { ProxyEvent } from "../../../app/lambda/event.ts";
import { headerNames } from "../../../app/openapi/header-names.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { eventOf, invoke, parse } from "../../../testing/app/lambda.ts";

const api = TestApi.forThisFile();
const [web, other] = ["https://app.acme.example", "http://localhost:5173"] as const;

const from = (origin: string, method: string, path: string, headers = {}) =>
  eventOf(method, path, {
    multiValueHeaders: { Origin: [origin], "Content-Type": ["application/json"], ...headers },
  });

describe("the Lambda entry with CORS_ORIGINS", () => {
  let handler: ReturnType<typeof bufferedHandler>;

  beforeAll(async () => {
    Object.assign(process.env, {
      TENANT: "acme",
      TABLE_NAME: "table",
      BUCKET_NAME: "bucket",
      USER_POOL_ID: "us-east-1_TestPool1",
      USER_POOL_CLIENT_IDS: "client-a",
      CORS_ORIGINS: `${web},${other}`,
      AWS_REGION: "us-east-1",
    });
    const entry: { handler: unknown } = await import("../../../app/lambda/lambda.ts");
    handler = entry.handler as typeof handler;
  });

  const preflight = (origin: string): ProxyEvent => {
    const event = from(origin, "OPTIONS", "/conversations", {
      "Access-Control-Request-Method": ["POST"],
      "Access-Control-Request-Headers": ["authorization,content-type,if-match"],
    });
    const { authorizer: _, ...requestContext } = event.requestContext;
    return { ...event, requestContext };
  };

  it.each([web, other])("answers a preflight from %s without a token", async (origin) => {
    const { statusCode, headers } = await handler(preflight(origin));
    expect(statusCode).toBe(204);
    expect(headers["access-control-allow-origin"]).toBe(origin);
    expect(headers["access-control-allow-methods"]).toContain("PATCH");
    expect(headers["access-control-allow-headers"]).toContain("if-match");
    expect(headers["access-control-max-age"]).toBe("7200");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  it.each([
    "https://evil.example",
    "https://app.acme.example.evil.example",
    "null",
  ])("allows %s nothing", async (origin) => {
    const { headers } = await handler(preflight(origin));
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("lets the page read answers, problems included, and names the origin in caches", async () => {
    for (const [path, status] of [
      ["/health", 200],
      ["/nowhere", 404],
    ] as const) {
      const { statusCode, headers } = await handler(from(web, "GET", path));
      expect(statusCode).toBe(status);
      expect(headers["access-control-allow-origin"]).toBe(web);
      expect(headers.vary).toContain("Origin");
      // The last is what a REST API makes of the one before it.
      expect(headers["access-control-expose-headers"]?.split(",")).toEqual(
        expect.arrayContaining([
          "ETag",
          "Retry-After",
          "WWW-Authenticate",
          "x-amzn-Remapped-WWW-Authenticate",
        ]),
      );
    }
  });
});

it("adds its headers to what streams, and keeps the app's own", async () => {
  const app = withOrigins(api.app, [web], headerNames());
  const body = JSON.stringify({ title: "From a page" });
  const { prelude } = parse(
    await invoke(app, { ...from(web, "POST", "/conversations"), body }).rest(),
  );
  expect(prelude.statusCode).toBe(201);
  expect(prelude.headers).toMatchObject({
    "access-control-allow-origin": web,
    etag: expect.any(String),
    location: expect.stringContaining("conversations/"),
  });
});

it("is not there without origins", async () => {
  const app = withOrigins(api.app, [], headerNames());
  expect(app).toBe(api.app);
  const { headers } = await bufferedHandler(app)(from(web, "GET", "/health"));
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});
