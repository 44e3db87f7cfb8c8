import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { call, echo, failures, logged, tokensOf, url, useGateway } from "./support.ts";

useGateway();

const text = async (path: string) => (await call(path)).text();

async function open(path: string): Promise<IncomingMessage> {
  const headers = { authorization: tokensOf("acme").access };
  const [response] = await once(get(url(path), { headers }), "response");
  return response;
}

describe("the gateway and a function", () => {
  it("passes status, headers and cookies on", async () => {
    const response = await call("/teapot");
    expect(response.status).toBe(418);
    expect(response.headers.get("content-type")).toBe("text/tea");
    expect(response.headers.get("vary")).toBe("a, b");
    expect(response.headers.getSetCookie()).toEqual(["x=1", "y=2"]);
    expect(await response.text()).toBe("");
  });

  it("renames what a REST API renames", async () => {
    const { status, headers } = await call("/refusal");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBeNull();
    expect(headers.get("x-amzn-remapped-www-authenticate")).toBe("Bearer");
  });

  it("passes bytes on as they are, NUL bytes included", async () => {
    const bytes = new Uint8Array(await (await call("/bytes")).arrayBuffer());
    expect([...bytes]).toEqual([0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it("understands a buffered function's document", async () => {
    const response = await call("/buffered");
    expect(response.status).toBe(201);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  it("hands over head and first bytes while the handler is still at work", async () => {
    const late = await call("/late-body");
    const response = await call("/slow");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe("first,");
    expect(await text("/release")).toBe("released");
    expect((await reader.read()).value).toBe("last");
    expect(await late.text()).toBe("body");
  });

  it("makes a handler wait for a slow reader, and lets it go on untold when the reader leaves", async () => {
    const response = await open("/flood");
    response.pause();
    // What is on its way fills the buffers; then the count must stand still.
    let sent = -1;
    for (let before = -2; before !== sent; ) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
      sent = JSON.parse(await text("/progress")).chunksSent;
    }
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(1000);
    response.destroy();
    expect(await text("/closed")).toBe("closed");
    expect(JSON.parse(await text("/progress")).chunksSent).toBe(1000);
  });

  it("answers 5xx when the handler throws, and logs the stack", async () => {
    const response = await call("/throw");
    expect(response.status).toBe(504);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({ title: "INTEGRATION_FAILURE" });
    expect(logged.join("")).toContain("Error: boom");
    expect(failures).toContainEqual(expect.objectContaining({ message: "boom" }));
  });

  it("breaks the connection when the handler fails half-way", async () => {
    const response = await call("/truncate");
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it("refuses an answer without metadata", async () => {
    expect((await call("/no-metadata")).status).toBe(504);
  });

  it.each([
    ["as it is", "a".repeat(6_291_456)],
    ["once it is escaped as JSON", '"'.repeat(3_200_000)],
  ])("refuses a body that is too large for Lambda's event %s", async (_, body) => {
    const response = await call("/echo", { method: "POST", body });
    expect(response.status).toBe(413);
    const message = expect.stringContaining("limit 6291456 bytes");
    expect(await response.json()).toEqual({ message });
  });

  it("hands a body over that just fits into Lambda's event", async () => {
    const { body } = await echo("/echo", { method: "POST", body: "a".repeat(6_280_000) });
    expect(body).toHaveLength(6_280_000);
  });

  it("fails a buffered answer of more than 6 MB", async () => {
    const response = await call("/buffered?bytes=6300000");
    expect(response.status).toBe(504);
    expect(failures.at(-1)).toMatchObject({ message: expect.stringContaining("6291556 bytes") });
  });

  it("breaks a stream off at 200 MB", async () => {
    const response = await open("/river");
    let bytes = 0;
    response.on("data", (chunk) => {
      bytes += chunk.length;
    });
    await expect(once(response, "end")).rejects.toThrow("aborted");
    expect(bytes).toBeLessThanOrEqual(200 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(190 * 1024 * 1024);
  });

  it("ends a function that holds more memory than is configured, outside of its heap too", async () => {
    expect((await call("/hoard")).status).toBe(504);
    expect(logged.at(-1)).toContain("crashed: it used more than its 128 MB of memory");
    expect((await call("/teapot")).status).toBe(418);
  });

  it("survives a crash with a fresh thread", async () => {
    expect((await call("/crash")).status).toBe(504);
    expect((await call("/teapot")).status).toBe(418);
  });
});
