import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser, chromium } from "../../../testing/processes/browser.ts";
import { type Started, start, temporaryDataDir } from "../../../testing/processes/start.ts";
import { Client, signIn } from "./client.ts";

const dist = join(import.meta.dirname, "../../../dist");

const where = chromium ?? "which is skipped, since no chromium is on the PATH";

describe.skipIf(chromium === undefined)(`the API reference in ${where}`, () => {
  let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
  let environment: Started;
  let browser: Browser;
  beforeAll(async () => {
    dataDir = await temporaryDataDir();
    [environment, browser] = await Promise.all([start(dataDir.path), Browser.start(chromium!)]);
  });
  afterAll(async () => {
    await browser?.stop();
    await environment?.stop("SIGTERM");
    await dataDir.remove();
  });

  const screenshot = async (name: string) => {
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, name), await browser.screenshot());
  };

  it("opens without a token, sends requests with one, and asks no other server for anything", async () => {
    const tenant = environment.tenants[0]!;
    const token = await signIn(tenant, "ada", dataDir.path);
    const api = new Client(tenant.url, token);
    const { paths } = await new Client(tenant.url).json("GET", "/openapi.json");
    const ids = Object.values<object>(paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );

    await browser.open(`${tenant.url}/docs#createConversation`);
    const shown = await browser.evaluate(
      "[...document.querySelectorAll('.operation')].map(({ id }) => id)",
    );
    expect(shown.toSorted()).toEqual(ids.toSorted());
    await screenshot("api-reference.png");

    await browser.fill("token", token);
    await send("createConversation");
    const answer = await browser.text("#createConversation pre.answer");
    expect(await browser.text("#createConversation .status")).toMatch(/^201 /);
    const { items } = await api.json("GET", "/conversations");
    expect(items).toMatchObject([{ title: "Trip to Lisbon" }]);
    expect(answer).toContain('etag: "1"');
    expect(answer).toContain(items[0].id);
    await browser.evaluate("document.querySelector('#createConversation form').scrollIntoView()");
    await screenshot("api-reference-answer.png");

    expect(browser.complaints).toEqual([]);
    expect(browser.requests.map((url) => url.replace(tenant.url, ""))).toEqual([
      "/docs",
      "/conversations",
    ]);
  });

  it("shows an error as the API words it", async () => {
    await browser.fill("getConversation-id", "no-such-conversation");
    await send("getConversation");
    expect(await browser.text("#getConversation .status")).toMatch(/^404 /);
    const answer = await browser.text("#getConversation pre.answer");
    expect(answer).toContain("urn:chatstack:problem:not-found");
  });

  it("shows a streamed answer", async () => {
    const tenant = environment.tenants[0]!;
    const token = await signIn(tenant, "ada", dataDir.path);
    const { id } = await new Client(tenant.url, token).json("POST", "/conversations", {});
    await browser.open(`${tenant.url}/docs`);
    await browser.fill("token", token);
    await browser.fill("chat-id", id);
    await browser.fill("chat-accept", "text/event-stream");
    await send("chat");
    expect(await browser.text("#chat pre.answer")).toMatch(
      /event: delta[\s\S]+event: message[\s\S]+event: done/,
    );
  });

  it("folds on a phone: nothing is wider than it, and the token's field comes before any operation", async () => {
    const tenant = environment.tenants[0]!;
    await browser.show(360, "light", 740);
    await browser.open(`${tenant.url}/docs`);
    const isOpen = "document.querySelector('nav details').open";
    const top = (selector: string) =>
      browser.evaluate(`document.querySelector("${selector}").getBoundingClientRect().top`);
    expect(await browser.evaluate(isOpen)).toBe(false);
    expect(await top("#token")).toBeLessThan(740);
    await screenshot("api-reference-phone.png");
    const widest = "document.documentElement.scrollWidth";
    expect(await browser.evaluate(widest)).toBeLessThanOrEqual(360);
    // Each operation opened, with its forms.
    await browser.evaluate(
      "document.querySelectorAll('.operation').forEach((one) => { one.open = true; })",
    );
    await screenshot("api-reference-phone-open.png");
    expect(await browser.evaluate(widest)).toBeLessThanOrEqual(360);

    await browser.evaluate("document.querySelector('nav summary').click()");
    expect(await browser.evaluate(isOpen)).toBe(true);
    await browser.evaluate("document.querySelector('nav a[href=\"#chat\"]').click()");
    await browser.until(`!${isOpen} && document.querySelector("#chat").open`);
    await browser.show(1_024, "light");
    await browser.until(isOpen);
  });

  /** Submits an operation's form and waits for the end of the answer. */
  async function send(operation: string): Promise<void> {
    await browser.evaluate(`document.querySelector("#${operation} form").requestSubmit()`);
    const status = `document.querySelector("#${operation} .status").textContent`;
    await browser.until(`/ in \\d+ ms$/.test(${status})`);
  }
});
