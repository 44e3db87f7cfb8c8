import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { check } from "../../offline/check/check.ts";
import { isCrossed } from "../../offline/check/stack/digest.ts";
import { checkRunner } from "../../offline/check/stack/slice.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { evaluateOnAllCores } from "../../offline/slices/records.ts";
import { inSlices } from "../../offline/slices/slices.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";

const repository = resolve(import.meta.dirname, "../..");
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A project of as many tenants, some of them unlike the others. */
function project(count: number, of: (index: number) => object = () => ({})): string {
  const root = mkdtempSync(join(tmpdir(), "slices-"));
  folders.push(root);
  const main = join(repository, "stacks/index.ts");
  const tenants = Array.from({ length: count }, (_, index) => ({
    id: `t${index}`,
    tier: "basic",
    ...of(index),
  }));
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:exemptions": [
      { rule: "own-retain", resource: "t4-chat", reason: "r", owner: "o", expires: "2999-01-01" },
      { rule: "ddb-pitr", resource: "nobody", reason: "r", owner: "o", expires: "2999-01-01" },
    ],
    "chatstack:tenants": tenants,
  };
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(join(root, "Pulumi.many.yaml"), JSON.stringify({ config }));
  return root;
}

const sorted = (records: readonly ResourceRecord[]) =>
  records.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));

const pack = join(repository, "policies");
const odd = (index: number) =>
  index === 4
    ? { tier: "enterprise", retain: "destroy" }
    : index === 2
      ? { table: { recoveryDays: "off" } }
      : {};

describe("a stack in slices", () => {
  const root = project(6, odd);
  const whole = evaluateStack("many", { root, preview: true });
  const task = { kind: "check", root, stack: "many", policyConfig: {}, rules: [] } as const;

  test("has the records of the whole, one tenant's after the other's", async () => {
    const { records, outputs } = await whole;
    const parts = await evaluateOnAllCores("many", { root, preview: true, tenantsAtOnce: 2 });
    expect(sorted(parts.records)).toEqual(sorted(records));
    const owners = tenantsByUrn(records);
    const inOrder = parts.records.map(({ urn }) => owners.get(urn));
    expect(inOrder).toEqual([...Map.groupBy(inOrder, (owner) => owner).values()].flat());
    expect(parts.outputs).toEqual(outputs);
  }, 60_000);

  test("has the findings, the quotas, the exemptions and the gaps of the whole", async () => {
    const options = { root, stacks: ["many"], pack };
    const inParts = await check({ ...options, tenantsAtOnce: 3 });
    const atOnce = await check({ ...options, evaluate: () => whole });
    expect(inParts.stacks).toEqual(atOnce.stacks);
    const [{ failures, findings = [], unjudged } = {}] = inParts.stacks;
    expect(failures).toEqual([]);
    expect(unjudged).not.toEqual([]);
    expect(new Set(findings.map(({ verdict }) => verdict))).toContain("exempt");
    const rules = findings.map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(["own-exemption", "own-retain", "ddb-pitr"]));
  }, 60_000);

  test("goes through threads with the same result as without, and nothing of it needs the tenants together", async () => {
    const run = checkRunner(task);
    const slices = Array.from({ length: 3 }, (_, at) => [`t${2 * at}`, `t${2 * at + 1}`]);
    const parts = await inSlices(task, run, slices);
    expect(parts[2]).toEqual(await run(slices[2] ?? []));
    expect(isCrossed(parts.map(({ digest }) => digest))).toBe(false);
  }, 60_000);
});

test("slices that one look at would judge otherwise are judged together", async () => {
  const root = project(1);
  const task = { kind: "check", root, stack: "many", policyConfig: {}, rules: [] } as const;
  const { digest } = await checkRunner(task)(["t0"]);
  const none = new Set<string>();
  const other = { ...digest, owned: none, named: none, patterns: none };
  const names = (name: string) => ({ ...other, named: new Set([name]) });
  const [owned = ""] = [...digest.owned].filter((name) => name.startsWith("arn:"));
  expect(isCrossed([digest, other])).toBe(false);
  expect(isCrossed([digest, names("nobody")])).toBe(false);
  expect(isCrossed([digest, names(owned)])).toBe(true);
  // Tags and filters name tenants by their ids.
  expect(isCrossed([digest, names("t0")])).toBe(true);
  expect(isCrossed([digest, { ...other, patterns: new Set([owned.slice(0, -2)]) }])).toBe(true);
  // Rules about trusted accounts go by those of all.
  expect(isCrossed([digest, { ...other, accounts: "111122223333" }])).toBe(true);
});
