import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pdfOf } from "../../testing/app/pdf.ts";
import { Browser, chromium } from "../../testing/processes/browser.ts";
import {
  projectWith,
  type Started,
  start,
  temporaryDataDir,
} from "../../testing/processes/start.ts";

const isInstalled = existsSync(join(import.meta.dirname, "node_modules/.package-lock.json"));
const lacks = [
  ...(chromium === undefined ? ["no chromium is on the PATH"] : []),
  ...(isInstalled ? [] : ["`npm run test:pages` has not installed its packages"]),
];
const why = lacks.length > 0 ? `, skipped, since ${lacks.join(", and ")}` : ` in ${chromium}`;

const handbook = pdfOf(
  ["Welcome to the company."],
  ["Employees have thirty days of leave a year.", "Unused leave goes over into March."],
);

/** What of Vite this test uses; its types are where it is installed. */
interface ViteServer {
  readonly resolvedUrls: { readonly local: readonly string[] } | null;
  listen(): Promise<unknown>;
  close(): Promise<void>;
}

describe.skipIf(lacks.length > 0)(`a page of another origin${why}`, () => {
  let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
  let environment: Started;
  let vite: ViteServer;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    dataDir = await temporaryDataDir();
    const folder = import.meta.dirname;
    const { createServer } = await import(join(folder, "node_modules/vite/dist/node/index.js"));
    vite = await createServer({ configFile: join(folder, "vite.config.ts"), logLevel: "error" });
    await vite.listen();
    origin = new URL(vite.resolvedUrls?.local[0] ?? "").origin;
    // The dev stack, as a team has it that names the origin of its page.
    const cwd = projectWith(join(dataDir.path, "../project"), (file) =>
      file.replace("http://localhost:5173", origin),
    );
    [environment, browser] = await Promise.all([
      start(dataDir.path, [], { cwd }),
      Browser.start(chromium!),
    ]);
    const { url, userPoolId: pool, clientId: client } = environment.tenants[0]!;
    const { cognito } = environment.endpoints;
    const told = new URLSearchParams({ url, pool, client, cognito });
    await browser.open(`${origin}/?${told}`);
  });
  afterAll(async () => {
    await browser?.stop();
    await environment?.stop("SIGTERM");
    await vite?.close();
    await dataDir.remove();
  });

  const last = "document.querySelector('li.assistant:last-child')";
  const answer = `(${last}?.textContent ?? '')`;
  const isReady = "document.getElementById('status')?.textContent === 'ready'";

  async function ask(question: string, button = "Ask"): Promise<void> {
    await browser.evaluate("document.getElementById('question').focus()");
    await browser.evaluate("document.getElementById('question').select()");
    await browser.type(question);
    await browser.click("button", button);
  }

  it("signs in, and streams an answer into useChat", async () => {
    const [ada] = environment.tenants[0]!.users;
    await browser.until("document.getElementById('username') !== null");
    for (const [id, value] of [
      ["username", ada!.username],
      ["password", ada!.password],
    ] as const) {
      await browser.evaluate(`document.getElementById('${id}').focus()`);
      await browser.type(value);
    }
    await browser.press("Enter");
    await browser.until(isReady);
    // It has no end that a slow machine could reach first: what is shown is a part.
    await ask("/endless");
    await browser.until(`/word3 /.test(${answer})`);
  });

  it("goes on with useChat's answer after a reload in its midst", async () => {
    const before = (await browser.evaluate(answer)).split(" ").length;
    await browser.reload();
    await browser.until(`${answer}.split(" ").length > ${before + 20}`);
    const words = (await browser.evaluate(answer)).split(" ").slice(0, -1);
    expect(words).toEqual(words.map((_: string, index: number) => `word${index + 1}`));
    expect(await browser.evaluate("document.querySelectorAll('li').length")).toBe(2);
    await browser.click("button", "Stop");
    await browser.until(isReady);
  });

  it("uploads a PDF, and gives useChat the page that the answer cites", async () => {
    // The first one's answer has no end: this is another conversation.
    await browser.evaluate("sessionStorage.removeItem('conversation')");
    await browser.reload();
    await browser.until(isReady);
    const file = join(dataDir.path, "Handbook.pdf");
    writeFileSync(file, handbook);
    const { root } = await browser.send("DOM.getDocument");
    const field = { nodeId: root.nodeId, selector: "#file" };
    const { nodeId } = await browser.send("DOM.querySelector", field);
    await browser.send("DOM.setFileInputFiles", { nodeId, files: [file] });
    await browser.until("document.getElementById('documents').textContent !== ''");
    await ask("How many days of leave do employees have?");
    await browser.until(`${last}?.querySelector('cite') !== null && ${isReady}`);
    const cited = await browser.evaluate(`${last}.querySelector('cite').textContent`);
    expect(cited).toContain("Handbook.pdf");
    expect(cited).toContain('"page":2');
    expect(cited).toContain("thirty days of leave");
  });

  it("regenerates the last answer in its place", async () => {
    await ask("Hello", "Ask");
    await browser.until(`${answer}.includes('You said: Hello') && ${isReady}`);
    const before = await browser.evaluate("document.querySelectorAll('li').length");
    await browser.click("button", "Again");
    await browser.until(`${answer}.includes('You said: Hello') && ${isReady}`);
    expect(await browser.evaluate("document.querySelectorAll('li').length")).toBe(before);
  });

  it("tells useChat why an answer failed", async () => {
    await ask("/fail 2");
    await browser.until("document.getElementById('error').textContent === 'The answer broke off.'");
  });

  it("streams into the openai client, which keeps the same history", async () => {
    await ask("/words 20", "Ask with openai");
    await browser.until("/word20/.test(document.getElementById('openai').textContent)");
    await browser.reload();
    await browser.until(`/word20/.test(${answer})`);
  });

  it("signs out, and keeps no token", async () => {
    await browser.click("button", "Sign out");
    await browser.until("document.getElementById('username') !== null");
    expect(await browser.evaluate("Object.keys(sessionStorage)")).toEqual([]);
  });

  it("has complained of nothing, and asked nobody but this machine", () => {
    // Vite's word that it is there, and React's that its tools can be installed.
    const expected = /^console\.(debug|info): /;
    expect(browser.complaints.filter((line) => !expected.test(line))).toEqual([]);
    const hosts = new Set(browser.requests.map((url) => new URL(url).hostname));
    expect([...hosts].toSorted()).toEqual(["127.0.0.1", "localhost"]);
  });
});
