import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type CellPlanFlags, outcomeOf } from "../../cli/actions/cell.ts";
import { evaluateStack } from "../../offline/project.ts";
import { Project } from "../quotas/project.ts";

const project = new Project();
afterAll(() => project.remove());

const account = "123456789012";
const cells = (more: Record<string, unknown> = {}) =>
  project.write("cells.yaml", {
    cells: {
      "eu-1": { account, region: "eu-central-1", ...more },
      "us-1": { account, region: "us-east-1" },
    },
  });
const newTenant = (id: string, entry: Record<string, unknown>) => {
  mkdirSync(join(project.root, "tenants/new"), { recursive: true });
  writeFileSync(join(project.root, `tenants/new/${id}.yaml`), JSON.stringify(entry));
};

beforeEach(() => {
  cells();
  project.stack("eu-1", 3, "standard", { "aws:region": "eu-central-1" });
  project.stack("us-1", 1, "standard", {
    "aws:region": "us-east-1",
    "chatstack:tenants": [{ id: "u1", tier: "enterprise" }],
  });
});

const planned = async (flags: CellPlanFlags = {}) => {
  const { text, code } = await outcomeOf({ root: project.root, json: true, ...flags });
  return { ...JSON.parse(text), code };
};

describe("chatstack cell plan", () => {
  test("counts tenants with alike settings once, and as the quotas of the stack count them", async () => {
    const plan = await planned();
    expect(plan).toMatchObject({ code: 0, outcome: "settled", tenants: 4, kinds: 2 });
    // As `chatstack quotas` says of a new stack of this tier.
    expect(plan.cells[0]).toMatchObject({ before: 3, after: 3, holds: 36, limit: "L-B99A9384" });
  });

  test("places new tenants by their residency, though the first cell's region is another", async () => {
    newTenant("initech", { tier: "standard", residency: ["us"] });
    newTenant("umbrella", { tier: "basic", residency: ["eu-central-1"] });
    const plan = await planned({ new: "tenants/new" });
    expect(plan.code).toBe(1);
    expect(plan.additions).toEqual([
      { tenant: "initech", to: "us-1" },
      { tenant: "umbrella", to: "eu-1" },
    ]);
    const { text } = await outcomeOf({ root: project.root, new: "tenants/new" });
    expect(text).toContain("initech: into us-1");
  });

  test("says what to write for the next cell", async () => {
    cells({ maxTenants: 3 });
    const { text, code } = await outcomeOf({ root: project.root });
    expect(code).toBe(0);
    expect(text).toContain("eu-2:");
    expect(text).toContain("region: eu-central-1");
    expect(text).toContain("make the next cell in time");
  });

  test.each([
    [
      { account: "444455556666", region: "eu-west-1" },
      "aws:region: found eu-central-1; allowed: eu-west-1",
    ],
    [
      { role: `arn:aws:iam::${account}:role/deploy` },
      "aws:assumeRoles: found nothing; allowed: arn:aws:iam::",
    ],
    [{ region: "eu-central" }, 'cells.eu-1.region: found "eu-central"; allowed: an AWS region'],
    [{ acount: "1" }, "acount"],
    [{ account: "12" }, 'cells.eu-1.account: found "12"; allowed: 12 digits'],
  ])("refuses %j", async (more, message) => {
    cells(more);
    await expect(outcomeOf({ root: project.root })).rejects.toThrow(message);
  });

  test("a tenant in two cells is refused, unless it leaves one", async () => {
    const twin = (state: string) =>
      project.stack("us-1", 1, "standard", {
        "aws:region": "us-east-1",
        "chatstack:tenants": [{ id: "t1", tier: "basic", state }],
      });
    twin("active");
    await expect(outcomeOf({ root: project.root })).rejects.toThrow(
      'Pulumi.us-1.yaml: found the tenant "t1"; allowed: tenants that no other cell has: Pulumi.eu-1.yaml has it',
    );
    twin("off-boarding");
    expect((await planned()).code).toBe(0);
  });
});

test("a stack refuses a tenant whose residency is another region", async () => {
  project.stack("eu-1", 1, "standard", {
    "aws:region": "eu-central-1",
    "chatstack:tenants": [
      { id: "acme", tier: "basic", residency: ["us"] },
      { id: "globex", tier: "basic", residency: ["mars"] },
      { id: "initech", tier: "basic", residency: ["eu", "us-east-1"] },
    ],
  });
  const failed = evaluateStack("eu-1", { root: project.root });
  await expect(failed).rejects.toThrow(
    'tenants[0].residency: found ["us"]; allowed: regions among which is the stack\'s, eu-central-1',
  );
  await expect(failed).rejects.toThrow('tenants[1].residency[0]: found "mars"');
  await expect(failed).rejects.not.toThrow("initech");
});
