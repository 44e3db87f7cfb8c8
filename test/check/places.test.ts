import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { check } from "../../offline/check/check.ts";

const repository = resolve(import.meta.dirname, "../..");

test("findings stand where the tenant does: in a file of its own, or in the stack's list", async () => {
  const root = mkdtempSync(join(tmpdir(), "places-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (file: string, ...lines: readonly string[]) =>
    writeFileSync(join(root, file), `${lines.join("\n")}\n`);
  mkdirSync(join(root, "tenants"));
  write("Pulumi.yaml", "name: estate", `main: ${join(repository, "stacks/index.ts")}`);
  write(
    "Pulumi.prod.yaml",
    ...["config:", "  aws:region: us-east-1", "  estate:environment: production"],
    ...["  estate:tenantsFolder: tenants", "  estate:tenants:"],
    ...["    - {id: acme, tier: basic, table: {recoveryDays: off}}"],
    ...["    - {id: globex, tier: basic, table: {recoveryDays: off}}"],
  );
  const off = ["tier: basic", "table: {recoveryDays: off}"];
  write("tenants/initech.yaml", ...off);
  write("tenants/hooli.yaml", "# Since 2026.", "", ...off);
  const { stacks } = await check({
    root,
    stacks: ["prod"],
    pack: join(repository, "policies"),
    rules: ["ddb-pitr"],
  });
  const [{ findings = [], failures } = {}] = stacks;
  expect(failures).toEqual([]);
  expect(findings.map(({ tenant, file, line }) => `${tenant} ${file}:${line}`)).toEqual([
    "acme Pulumi.prod.yaml:6",
    "globex Pulumi.prod.yaml:7",
    "hooli tenants/hooli.yaml:3",
    "initech tenants/initech.yaml:1",
  ]);
});
