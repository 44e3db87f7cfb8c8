import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planStack } from "../../offline/plan/plan.ts";

const root = mkdtempSync(join(tmpdir(), "chatstack-tenant-files-"));
const git = (...args: string[]) =>
  execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...args]);
const write = (file: string, text: string) => writeFileSync(join(root, file), text);
const tenant = (number: number) => `tenants/t${number}.yaml`;

beforeAll(() => {
  // Its extension may be left out.
  const main = resolve(import.meta.dirname, "../../stacks/index");
  write("Pulumi.yaml", JSON.stringify({ name: "chatstack", main }));
  write(
    "Pulumi.dev.yaml",
    "config: {aws:region: us-east-1, environment: development, tenantsFolder: tenants}\n",
  );
  write(".gitignore", "tenants/t2?.yaml\n");
  mkdirSync(join(root, "tenants"));
  for (let number = 1; number <= 23; number++) write(tenant(number), "tier: basic\n");

  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message=first");
});
afterAll(() => rmSync(root, { recursive: true }));

test("of tenants in files of their own only those are planned that differ from the revision", async () => {
  write(tenant(2), "tier: basic\ntable: {recoveryDays: 14}\n");
  rmSync(join(root, tenant(3)));
  // Ignored by git, and there all the same.
  write("tenants/t24.yaml", "tier: basic\n");
  const plan = () => planStack({ root, stack: "dev", against: "git:HEAD" });
  const narrow = await plan();
  expect(narrow.notes).toEqual([expect.stringMatching(/^21 tenants, whose files are as in HEAD /)]);
  expect(narrow.quotas).toBeUndefined();
  const { changes, tenants, access, losses } = narrow.comparison ?? {};
  expect(tenants?.map(({ kind, tenant: id }) => `${kind} ${id}`)).toEqual([
    "added t24",
    "removed t3",
  ]);
  // Anything beside tenants' files may change them all.
  write("notes.txt", "");
  const whole = await plan();
  expect(whole.notes).toEqual([]);
  expect(whole.quotas).toBeDefined();
  const byName = <T extends { readonly urn: string }>(list: readonly T[] = []) =>
    list.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  expect(byName(changes)).toEqual(byName(whole.comparison?.changes));
  expect(new Set(access)).toEqual(new Set(whole.comparison?.access));
  expect(losses).toEqual(whole.comparison?.losses);
}, 120_000);
