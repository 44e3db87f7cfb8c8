import { describe, expect, it } from "vitest";
import { ask, call, echo, raw, tokensOf, url, useGateway } from "./support.ts";

useGateway({ binaryMediaTypes: ["image/*"] });

describe("the gateway's routes", () => {
  it("sends each tenant's requests to its own function", async () => {
    for (const tenant of ["acme", "globex"]) {
      const response = await call("/environment", {}, tenant);
      expect(await response.json()).toMatchObject({ TENANT: tenant });
    }
  });

  it("gives the function its own variables and nothing of ours", async () => {
    expect(Object.keys(await echo("/environment"))).toEqual(["TENANT"]);
  });

  it("prefers literal segments to variables, and both to the greedy resource", async () => {
    expect(await echo("/health")).toMatchObject({ resource: "/health", pathParameters: null });
    expect(await echo("/chats/c%231")).toMatchObject({
      resource: "/chats/{id}",
      pathParameters: { id: "c%231" },
    });
    expect(await echo("/chats/c1/messages")).toMatchObject({
      resource: "/{proxy+}",
      pathParameters: { proxy: "chats/c1/messages" },
    });
  });

  it("answers like API Gateway where there is no route", async () => {
    const response = await fetch(url("/health"), { method: "POST" });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: "Missing Authentication Token" });
    expect((await fetch(url("/x", "nobody"))).status).toBe(404);
  });

  it("knows the methods that a resource has, and no others", async () => {
    const statusOf = async (method: string, path: string) =>
      (await ask({ method, path, headers: { authorization: tokensOf("acme").access } })).status;
    for (const method of ["HEAD", "OPTIONS", "PUT"]) {
      expect(await statusOf(method, "/health")).toBe(403);
      expect(await statusOf(method, "/echo")).toBe(200);
    }
    for (const method of ["TRACE", "PROPFIND"]) expect(await statusOf(method, "/echo")).toBe(403);
    expect((await ask({ method: "OPTIONS", path: "/echo" })).status).toBe(401);
  });

  it("refuses what is longer than API Gateway takes, in JSON", async () => {
    const authorization = tokensOf("acme").access;
    const long = (characters: number) => "x".repeat(characters);
    const uriTooLong = { status: 414, body: { message: "Request URI too long" } };
    expect(await ask({ path: `/echo?q=${long(9_000)}`, headers: { authorization } })).toMatchObject(
      { status: 200 },
    );
    expect(await ask({ path: `/health?q=${long(10_240)}` })).toEqual(uriTooLong);
    expect(await ask({ path: `/echo/${long(1_600)}`, headers: { authorization } })).toEqual(
      uriTooLong,
    );
    expect((await ask({ path: `/chats/${long(1_600)}` })).status).toBe(200);
    expect(await ask({ path: "/health", headers: { a: long(6_000), b: long(6_000) } })).toEqual({
      status: 431,
      body: { message: "Request Header Fields Too Large" },
    });
  });

  it("answers in JSON what is no request that it could read", async () => {
    expect(await ask({ path: `/health?q=${"x".repeat(300 * 1024)}` })).toMatchObject({
      status: 431,
      body: { status: 431 },
    });
    expect(await raw("GET / HTTP/1.1\r\nno header\r\n\r\n")).toMatch(
      /^HTTP\/1.1 400 [\s\S]*\{"type":"about:blank","title":"Bad Request","status":400\}$/,
    );
  });

  it("hands the function an event of a REST API", async () => {
    const event = await echo("/echo?b=2&a=1&b=%233", {
      method: "PUT",
      headers: { "X-Custom": "yes", "content-type": "application/json", "user-agent": "vitest" },
      body: '{"ü":1}',
    });
    const { sub } = JSON.parse(atob(tokensOf("acme").access.split(".")[1]!));
    expect(event).toMatchObject({
      resource: "/{proxy+}",
      path: "/echo",
      httpMethod: "PUT",
      headers: { "X-Custom": "yes", "X-Forwarded-Proto": "http" },
      multiValueHeaders: { "X-Custom": ["yes"] },
      queryStringParameters: { a: "1", b: "#3" },
      multiValueQueryStringParameters: { a: ["1"], b: ["2", "#3"] },
      pathParameters: { proxy: "echo" },
      stageVariables: null,
      body: '{"ü":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: "123456789012",
        apiId: "acme-api",
        authorizer: { claims: { sub, token_use: "access", username: "ada" } },
        httpMethod: "PUT",
        identity: { sourceIp: "127.0.0.1", userAgent: "vitest" },
        path: "/v1/echo",
        protocol: "HTTP/1.1",
        resourcePath: "/{proxy+}",
        stage: "v1",
        requestTime: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    const { claims } = event.requestContext.authorizer;
    expect(claims.exp).toMatch(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/);
    expect(claims.auth_time).toMatch(/^\d+$/);
  });

  it("has nothing where a request has nothing", async () => {
    expect(await echo("/echo")).toMatchObject({
      body: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
    const open = await echo("/health");
    expect(open.requestContext.authorizer).toBeUndefined();
  });

  it("encodes bodies of the API's binary media types", async () => {
    const image = { method: "POST", body: Buffer.from([255, 0]) };
    const event = await echo("/echo", { ...image, headers: { "content-type": "image/png" } });
    expect(event).toMatchObject({ body: "/wA=", isBase64Encoded: true });
  });

  it("refuses a body above 10 MB", async () => {
    const post = (bytes: number) =>
      call("/teapot", { method: "POST", body: new Uint8Array(bytes) });
    const response = await post(10 * 1024 * 1024 + 1);
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: "Request Entity Too Large" });
  });
});
