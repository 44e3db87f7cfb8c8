import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";
import { TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();

async function page() {
  const response = await api.app.request("/docs");
  return { response, html: await response.text() };
}

it("publishes document and page without a token: whether strangers get that far is the gateway's", async () => {
  for (const path of ["/docs", "/openapi.json"]) {
    expect((await api.app.request(path)).status).toBe(200);
  }
});

it("holds the OpenAPI document whole, with nothing in it that could end its element", async () => {
  const { html } = await page();
  const [, json] = /<script type="application\/json" id="openapi">(.*?)<\/script>/s.exec(html)!;
  expect(JSON.parse(json!)).toEqual(JSON.parse(generateOpenApiJson()));
  expect(json).not.toContain("<");
});

it("allows its own style and script by their hashes, and nothing else", async () => {
  const { response, html } = await page();
  const policy = response.headers.get("content-security-policy")!;
  const hashOf = (tag: string) => {
    const [, text] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(html)!;
    return `'sha256-${createHash("sha256").update(text!).digest("base64")}'`;
  };
  expect(policy).toContain(`script-src ${hashOf("script")};`);
  expect(policy).toContain(`style-src ${hashOf("style")};`);
  expect(policy).toMatch(/default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/);
  expect(policy).not.toContain("unsafe");
});

it("names no other place, neither in markup nor in style or script", async () => {
  const { html } = await page();
  const own = html.replace(/<script type="application\/json".*?<\/script>/s, "");
  expect(own).not.toMatch(/https?:|\/\/[a-z]|url\(|@import/);
  expect(own).not.toMatch(/innerHTML|eval\(|new Function/);
});
