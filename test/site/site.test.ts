/** The documents' site in a browser, as `npm run docs:site` built it. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { Browser, chromium } from "../../testing/processes/browser.ts";

const root = resolve(import.meta.dirname, "../..");
const site = join(root, "dist/docs-site");
const index = join(site, "hashmap.json");
const written = (path: string) => statSync(path).mtimeMs;
const sources = globSync(["docs/**/*.md", "docs/pictures/*", "docs/.vitepress/*.ts"], {
  cwd: root,
  exclude: ["**/node_modules/**"],
});
const isBuilt =
  existsSync(index) && sources.every((path) => written(join(root, path)) < written(index));
const lacks = [
  ...(chromium === undefined ? ["no chromium is on the PATH"] : []),
  ...(isBuilt ? [] : ["`npm run docs:site` has not built it since a page changed"]),
];
const why = lacks.length > 0 ? `, skipped, since ${lacks.join(", and ")}` : ` in ${chromium}`;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const serve = (): Server =>
  createServer(({ url = "/" }, response) => {
    const path = decodeURIComponent(new URL(url, "http://site").pathname);
    const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "text/plain" });
    return response.end(readFileSync(file));
  });

describe.skipIf(lacks.length > 0)(`the documents' site${why}`, () => {
  let server: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    server = serve();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await Browser.start(chromium!);
  });
  afterAll(async () => {
    await browser?.stop();
    server?.close();
  });

  const widen = (width: number) =>
    browser.send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });

  describe.each([400, 1400])("%i pixels wide", (width) => {
    test.each([
      "/",
      "/start/first-tenant.html",
      "/concepts/glossary.html",
      "/reference/ChatApi.html",
      "/policies/rules.html",
      "/scale/quotas.html",
    ])("%s fits, asks nobody else and logs no error", async (path) => {
      await widen(width);
      await browser.open(origin + path);
      await browser.until("document.querySelector('.VPNavBar') !== null");
      expect(await browser.evaluate("document.querySelector('h1').textContent")).not.toContain(
        "404",
      );
      expect(await browser.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
        width,
      );
      expect(browser.complaints).toEqual([]);
      expect(
        browser.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith("data:")),
      ).toEqual([]);
    });

    test.each([
      ["restore", "Restore a tenant's table"],
      ["quota", "Quotas of the AWS account"],
      ["rename a tenant", "Rename a tenant"],
    ])("a search for %s finds %s", async (query, title) => {
      await widen(width);
      await browser.open(`${origin}/`);
      await browser.until("document.querySelector('#local-search button') !== null");
      await browser.evaluate("document.querySelector('#local-search button').click()");
      await browser.until("document.querySelector('#localsearch-input') !== null");
      await browser.evaluate(`{
        const input = document.querySelector("#localsearch-input");
        input.value = ${JSON.stringify(query)};
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }`);
      await browser.until(`[...document.querySelectorAll("#localsearch-list .result")].slice(0, 5)
        .some((one) => one.textContent.includes(${JSON.stringify(title)}))`);
      expect(browser.complaints).toEqual([]);
    });
  });

  it("has every page in the navigation", async () => {
    await widen(1400);
    await browser.open(`${origin}/`);
    await browser.until("document.querySelector('.VPSidebar') !== null");
    const sections = await browser.evaluate(
      "[...document.querySelectorAll('.VPSidebarItem.level-0 > .item h2')].map((one) => one.textContent)",
    );
    expect(sections).toEqual([
      ...["Start", "Concepts", "Components", "Tenants", "Operations", "API and client"],
      ...["Policies", "Scale", "Reference", "Project"],
    ]);
  });
});
