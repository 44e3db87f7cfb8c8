/** Changes of a stack that no setting of one tenant is: `plan` says of every resource what the engine says. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment, dataTypes } from "../../testing/engine/deployment.ts";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { production } from "../../testing/engine/stacks.ts";
import { disagreements, planned, previewed, type Step } from "../../testing/engine/steps.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

const redirects = { callbackUrls: ["https://acme.example/in"], logoutUrls: [] };
const managedLogin = { domain: { prefix: "acme-chat" }, redirects };
const acme = { id: "acme", tier: "basic", retain: "retain", auth: { managedLogin } };
const globex = { id: "globex", tier: "basic", retain: "retain" };
const both = production([acme, globex]);
const { "chatstack:permissionsBoundaryArn": _, ...unbounded } = both;

describe.skipIf(missing)(`a stack of two tenants${skipped}`, () => {
  const project = new EngineProject();
  let asked = 0;
  const answersTo = async (config: Record<string, unknown>) => {
    const [next, statePath] = [`next-${asked++}`, join(project.root, "state.json")];
    writeFileSync(statePath, await project.exported("prod"));
    project.configure(next, config);
    const engine = await previewed(project, "prod", `Pulumi.${next}.yaml`);
    const plan = await planned(project, "prod", `Pulumi.${next}.yaml`, statePath);
    return { engine, plan, differences: disagreements(engine, plan) };
  };
  const stepOf = (steps: ReadonlyMap<string, Step>, place: string) =>
    [...steps].find(([one]) => one.endsWith(place))?.[1];
  let deployment: Deployment;

  beforeAll(async () => {
    mkdirSync(join(project.root, "tenants/prod"), { recursive: true });
    project.write("tenants/prod/globex.yaml", "tier: basic\nretain: retain\n");
    deployment = await Deployment.of(project, "prod", [acme, globex]);
  });
  afterAll(() => project.remove());

  test.each([
    ["tenants in another order", production([globex, acme])],
    [
      "a tenant in a file of its own",
      { ...production([acme]), "chatstack:tenantsFolder": "tenants/prod" },
    ],
  ])("%s: nothing to do", async (_, config) => {
    const { engine, plan } = await answersTo(config);
    expect([...engine.steps, ...plan.steps]).toEqual([]);
  });

  test.each([
    ["a tenant gone", production([acme])],
    ["a tenant under another id", production([acme, { ...globex, id: "initech" }])],
    [
      "two settings at once",
      production([
        { ...acme, archive: {} },
        { ...globex, audit: {} },
      ]),
    ],
    ["a default of all", { ...both, "chatstack:defaults": { api: { memorySize: 2048 } } }],
    ["no boundary", unbounded],
    ["another environment", { ...both, "chatstack:environment": "staging" }],
    ["the account's role made elsewhere", { ...both, "chatstack:apiGatewayAccount": "existing" }],
    ["another region", { ...both, "aws:region": "eu-west-1" }],
  ])("%s: both say the same", async (_, config) => {
    const { engine, differences } = await answersTo(config);
    expect(engine.steps.size).toBeGreaterThan(0);
    expect(differences).toEqual([]);
  });

  test("a login prefix is refused to a tenant that has it under another id", async () => {
    const config = production([{ ...acme, id: "acme-two" }, globex]);
    const { plan, differences } = await answersTo(config);
    expect(differences).toEqual([]);
    expect(plan.refused).toEqual([expect.stringContaining("UserPoolDomain::acme-two-users")]);
    project.configure("prod", config);
    const up = await project.pulumi("up", "--stack", "prod", "--yes", "--skip-preview");
    expect(up.stdout + up.stderr).toMatch(/UserPoolDomain .*AlreadyExistsException/);
    await deployment.changeTo(acme, globex);
  });

  test("a table that is adopted back keeps its `adopt` line", async () => {
    const [table] = deployment.inAccount(dataTypes.table, "globex");
    const [first, id] = [String(table?.id), "globex-restored"];
    const arn = String(table?.props.arn).replace(first, id);
    const props = { ...table?.props, name: id, arn };
    project.cloud.put({ type: `aws:${dataTypes.table}`, id, urn: "", props });
    const adopting = (adopt: string) => ({ ...globex, table: { adopt } });
    await deployment.changeTo(acme, adopting(id));
    await deployment.changeTo(acme, adopting(first));
    const { engine, differences } = await answersTo(both);
    expect(differences).toEqual([]);
    expect(stepOf(engine.steps, "Table::globex-chat")).toBe("replace");
  });
});
