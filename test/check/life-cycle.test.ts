import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { tenantStates } from "../../app/resources/tenant-state.ts";
import { check } from "../../offline/check/check.ts";
import type { Finding } from "../../offline/check/report.ts";

/** Exemptions are for a year at most. */
const expires = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);

const repository = resolve(import.meta.dirname, "../..");

test("tenants of a production stack are clean by every rule in each state of their life", async () => {
  const root = mkdtempSync(join(tmpdir(), "chatstack-states-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const main = join(repository, "stacks/index.ts");
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  const tenants = tenantStates.map((state) => ({ id: state, tier: "standard", state }));
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary",
    "chatstack:tenants": tenants,
  };
  writeFileSync(join(root, "Pulumi.states.yaml"), JSON.stringify({ config }));
  const report = await check({ root, pack: join(repository, "policies") });
  const [{ findings = [] } = {}] = report.stacks;
  expect(findings.filter(({ level }) => level === "mandatory")).toEqual([]);
  expect(report).toMatchObject({ outcome: "clean", failures: [] });
});

describe("a protected tenant of production leaves by the steps of docs/tenants/life-cycle.md", () => {
  const acme = { id: "acme", tier: "standard" };
  const globex = {
    id: "globex",
    tier: "standard",
    state: "off-boarding",
    retainUntil: "2026-01-31",
  };
  const exemptions = (...rules: string[]) =>
    rules.map((rule) => ({
      rule,
      resource: "globex*",
      reason: "globex has left; its data was due on 2026-01-31",
      owner: "platform@example.com",
      expires,
    }));
  const lifting = exemptions(
    ...["ddb-protect", "s3-protect", "cog-protect", "kms-protect", "vault-protect"],
  );
  const deleting = exemptions(
    ...["own-retain", "vault-lock", "ddb-deletion-protection", "s3-no-force-destroy"],
    "cog-deletion-protection",
  );

  test.each([
    ["it is off-boarding", [acme, globex], []],
    ["its protection is lifted", [acme, { ...globex, retain: "retain" }], lifting],
    ["it is removed, and its data stays", [acme], lifting],
    [
      "its data may be deleted",
      [acme, { ...globex, retain: "destroy" }],
      [...lifting, ...deleting],
    ],
    ["it is removed with its data", [acme], [...lifting, ...deleting]],
  ])("%s: no rule refuses the step", async (_, tenants, given) => {
    const { findings, outcome } = await checked(tenants, given);
    expect(findings.filter(isRefusal)).toEqual([]);
    expect(outcome).toBe("clean");
  });

  test("check says that the day of an off-boarding tenant is over", async () => {
    const { findings } = await checked([acme, globex], []);
    expect(findings.filter(({ rule }) => rule === "tenant-due")).toMatchObject([
      { level: "advisory", message: expect.stringContaining("over since 2026-01-31") },
    ]);
  });

  test("its data cannot be deleted before its day", async () => {
    const early = { ...globex, retain: "destroy", retainUntil: "2999-01-31" };
    const { findings } = await checked([acme, early], [...lifting, ...deleting]);
    expect(findings.filter(isRefusal).map(({ rule }) => rule)).toEqual(["tenant-retain-until"]);
  });
});

const isRefusal = ({ level, verdict }: Finding) => level === "mandatory" && verdict !== "exempt";

async function checked(tenants: readonly object[], exemptions: readonly object[]) {
  const root = mkdtempSync(join(tmpdir(), "chatstack-leaving-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const main = join(repository, "stacks/index.ts");
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary",
    "chatstack:tenants": tenants,
    "chatstack:exemptions": exemptions,
  };
  writeFileSync(join(root, "Pulumi.prod.yaml"), JSON.stringify({ config }));
  const report = await check({ root, pack: join(repository, "policies") });
  return { findings: report.stacks[0]?.findings ?? [], outcome: report.outcome };
}
