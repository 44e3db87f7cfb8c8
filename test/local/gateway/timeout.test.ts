import { describe, expect, it } from "vitest";
import { call, useGateway } from "./support.ts";

useGateway({ timeoutSeconds: 1 });

describe("the gateway and a slow function", () => {
  it("times a function out that is stuck, and runs the next request afresh", async () => {
    const response = await call("/busy");
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ title: "INTEGRATION_TIMEOUT" });
    await expect.poll(async () => (await call("/teapot")).status, { timeout: 30_000 }).toBe(418);
  });
});
