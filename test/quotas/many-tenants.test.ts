/** Stacks that an AWS account as it is opened does not hold. */
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CheckOptions, check } from "../../offline/check/check.ts";
import { textReport } from "../../offline/check/reports/text.ts";
import { evaluateStack, readStackFile } from "../../offline/project.ts";
import type { QuotaReport } from "../../offline/quotas/quotas.ts";
import { accountQuotas } from "../../offline/quotas/stacks.ts";
import { gather } from "../../offline/report/gather.ts";
import { page } from "../../offline/report/page.ts";
import { Project } from "./project.ts";

const pack = resolve(import.meta.dirname, "../../policies");
const project = new Project();
afterAll(() => project.remove());

const options = { width: 200, paint: (_: string, text: string) => text };

async function checked(stack: string, more: CheckOptions = {}) {
  const report = await check({ root: project.root, stacks: [stack], pack, ...more });
  expect(report.failures).toEqual([]);
  const [stackReport] = report.stacks;
  return { report, stack: stackReport!, text: textReport(report, options) };
}

describe("25 standard tenants in one stack", { timeout: 120_000 }, () => {
  test("fit into an account as AWS opens it; check says which quota ends first, where, and the ways out", async () => {
    project.stack("cell", 25, "standard");
    const { report, text } = await checked("cell", { rules: ["quota-*"] });

    expect(report.outcome).toBe("clean");
    expect(text).toContain(
      "First quota to run out: lambda L-B99A9384, Concurrent executions: 625 asked of 900 reserved executions; " +
        "the 37th tenant like these would not fit. Ways out: have AWS raise L-B99A9384 to 1,025 or more, or reserve less",
    );
    expect(text).toContain("into the next cell, a stack of another region or account");
  });

  test("that reserve 50 each are refused: the quota, the tenant at which it ends, and the two ways out", async () => {
    const defaults = { retain: "protect", api: { reservedConcurrency: 50 } };
    project.stack("cell", 25, "standard", { "chatstack:defaults": defaults });
    const { report, stack, text } = await checked("cell", { rules: ["quota-*"] });

    expect(report.outcome).toBe("violations");
    const [finding, ...more] = stack.findings;
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "quota-limit", level: "mandatory", tenant: "t19" });
    expect(finding?.message).toContain("ends at tenant t19, the 19th of 25");
    expect(finding?.message).toContain("raise L-B99A9384 to 1,350 or more");
    expect(finding?.message).toContain("into the next cell");
    expect(text).toContain("25 tenants need 2 cells of at most 18 tenants");
  });

  test("that ask for more than AWS's default fit where the config says that AWS raised it", async () => {
    const defaults = { retain: "protect", api: { reservedConcurrency: 450 } };
    project.stack("cell", 3, "standard", {
      "chatstack:defaults": defaults,
      "chatstack:quotas": { "L-B99A9384": 5_000 },
    });
    const { stack } = await checked("cell", { rules: ["quota-*"] });

    expect(stack.findings).toEqual([]);
    expect(stack.quotas?.first).toMatchObject({
      code: "L-B99A9384",
      asked: 1_350,
      limit: 5_000,
      isRaised: true,
      ends: { ordinal: 11 },
    });
  });

  test("are only advised against outside production", async () => {
    project.stack("cell", 2, "standard", {
      "chatstack:environment": "staging",
      "chatstack:quotas": { "L-B99A9384": 120 },
    });
    const { report, stack } = await checked("cell", { rules: ["quota-*"] });

    expect(report.outcome).toBe("clean");
    expect(stack.findings).toMatchObject([{ rule: "quota-limit", level: "advisory" }]);
  });
});

describe("200 standard tenants", () => {
  let report: QuotaReport;
  beforeAll(async () => {
    project.stack("large", 200, "standard");
    const file = readStackFile(project.root, "chatstack", "large");
    const evaluation = await evaluateStack("large", { root: project.root, preview: true });
    [report] = accountQuotas([{ file, evaluation }], undefined) as [QuotaReport];
  }, 240_000);

  test("exceed what the account has, each quota at its own tenant", () => {
    const exceeded = report.quotas.filter(({ outcome }) => outcome === "exceeded");
    expect(exceeded.map(({ code, ends }) => [code, ends?.tenant])).toEqual([
      ["L-B99A9384", "t37"],
      ["logs-firewall-policy-length", "t44"],
      ["L-2EC3DE7B", "t101"],
    ]);
  });

  test("stand in cells that hold them", () => {
    expect(report.cells.cells.map(({ first, last }) => `${first}–${last}`)).toEqual([
      "t1–t36",
      "t37–t72",
      "t73–t108",
      "t109–t144",
      "t145–t180",
      "t181–t200",
    ]);
  });

  test("have a report, whose page shows the cells", { timeout: 480_000 }, async () => {
    const html = await page(await gather({ root: project.root, stack: "large", pack }));
    expect(html).toContain("t200");
    expect(html).toContain("200 tenants need 6 cells of at most 36 tenants");
    expect(html).toContain("in 1 account with a region for each cell");
    expect(html).toMatch(/<td data-column="from">t181<\/td>\s*<td data-column="to">t200<\/td>/);
  });

  test("take as long to create and to destroy as API Gateway's rates make it", () => {
    expect(report.least).toMatchObject({
      create: { operation: "CreateDeployment", calls: 200, seconds: 995 },
      destroy: { operation: "DeleteRestApi", calls: 200, seconds: 5_970 },
    });
  });
});
