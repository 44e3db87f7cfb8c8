import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser, chromium } from "../../../testing/processes/browser.ts";
import {
  projectWith,
  type Started,
  start,
  temporaryDataDir,
} from "../../../testing/processes/start.ts";

const where = chromium ?? "which is skipped, since no chromium is on the PATH";

/** A port that is free now: callback addresses name it before anything listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

describe.skipIf(chromium === undefined)(
  `Cognito's own page, from the chat page in ${where}`,
  () => {
    let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
    let environment: Started;
    let browser: Browser;
    beforeAll(async () => {
      dataDir = await temporaryDataDir();
      const port = await freePort();
      const login = `auth: { managedLogin: { domain: { prefix: acme-chat }, redirects: { callbackUrls: ["http://localhost:${port}/"] } } }`;
      const cwd = projectWith(join(dataDir.path, "../project"), (file) =>
        file.replace("id: acme\n", `id: acme\n      ${login}\n`),
      );
      [environment, browser] = await Promise.all([
        start(dataDir.path, ["--port", String(port)], { cwd }),
        Browser.start(chromium!),
      ]);
      await browser.open(environment.page);
    });
    afterAll(async () => {
      await browser?.stop();
      await environment?.stop("SIGTERM");
      await dataDir.remove();
    });

    const isOnCognitosPage = () =>
      `location.origin === ${JSON.stringify(new URL(environment.endpoints.cognito).origin)} &&
      document.querySelector("input[name=password]") !== null`;

    it("signs a user in with PKCE, who asks and keeps no code in the address", async () => {
      await browser.click("button", "Sign in on Cognito's page");
      await browser.until(isOnCognitosPage());
      const query = new URL(await browser.evaluate("location.href")).searchParams;
      expect(query.get("code_challenge_method")).toBe("S256");
      const ada = environment.tenants[0]!.users.find(({ username }) => username.startsWith("ada"))!;
      for (const [name, value] of [
        ["username", ada.username],
        ["password", ada.password],
      ]) {
        await browser.evaluate(`document.querySelector("input[name=${name}]").focus()`);
        await browser.type(value!);
      }
      await browser.press("Enter");
      await browser.until("document.activeElement?.id === 'question'");
      expect(await browser.evaluate("location.href")).toBe(new URL("/", environment.page).href);
      await browser.type("Who am I?");
      await browser.press("Enter");
      await browser.until("document.body.textContent.includes('You said: Who am I?')");
      expect(await browser.text(".account span")).toBe(ada.username);
    });

    it("stays signed in through a reload, and signs out of Cognito's page too", async () => {
      await browser.reload();
      await browser.until(
        "document.activeElement !== null && document.querySelector('.account') !== null",
      );
      await browser.evaluate("globalThis.isOfBefore = true");
      await browser.click("button", "Sign out");
      // By way of Cognito, which ends its own session, and back.
      await browser.until(
        "globalThis.isOfBefore === undefined && document.querySelector('.sign-in') !== null",
      );
      await browser.click("button", "Sign in on Cognito's page");
      // With the session that is over, it would come straight back.
      await browser.until(isOnCognitosPage());
    });

    it("refuses an answer that this tab did not ask for", async () => {
      const forged = new URL("/?code=stolen&state=forged", environment.page).href;
      await browser.open(forged);
      await browser.until("/was not completed/.test(document.body.textContent)");
      expect(browser.requests.filter((url) => url.endsWith("/oauth2/token")).length).toBe(1);
    });

    it("has complained of nothing", () => {
      expect(browser.complaints).toEqual([]);
    });
  },
);
