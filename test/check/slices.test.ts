import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { check } from "../../offline/check/check.ts";
import { isCrossed } from "../../offline/check/stack/digest.ts";
import { checkRunner } from "../../offline/check/stack/slice.ts";
import { evaluateStack, evaluateTenants, readStackFile } from "../../offline/project.ts";
import { evaluateOnAllCores } from "../../offline/slices/records.ts";
import { inSlices, slicesOf } from "../../offline/slices/slices.ts";
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

const pack = join(repository, "policies");
const odd = (index: number) =>
  index === 4
    ? { tier: "enterprise", retain: "destroy" }
    : index === 22
      ? { table: { recoveryDays: "off" } }
      : {};

describe("a stack in slices", () => {
  const root = project(24, odd);
  const file = readStackFile(root, "chatstack", "many");

  test("has the records of the whole", async () => {
    const { records } = await evaluateStack("many", { root });
    const owners = tenantsByUrn(records);
    const slice = await evaluateTenants(file, ["t4", "t22"], { root });
    const isMeant = (urn: string) => ["t4", "t22", undefined].includes(owners.get(urn));
    const byUrn = (list: typeof records) =>
      list
        .filter(({ urn, type }) => isMeant(urn) && type !== "pulumi:pulumi:Stack")
        .toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
    expect(byUrn(slice.records)).toEqual(byUrn(records));
  });

  test("has them in the same order on all cores", async () => {
    const many = project(30, odd);
    const whole = await evaluateStack("many", { root: many });
    const parts = await evaluateOnAllCores("many", { root: many });
    const owners = tenantsByUrn(whole.records);
    const byTenant = Map.groupBy(whole.records, ({ urn }) => owners.get(urn));
    expect(parts.records).toEqual([...byTenant.values()].flat());
    expect(parts.outputs).toEqual(whole.outputs);
  }, 60_000);

  test("has the findings, the quotas and the exemptions of the whole", async () => {
    expect(slicesOf(root, file)).toHaveLength(2);
    const evaluate = () => evaluateStack("many", { root, preview: true });
    const [inSlicesToo, whole] = [
      await check({ root, stacks: ["many"], pack }),
      await check({ root, stacks: ["many"], pack, evaluate }),
    ];
    expect(inSlicesToo.stacks).toEqual(whole.stacks);
    expect(inSlicesToo.stacks[0]?.failures).toEqual([]);
    expect(new Set(whole.stacks[0]?.findings.map(({ verdict }) => verdict))).toContain("exempt");
    const rules = new Set(whole.stacks[0]?.findings.map(({ rule }) => rule));
    expect([...rules]).toEqual(expect.arrayContaining(["own-exemption", "own-retain"]));
  }, 60_000);

  test("is judged in slices: nothing of it needs the tenants together", async () => {
    const run = checkRunner({ kind: "check", root, stack: "many", policyConfig: {}, rules: [] });
    const digests = [];
    for (const slice of slicesOf(root, file)) digests.push((await run(slice)).digest);
    expect(isCrossed(digests)).toBe(false);
  }, 60_000);

  test("goes through threads with the same result as without", async () => {
    const task = { kind: "check", root, stack: "many", policyConfig: {}, rules: [] } as const;
    const slices = Array.from({ length: 6 }, (_, at) => [`t${at}`]);
    const here = await Promise.all(slices.slice(4).map(checkRunner(task)));
    const parts = await inSlices(task, checkRunner(task), slices);
    expect(parts.slice(4)).toEqual(here);
  }, 60_000);
});

test("tenants that name each other's resources are judged together", async () => {
  const root = project(2);
  const task = { kind: "check", root, stack: "many", policyConfig: {}, rules: [] } as const;
  const [one] = [await checkRunner(task)(["t0"])];
  const names = (name: string) => ({
    ...one.digest,
    owned: new Set<string>(),
    named: new Set([name]),
  });
  const [owned = ""] = [...one.digest.owned];
  expect(isCrossed([one.digest, names("nobody")])).toBe(false);
  expect(isCrossed([one.digest, names(owned)])).toBe(true);
  const patterns = new Set([owned.slice(0, -2)]);
  expect(isCrossed([one.digest, { ...names("nobody"), patterns }])).toBe(true);
});
