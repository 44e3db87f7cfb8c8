import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planStacks } from "../../offline/plan/many.ts";
import { planMarkdown } from "../../offline/plan/show/markdown.ts";

const root = mkdtempSync(join(tmpdir(), "chatstack-many-"));
const git = (...args: string[]) =>
  execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...args]);
const write = (file: string, text: string) => writeFileSync(join(root, file), text);
const stacks = ["eu-1", "eu-2", "us-1"];

beforeAll(() => {
  const main = resolve(import.meta.dirname, "../../stacks/index.ts");
  write("Pulumi.yaml", JSON.stringify({ name: "chatstack", main }));
  for (const [at, stack] of stacks.entries()) {
    const config = { environment: "development", tenantsFolder: `tenants/${stack}` };
    write(
      `Pulumi.${stack}.yaml`,
      JSON.stringify({ config: { "aws:region": "us-east-1", ...config } }),
    );
    mkdirSync(join(root, "tenants", stack), { recursive: true });
    for (const tenant of ["a", "b"])
      write(`tenants/${stack}/t${at}${tenant}.yaml`, "tier: basic\n");
  }
  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message=first");
  const days = (file: string, more: string) =>
    write(file, readFileSync(join(root, file), "utf8") + more);
  // The same in both cells of eu, something else in one of them and in us.
  for (const file of ["eu-1/t0a", "eu-1/t0b", "eu-2/t1a"])
    days(`tenants/${file}.yaml`, "table: {recoveryDays: 14}\n");
  days("tenants/eu-2/t1b.yaml", "state: suspended\n");
  days("tenants/us-1/t2a.yaml", "table: {recoveryDays: 14}\n");
});
afterAll(() => rmSync(root, { recursive: true }));

test("the same change of tenants of several stacks is one block; stacks that are not meant are left out", async () => {
  const plan = await planStacks({ root, stacks: ["eu-*"], against: "git:HEAD" });
  expect(plan.stack).toBe("2 stacks (eu-1, eu-2)");
  const markdown = planMarkdown(plan);
  expect(markdown).toContain("3 tenants (t0a, t0b, t1a)");
  expect(markdown).toContain("tenant t1b");
  expect(markdown.match(/recoveryPeriodInDays/g)).toHaveLength(1);
  expect(markdown).not.toContain("t2a");
});

test("what is no revision, and a stack that there is not, are refused", async () => {
  await expect(planStacks({ root, stacks: ["eu-1"], against: "us-1" })).rejects.toThrow(
    '--against: found "us-1"; allowed with --stacks: a revision, git:main',
  );
  await expect(planStacks({ root, stacks: ["ap-*"], against: "git:HEAD" })).rejects.toThrow(
    'no stack "ap-*"; there are eu-1, eu-2, us-1',
  );
});
