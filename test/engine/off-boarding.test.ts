/** docs/tenants/life-cycle.md, "Off-boarding a protected tenant", step by step, with the policy pack on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment, dataTypes } from "../../testing/engine/deployment.ts";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

const stays = { id: "acme", tier: "standard", retain: "protect" };
const leaves = { id: "globex", tier: "standard", retain: "protect" };
const due = "2026-01-31";
const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const exemptions = ["ddb", "s3", "cog", "kms", "vault"].map((rule) => ({
  rule: `${rule}-protect`,
  resource: "globex-*",
  reason: `globex has left; its data was due on ${due}`,
  owner: "platform@example.com",
  expires: inAMonth,
}));

describe.skipIf(missing)(`a protected tenant that leaves${skipped}`, () => {
  const project = new EngineProject();
  const withPack = ["--stack", "prod", "--policy-pack", "policies"];
  let production: Deployment;
  const ofGlobex = (type: string) => production.inAccount(type, "globex");
  const data = () => Object.values(dataTypes).flatMap((type) => ofGlobex(type).map(({ id }) => id));

  beforeAll(async () => {
    production = await Deployment.of(project, "prod", [stays, leaves]);
  });
  afterAll(() => project.remove());

  test("is removed by nobody before the protection is lifted", async () => {
    const before = project.cloud.list().length;
    production.configure([stays]);
    const { code } = await project.pulumi("up", "--stack", "prod", "--yes");
    expect(code).not.toBe(0);
    expect(project.cloud.list()).toHaveLength(before);
  });

  test("reads and exports while it is off-boarding", async () => {
    production.configure([stays, { ...leaves, state: "off-boarding", retainUntil: due }]);
    await project.must("up", ...withPack, "--yes");
    await production.settled();
    const [table] = ofGlobex(dataTypes.table);
    expect(table?.props.tags).toMatchObject({ "chatstack:retain-until": due });
  });

  test("loses the protection, and nothing else, by exemptions that somebody answers for", async () => {
    const before = project.cloud.list().length;
    const leaving = { ...leaves, state: "off-boarding", retainUntil: due, retain: "retain" };
    production.configure([stays, leaving], { "chatstack:exemptions": exemptions });
    await project.must("up", ...withPack, "--yes");
    await production.settled();
    expect(project.cloud.list()).toHaveLength(before);
  });

  test("is removed by the last `up`, and its data stays", async () => {
    const kept = data();
    expect(kept.length).toBeGreaterThan(Object.keys(dataTypes).length - 1);
    const { code, stdout, stderr } = await project.chatstack(
      "tenant",
      "remove",
      "globex",
      "--stack",
      "prod",
    );
    expect(stdout + stderr).toContain("globex");
    expect(code).toBe(0);
    expect(readFileSync(join(project.root, "Pulumi.prod.yaml"), "utf8")).not.toContain(
      'id: "globex"',
    );
    await project.must("up", ...withPack, "--yes");
    expect(data()).toEqual(kept);
    for (const type of ["apigateway/restApi:RestApi", "lambda/function:Function"]) {
      expect(ofGlobex(type)).toEqual([]);
      expect(production.inAccount(type, "acme")).toHaveLength(1);
    }
  });

  test("leaves a stack in which nothing is left to do", () => production.settled());
});
