/** The page of a plan over many stacks: eleven tenants of two stacks change alike, one goes, and one stack stays. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { Browser, chromium } from "../../testing/processes/browser.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const root = mkdtempSync(join(tmpdir(), "chatstack-plan-page-"));
const git = (...args: string[]) =>
  execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...args]);
const write = (file: string, text: string) => writeFileSync(join(root, file), text);
const file = join(root, "plan.html");
const stacks = ["prod-eu", "prod-us", "prod-sa"];
const perStack = 6;
const tenants = (stack: string) =>
  Array.from({ length: perStack }, (_, at) => `${stack.slice(5)}-${String(at).padStart(2, "0")}`);
let page: string;

beforeAll(async () => {
  const main = resolve(import.meta.dirname, "../../stacks/index.ts");
  write("Pulumi.yaml", JSON.stringify({ name: "chatstack", main }));
  for (const stack of stacks) {
    const config = { environment: "development", tenantsFolder: `tenants/${stack}` };
    write(
      `Pulumi.${stack}.yaml`,
      JSON.stringify({ config: { "aws:region": "us-east-1", ...config } }),
    );
    mkdirSync(join(root, "tenants", stack), { recursive: true });
    for (const tenant of tenants(stack)) write(`tenants/${stack}/${tenant}.yaml`, "tier: basic\n");
  }
  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message=first");
  for (const stack of stacks.slice(0, 2)) {
    for (const tenant of tenants(stack))
      write(`tenants/${stack}/${tenant}.yaml`, "tier: basic\ntable: {recoveryDays: 14}\n");
  }
  rmSync(join(root, "tenants/prod-us/us-00.yaml"));
  const args = ["plan", "--stacks", "prod-*", "--against", "git:HEAD", "--html", file];
  const { code, stdout, stderr } = await chatstackHere(args, { cwd: root });
  // The tenant that goes is protected.
  expect([code, stderr.includes("Error")]).toEqual([1, false]);
  expect(stdout).toContain("11 tenants");
  page = readFileSync(file, "utf8");
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

test("what is the same is one block, which names its tenants by stack", () => {
  expect(page.match(/recoveryPeriodInDays/g)).toHaveLength(1);
  const [block = ""] = /<details[^>]*><summary><strong>11 tenants.*?<\/details>/s.exec(page) ?? [];
  expect(block).toContain(" more)");
  expect(block).toContain("<strong>prod-eu</strong>, 6: eu-00, eu-01");
  expect(block).toContain("<strong>prod-us</strong>, 5: us-01");
});

test("each stack has a row, the unsafe ones first, also one that stays as it is", () => {
  const rows = [
    ...page.matchAll(/<strong>(prod-\w+)<\/strong><\/td>.*?class="badge \w+">([\w ]+)</g),
  ];
  expect(rows.map(([, stack, outcome]) => [stack, outcome])).toEqual([
    ["prod-us", "unsafe"],
    ["prod-eu", "safe"],
    ["prod-sa", "no changes"],
  ]);
});

test("it is one file without a script that names no other place", () => {
  expect(page).not.toMatch(/<script|<link|@import|url\(|<img|<iframe/);
  expect(page).toContain("default-src &#39;none&#39;");
  expect(page).not.toContain("script-src");
});

test("a page needs something to compare with", async () => {
  const { code, stderr } = await chatstackHere(["plan", "-s", "prod-eu", "--html", file], {
    cwd: root,
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining("--html needs --against")]);
});

describe.skipIf(chromium === undefined)("in a browser (skipped where there is no chromium)", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start(chromium!);
  });
  afterAll(() => browser.stop());

  it.each([
    ["light", 400],
    ["dark", 1600],
  ] as const)("reads %s at %i px, without a complaint or a request", async (scheme, width) => {
    await browser.show(width, scheme, 1000);
    const url = pathToFileURL(file).href;
    await browser.open(url);
    for (const folded of [true, false]) {
      if (!folded)
        await browser.evaluate(
          "document.querySelectorAll('details').forEach((one) => { one.open = true; })",
        );
      const { scrollWidth, clientWidth } = await browser.evaluate(
        "(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)",
      );
      expect(scrollWidth).toBe(clientWidth);
    }
    expect(browser.complaints).toEqual([]);
    expect(new Set(browser.requests)).toEqual(new Set([url]));
  });
});
