import { randomUUID } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, tokensOf, url, useGateway } from "./support.ts";

useGateway();

const withToken = (token: string, path = "/echo") =>
  fetch(url(path), { headers: { authorization: `Bearer ${token}` } });

async function expectUnauthorized(response: Response, title = "Unauthorized") {
  expect(response.status).toBe(401);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("www-authenticate")).toBe("Bearer");
  const instance = `urn:${response.headers.get("x-amzn-requestid")}`;
  expect(await response.json()).toEqual({ title, instance });
}

/** Changes one character in the middle of the token's nth part. */
function tamper(token: string, part: number): string {
  const parts = token.split(".");
  const text = parts[part]!;
  const middle = Math.floor(text.length / 2);
  const other = text[middle] === "A" ? "B" : "A";
  parts[part] = text.slice(0, middle) + other + text.slice(middle + 1);
  return parts.join(".");
}

describe("the gateway's authorizer", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets an access token through, with and without its scheme", async () => {
    expect((await call("/echo")).status).toBe(200);
    const { access } = tokensOf("acme");
    const statusOf = async (authorization: string) =>
      (await fetch(url("/echo"), { headers: { authorization } })).status;
    for (const taken of [access, `bearer ${access}`]) expect(await statusOf(taken)).toBe(200);
    for (const other of [`Bearer\t${access}`, `Bearer Bearer ${access}`, `Basic ${access}`]) {
      expect(await statusOf(other)).toBe(401);
    }
  });

  it("refuses a request without token", async () => {
    await expectUnauthorized(await fetch(url("/echo")));
    await expectUnauthorized(await withToken("not-a-token"));
  });

  it("refuses a token whose signature or content was changed", async () => {
    const { access } = tokensOf("acme");
    for (const part of [0, 1, 2]) await expectUnauthorized(await withToken(tamper(access, part)));
    expect((await call("/echo")).status).toBe(200);
  });

  it("refuses a well-formed token that another key signed", async () => {
    const [header, payload] = tokensOf("acme")
      .access.split(".")
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
    const { privateKey } = await generateKeyPair("RS256");
    const forged = await new SignJWT({ ...payload, jti: randomUUID() })
      .setProtectedHeader(header)
      .sign(privateKey);
    await expectUnauthorized(await withToken(forged));
  });

  it("refuses an ID token where access tokens are asked for, and the other way round", async () => {
    const { access, id } = tokensOf("acme");
    await expectUnauthorized(await withToken(id));
    await expectUnauthorized(await withToken(access, "/identity"));
    expect((await withToken(id, "/identity")).status).toBe(200);
  });

  it("refuses an access token without any of the method's scopes", async () => {
    await expectUnauthorized(await withToken(tokensOf("acme").access, "/scoped"));
  });

  it("refuses a token of another tenant's pool", async () => {
    await expectUnauthorized(await withToken(tokensOf("globex").access));
  });

  it("says so when a token has expired", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61 * 60 * 1000 });
    await expectUnauthorized(
      await withToken(tokensOf("acme").access),
      "The incoming token has expired",
    );
  });
});
