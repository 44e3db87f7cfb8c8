import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { baselineOf } from "../../offline/check/baseline.ts";
import { check } from "../../offline/check/check.ts";
import { gather } from "../../offline/report/gather.ts";
import { page } from "../../offline/report/page.ts";
import { Browser, chromium } from "../../testing/processes/browser.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { exportedState } from "../../testing/stacks/exported-state.ts";

const repository = resolve(import.meta.dirname, "../..");
const pack = join(repository, "policies");
const folder = mkdtempSync(join(tmpdir(), "report-"));
const file = join(folder, "prod.html");
let written: string;

const hostile = '"><script>document.title = "pwned"</script><img src=x onerror=alert(1)>';

/** Production with something of everything: a violation, an exemption, a tenant that goes. */
beforeAll(async () => {
  const tenants = [
    { id: "acme", tier: "enterprise" },
    { id: "globex", tier: "standard", table: { recoveryDays: 3 } },
    { id: "initech", tier: "standard" },
  ];
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
    "chatstack:defaults": { retain: "protect" },
    "chatstack:tenants": tenants,
    "chatstack:exemptions": [
      {
        rule: "ddb-cost-ceiling",
        resource: "acme-chat",
        reason: hostile,
        owner: "platform@example.com",
        expires: "2099-12-31",
      },
    ],
  };
  const main = join(repository, "stacks/index.ts");
  // YAML takes JSON as it is.
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(join(folder, "Pulumi.prod.yaml"), JSON.stringify({ config }));
  const before = { ...config, "chatstack:tenants": [tenants[0], { id: "hooli", tier: "basic" }] };
  writeFileSync(join(folder, "Pulumi.before.yaml"), JSON.stringify({ config: before }));
  written = await page(await gather({ root: folder, stack: "prod", pack, against: "before" }));
  writeFileSync(file, written);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the report", () => {
  it("is one file that names no other place, and whose one script is the filter", () => {
    expect(written.match(/<script/g)).toEqual(["<script"]);
    expect(written).not.toMatch(/<link|@import|url\(|<img|<iframe/);
    expect(written).toContain("default-src &#39;none&#39;");
  });

  it("finds what the check finds", async () => {
    const report = await check({ root: folder, stacks: ["prod"], pack });
    expect(report.outcome).toBe("violations");
    for (const { rule } of report.stacks[0]!.findings) expect(written).toContain(rule);
  });

  it("is of a clean stack where a baseline has its violations, and shows them as known", async () => {
    const baseline = baselineOf(await check({ root: folder, stacks: ["prod"], pack }));
    const of = { root: folder, stack: "prod", pack };
    const gathered = await gather({ ...of, baseline });
    expect(gathered).toMatchObject({ outcome: "clean", summary: { violations: 0 } });
    expect(gathered.summary.known).toBeGreaterThan(0);
    expect(await page(gathered)).toMatch(
      /beyond the baseline[\s\S]*In the baseline:<\/strong> \d+ viol/,
    );
    const fewer = { ...baseline, findings: baseline.findings.slice(1) };
    expect(await gather({ ...of, baseline: fewer, failOn: "low" })).toMatchObject({
      outcome: "violations",
    });
  });

  it("says what the change costs, by tenant", () => {
    const [changes = ""] = /<section id="changes">.*?<\/section>/s.exec(written) ?? [];
    expect(changes).toContain("<h3>Cost a month</h3>");
    expect(changes).toMatch(/<strong>initech<\/strong><\/td><td data-column="before">new</);
    expect(changes).toMatch(/<strong>hooli<\/strong>.*?>gone</s);
    expect(changes).toMatch(/WAF \$0\.00 → \$[1-9]/);
  });

  it("says what becomes of a tenant that goes, above all else", () => {
    expect(written.indexOf("pulumi up would be refused")).toBeLessThan(
      written.indexOf(`id="topology"`),
    );
    expect(written).toMatch(/removed<\/span> <strong>hooli<\/strong>/);
  });

  it("shows code as code, and no backquotes", () => {
    expect(written).toContain("<code>pulumi up</code> would fail");
    expect(written.replace(/<script>.*?<\/script>|<svg.*?<\/svg>/gs, "")).not.toContain("`");
  });

  it("takes what a stack file says for text", () => {
    expect(written).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });
});

const where = chromium ?? "which is skipped, since no chromium is on the PATH";

describe.skipIf(chromium === undefined)(`the report in ${where}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start(chromium!);
  });
  afterAll(() => browser.stop());

  it.each([
    ["light", 400],
    ["dark", 400],
    ["light", 1600],
    ["dark", 1600],
  ])("is readable %s at %i px, without a complaint or a request", async (scheme, width) => {
    await browser.send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 1000,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await browser.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
    const url = pathToFileURL(file).href;
    await browser.open(url);

    expect(await browser.evaluate("document.title")).toBe("chatstack · prod");
    const [text, back] = await browser.evaluate(
      "['color', 'backgroundColor'].map((name) => getComputedStyle(document.body)[name])",
    );
    expect(brightness(back) > brightness(text)).toBe(scheme === "light");
    // Nothing but the pictures, which scroll on their own, is wider than the window.
    const { scrollWidth, clientWidth } = await browser.evaluate(
      "(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)",
    );
    expect(scrollWidth).toBe(clientWidth);
    expect(await browser.evaluate(smallestTextOutsidePictures)).toBeGreaterThanOrEqual(12);
    const sections = await browser.evaluate(
      "[...document.querySelectorAll('section')].map(({ id }) => id)",
    );
    expect(sections).toEqual([
      "changes",
      "tenants",
      "topology",
      "findings",
      "exemptions",
      "quotas",
      "cost",
      "access-patterns",
    ]);
    const rows =
      "[...document.querySelectorAll('#tenants tbody tr, #cost tbody tr[data-tenants]')]";
    const visible = `${rows}.filter((row) => row.checkVisibility()).map((row) => row.dataset.tenants)`;
    expect(new Set(await browser.evaluate(visible)).size).toBe(3);
    await browser.choose("tenant", "globex");
    expect(await browser.evaluate(visible)).toEqual(["globex", "globex"]);
    await browser.choose("tenant", "");
    expect(browser.complaints).toEqual([]);
    expect(new Set(browser.requests)).toEqual(new Set([url]));
    await keep(`report-${scheme}-${width}.png`);
  });

  async function keep(name: string): Promise<void> {
    const dist = join(repository, "dist");
    mkdirSync(dist, { recursive: true });
    const { cssContentSize } = await browser.send("Page.getLayoutMetrics");
    const { data } = await browser.send("Page.captureScreenshot", {
      format: "png",
      captureBeyondViewport: true,
      clip: {
        x: 0,
        y: 0,
        ...cssContentSize,
        height: Math.min(cssContentSize.height, 8000),
        scale: 1,
      },
    });
    writeFileSync(join(dist, name), Buffer.from(data, "base64"));
  }
});

/** In CSS pixels. */
const smallestTextOutsidePictures = `
  Math.min(...[...document.querySelectorAll("main :not(svg *)")]
    .filter(({ textContent, closest }) => textContent.trim() !== "")
    .map((element) => parseFloat(getComputedStyle(element).fontSize)))`;

const brightness = (color: string): number =>
  [...color.matchAll(/\d+/g)].slice(0, 3).reduce((sum, [part]) => sum + Number(part), 0);

describe("chatstack report", () => {
  it("writes the page, and exits as check does", async () => {
    const output = join(folder, "own.html");
    const args = ["report", "-s", "prod", "--policy-pack", pack, "-o", output];
    const { code, stdout } = await chatstack(args, { cwd: folder });
    expect([code, stdout]).toEqual([1, ""]);
    expect(readFileSync(output, "utf8")).toMatch(/^<!doctype html>[\s\S]+<\/html>\n$/);
  });

  it("exits 2 for a usage that names no tenant of the stack, and says which there are", async () => {
    const usage = join(folder, "usage.json");
    writeFileSync(usage, JSON.stringify({ tenants: { nobody: { users: 5 } } }));
    const args = ["report", "-s", "before", "--policy-pack", pack, "--usage", usage];
    const { code, stderr } = await chatstackHere(args, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('found unknown "nobody"; allowed: acme, hooli');
  });

  it("exits 2 where there is no such stack, and writes nothing", async () => {
    const { code, stderr } = await chatstackHere(["report", "-s", "nope"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain("Pulumi.nope.yaml: no such stack file");
  });
});

test("a state that comes on stdin is read once, for what changes and for what that costs", async () => {
  const state = await exportedState("dev");
  const output = join(folder, "stdin.html");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(repository, "bin/chatstack.js"),
      "report",
      "--stack",
      "dev",
      "--against",
      "-",
      "-o",
      output,
    ],
    { cwd: repository, input: JSON.stringify(state), encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([0, expect.not.stringContaining("stdin")]);
  expect(readFileSync(output, "utf8")).toContain("<h1");
});
