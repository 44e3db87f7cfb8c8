import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  AdminCreateUserCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { currentCode } from "../../../local/cognito/software-tokens.ts";
import { png } from "../../../testing/app/parts.ts";
import { pdfOf } from "../../../testing/app/pdf.ts";
import { Browser, chromium } from "../../../testing/processes/browser.ts";
import { run, type Started, start, temporaryDataDir } from "../../../testing/processes/start.ts";
import { Client, signIn } from "../start/client.ts";

const pictures = join(import.meta.dirname, "../../../dist/chat-page");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const handbook = pdfOf(
  ["Welcome to the company."],
  ["Employees have thirty days of leave a year.", "Unused leave goes over into March."],
);

const where = chromium ?? "which is skipped, since no chromium is on the PATH";

describe.skipIf(chromium === undefined)(`the chat page in ${where}`, () => {
  let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
  let environment: Started;
  let browser: Browser;
  beforeAll(async () => {
    dataDir = await temporaryDataDir();
    mkdirSync(pictures, { recursive: true });
    [environment, browser] = await Promise.all([start(dataDir.path), Browser.start(chromium!)]);
    await browser.show(1024, "light");
    await browser.open(environment.page);
  });
  afterAll(async () => {
    await browser?.stop();
    await environment?.stop("SIGTERM");
    await dataDir.remove();
  });

  it("signs a test user in with one click, and streams the first answer", async () => {
    await browser.until(exists(".test-users"));
    await look("sign-in");
    await browser.click(".test-users button", "ada");
    await browser.until(hasFocus("question"));
    await look("empty");
    // It has no end that a slow machine could reach first: what is shown is a part.
    await ask("/endless");
    await browser.until(`/word3 /.test(${answer})`);
    // The other one is on the address that `npm start` prints.
    expect(browser.clicks).toBe(1);
  });

  it("goes on with the answer after a reload in its midst", async () => {
    const before = await wordsShown();
    await browser.reload();
    await browser.until(`${count} > ${before + 20}`);
    expect(await browser.evaluate("document.querySelectorAll('.question').length")).toBe(1);
  });

  it("stops, and goes on where the reader asks for it", async () => {
    await browser.click("button", "Stop");
    await browser.until(exists(".stopped"));
    const stopped = await wordsShown();
    await browser.click("button", "Continue");
    await browser.until(`${count} > ${stopped + 20}`);
    await browser.click("button", "Stop");
    await browser.until(exists(".stopped"));
    expect(await browser.evaluate("document.querySelectorAll('.question').length")).toBe(1);
  });

  it("is opened for a tenant by `chatstack open`, and keeps the key of its address to itself", async () => {
    const options = ["--data-dir", dataDir.path];
    const { stdout } = await run(["open", "globex", "--print", ...options]);
    const { page, tenant } = JSON.parse((await run(["open", "acme", "--json", ...options])).stdout);
    expect(new URL(page).origin).toBe(new URL(environment.page).origin);
    expect(tenant.url).toBe(environment.tenants[0]?.url);
    await browser.open(stdout.trim());
    await browser.until("document.getElementById('tenant')?.value === 'globex'");
    expect(await browser.evaluate("location.hash + location.search")).toBe("");
    await browser.until(exists(".test-users"));
    const { code, stderr } = await run(["open", "nobody", ...options]);
    expect([code, stderr]).toEqual([
      2,
      'chatstack: There is no tenant "nobody"; there are acme, globex.\n',
    ]);
  });

  it("says how test users are had, where it is opened without the key", async () => {
    await browser.evaluate("sessionStorage.removeItem('chat-page.key')");
    await browser.open(new URL("/", environment.page).href);
    await browser.until(exists(".hint"));
    await look("without-key");
    await browser.open(environment.page);
    await browser.until(exists(".test-users"));
    await browser.choose("tenant", "acme");
    await browser.until(hasFocus("question"));
  });

  it("takes a PDF that is dropped, answers from it, and leads from the answer to its page", async () => {
    await browser.click("button", "New conversation");
    const file = join(dataDir.path, "Handbook.pdf");
    writeFileSync(file, handbook);
    await browser.drop(file);
    await browser.until(exists(".attachments li[aria-busy=false]"));
    await ask("How many days of leave do employees have?");
    await browser.until(exists(".sources"));
    await look("answer");
    await browser.click(".sources button", "Handbook.pdf, page 2");
    await browser.until(exists("dialog a"));
    expect(await browser.text("dialog blockquote")).toContain("thirty days of leave");
    await look("citation");
    const url = await browser.evaluate("document.querySelector('dialog a').href");
    const downloaded = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(downloaded.equals(handbook)).toBe(true);
    await browser.press("Escape");
    await browser.until(`!${exists("dialog")}`);
  });

  it("renames a conversation in its settings, pins it, and gives the focus back", async () => {
    await browser.click("button", "Conversation settings");
    await browser.until(exists("dialog [name=title]"));
    await browser.evaluate("document.querySelector('dialog [name=title]').select()");
    await browser.type("Leave");
    await browser.press("Enter");
    await browser.until("document.querySelector('h1').textContent === 'Leave'");
    expect(await browser.evaluate("document.activeElement.ariaLabel")).toBe(
      "Conversation settings",
    );
    await browser.click("button", "Pin the conversation");
    await browser.until("document.querySelector('nav').textContent.includes('Pinned: Leave')");
  });

  it("shows an image that is attached, and what tools were asked", async () => {
    await browser.click("button", "New conversation");
    const file = join(dataDir.path, "Dot.png");
    writeFileSync(file, Buffer.from(png, "base64"));
    await browser.drop(file);
    await browser.until(exists(".attachments li[aria-busy=false]"));
    await ask("What is it?");
    await untilAnswered("What is it?");
    const source = "document.querySelector('.user .parts img')?.src";
    await browser.until(`${source} !== undefined`);
    expect(await browser.evaluate(source)).toBe(`data:image/png;base64,${png}`);
    const called = { toolCallId: "1", toolName: "weather" };
    await ofNewest("POST", "/messages", {
      role: "assistant",
      parts: [
        { type: "tool-call", ...called, input: { city: "Lisbon" } },
        { type: "tool-result", ...called, output: { celsius: 24 } },
        { type: "text", text: "It is warm." },
      ],
    });
    await browser.click("nav button", "What is it?");
    await untilAnswered("It is warm.");
    expect(await browser.text(".assistant:last-child .parts")).toMatch(
      /Asked the tool weather.*Lisbon.*The tool weather answered.*24/s,
    );
    await look("parts");
  });

  it("shows an answer that another device is given, ends it, and shows what there is of it", async () => {
    const asked = ofNewest("POST", "/chat", { content: "/endless" });
    const isRunning = async () => (await ofNewest("GET", "/running")).running !== null;
    await vi.waitFor(async () => expect(await isRunning()).toBe(true), { timeout: 20_000 });
    await browser.click("nav button", "What is it?");
    await browser.until(exists(".elsewhere"));
    await look("elsewhere");
    await browser.click("button", "End the answer");
    expect((await asked).assistantMessage.stopReason).toBe("aborted");
    await browser.until(`!${exists(".elsewhere")} && / · stopped/.test(document.body.textContent)`);
  });

  it("shows the other tenant nothing of this one, and comes back to it", async () => {
    await browser.choose("tenant", "globex");
    await browser.click(".test-users button", "ada");
    await browser.until(hasFocus("question"));
    await ask("Who are you?");
    await untilAnswered("You said: Who are you?");
    expect(await browser.text("nav")).not.toContain("Leave");
    await browser.choose("tenant", "acme");
    await browser.click(".conversations button", "Leave");
    await browser.until(exists(".sources"));
  });

  it("keeps nothing of a user who has signed out", async () => {
    await browser.click("button", "Sign out");
    await browser.until(exists(".test-users"));
    const kept: string[] = await browser.evaluate("Object.keys(sessionStorage)");
    const { clientId } = environment.tenants[0]!;
    expect(kept.filter((name) => name.includes(clientId))).toEqual([]);
    expect(kept).not.toContain("chat-page.turn");
  });

  it("asks an invited user for a password, and then for the code of an authenticator app", async () => {
    const { userPoolId: UserPoolId, clientId, region } = environment.tenants[0]!;
    const { cognito: endpoint } = environment.endpoints;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const cognito = new CognitoIdentityProviderClient({ endpoint, region, credentials });
    const Username = "eve@acme.example";
    const temporary = "Temporary-password-1";
    await cognito.send(
      new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword: temporary }),
    );
    const own = "An-own-password-of-hers-2";
    await signInBy(Username, temporary);
    await browser.until(hasFocus("answer"));
    await browser.type(own);
    await browser.press("Enter");
    await browser.until(hasFocus("question"));

    const AccessToken: string = await browser.evaluate(
      `sessionStorage[Object.keys(sessionStorage).find(
        (key) => key.includes(${JSON.stringify(clientId)}) && key.endsWith(".accessToken"))]`,
    );
    const { SecretCode } = await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const UserCode = currentCode(SecretCode!);
    await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
    await cognito.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
    await browser.click("button", "Sign out");
    await signInBy(Username, own);
    await browser.until(hasFocus("answer"));
    await browser.type(currentCode(SecretCode!));
    await browser.press("Enter");
    await browser.until(hasFocus("question"));
  });

  it("says why a sign-in failed", async () => {
    await browser.click("button", "Sign out");
    await signInBy("ada@acme.example", "not her password");
    await browser.until("/Incorrect username or password/.test(document.body.textContent)");
  });

  it("has complained of nothing, and asked nobody but this machine", () => {
    // The sign-in that is refused, which Chromium reports as a failed request.
    const expected = /the server responded with a status of 400/;
    expect(browser.complaints.filter((line) => !expected.test(line))).toEqual([]);
    expect(browser.requests.length).toBeGreaterThan(20);
    const sent = browser.requests.filter((url) => !url.startsWith("data:"));
    const hosts = new Set(sent.map((url) => new URL(url).hostname));
    expect([...hosts]).toEqual(["127.0.0.1"]);
  });

  /** How many words the answer shows, each in its place. */
  async function wordsShown(): Promise<number> {
    const words = (await browser.evaluate(answer)).trim().split(/\s+/);
    // The last one may be shown in part.
    const whole = words.slice(0, -1);
    expect(whole).toEqual(whole.map((_: string, index: number) => `word${index + 1}`));
    return words.length;
  }

  /** What another device asks of the conversation that ada used last. */
  async function ofNewest(method: string, path: string, body?: object) {
    const [tenant] = environment.tenants;
    const device = new Client(tenant!.url, await signIn(tenant!, "ada", dataDir.path));
    const [newest] = await device.all("/conversations", 1);
    return device.json(method, `/conversations/${newest!.id}${path}`, body);
  }

  async function ask(question: string): Promise<void> {
    await browser.evaluate("document.getElementById('question').focus()");
    await browser.type(question);
    await browser.press("Enter");
  }

  async function untilAnswered(text: string): Promise<void> {
    await browser.until(
      `${answer}.includes(${JSON.stringify(text)}) && !${exists("[aria-busy=true]")}`,
    );
  }

  async function signInBy(username: string, password: string): Promise<void> {
    await browser.until(exists("#username"));
    await browser.evaluate("document.getElementById('username').focus()");
    await browser.type(username);
    await browser.press("Tab");
    await browser.type(password);
    await browser.press("Enter");
  }

  /** Pictures of what is to be seen, from a phone to a large screen, and what axe-core says about it. */
  async function look(name: string): Promise<void> {
    for (const scheme of ["light", "dark"] as const) {
      for (const width of [360, 1024, 1600]) {
        await browser.show(width, scheme);
        const { scrollWidth } = await browser.evaluate(
          "({ scrollWidth: document.documentElement.scrollWidth })",
        );
        expect([name, width, scrollWidth]).toEqual([name, width, width]);
        const picture = await browser.screenshot();
        writeFileSync(join(pictures, `${name}-${width}-${scheme}.png`), picture);
      }
      await browser.evaluate(`${axe}; undefined`);
      const { violations, passes } = await browser.evaluate("axe.run()");
      expect(passes.length).toBeGreaterThan(10);
      const found = violations.map(
        ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
          `${name}, ${scheme}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`,
      );
      expect(found).toEqual([]);
    }
    await browser.show(1024, "light");
  }
});

/** Text of the last answer, in the page. */
const answer =
  "(document.querySelector('.messages > .assistant:last-child .text')?.textContent ?? '')";

const count = `${answer}.trim().split(/\\s+/).length`;

const exists = (selector: string) =>
  `(document.querySelector(${JSON.stringify(selector)}) !== null)`;

const hasFocus = (id: string) => `document.activeElement?.id === ${JSON.stringify(id)}`;
