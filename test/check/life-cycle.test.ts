import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tenantStates } from "../../app/resources/tenant-state.ts";
import { check } from "../../offline/check/check.ts";

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
