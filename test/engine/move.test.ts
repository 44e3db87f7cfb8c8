/** `chatstack tenant move` between two stacks of one account and region: the state moves, and nothing in the cloud. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

describe.skipIf(missing)(`a tenant that moves within an account and region${skipped}`, () => {
  const project = new EngineProject();
  const config = (tenants: readonly object[], apiGatewayAccount: string) => ({
    "aws:region": "us-east-1",
    "chatstack:environment": "development",
    "chatstack:apiGatewayAccount": apiGatewayAccount,
    "chatstack:defaults": { retain: "protect", api: { models: "embedded" } },
    "chatstack:tenants": tenants,
  });
  beforeAll(async () => {
    const [acme, globex, initech] = ["acme", "globex", "initech"].map((id) => ({
      id,
      tier: "basic",
    }));
    project.configure("one", config([acme!, globex!], "managed"));
    project.configure("two", config([initech!], "existing"));
    for (const stack of ["one", "two"]) {
      await project.must("stack", "init", stack);
      await project.must("up", "--stack", stack, "--yes", "--skip-preview");
    }
  });
  afterAll(() => project.remove());

  const move = (...flags: readonly string[]) =>
    project.chatstack("tenant", "move", "acme", "--stack", "one", "--to", "two", ...flags);
  const urns = async (stack: string) => {
    const exported: { deployment: { resources: { urn: string }[] } } = JSON.parse(
      await project.exported(stack),
    );
    return exported.deployment.resources.map(({ urn }) => urn);
  };
  const tables = () => project.cloud.list("aws:dynamodb/table:Table").map(({ id }) => id);

  test("a dry run says the steps, and touches nothing", async () => {
    const [file, before] = [project.read("Pulumi.one.yaml"), await urns("one")];
    const { code, stdout, stderr } = await move("--dry-run");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("pulumi state move");
    expect(project.read("Pulumi.one.yaml")).toBe(file);
    expect(await urns("one")).toEqual(before);
  });

  test("its resources change their stack, stay where they are, and nothing is left to do", async () => {
    const before = tables();
    const deleted = () => project.cloud.calls().filter(({ on }) => on === "delete").length;
    const { code, stderr, stdout } = await move("--yes");
    expect({ code, stderr, stdout }).toMatchObject({ code: 0 });
    expect(tables()).toEqual(before);
    expect(deleted()).toBe(0);
    expect((await urns("one")).filter((urn) => urn.endsWith("::acme"))).toEqual([]);
    expect((await urns("two")).filter((urn) => urn.endsWith("::acme"))).toHaveLength(1);
    expect(project.read("Pulumi.one.yaml")).not.toContain("acme");
    for (const stack of ["one", "two"]) {
      await project.must("preview", "--stack", stack, "--expect-no-changes");
    }
  });

  test("a move that was killed between the two states is finished by the next run", async () => {
    // The command writes the new stack's state first, so that a kill leaves the tenant in both.
    const back = ["tenant", "move", "acme", "--stack", "two", "--to", "one", "--yes"];
    const two = await project.exported("two");
    const [urn] = (await urns("two")).filter((one) => one.endsWith("::acme"));
    await project.must("state", "move", "--source", "two", "--dest", "one", "--yes", urn!);
    project.write("two.json", two);
    await project.must("stack", "import", "--stack", "two", "--file", "two.json");
    const { code, stderr } = await project.chatstack(...back);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect((await urns("two")).filter((one) => one.includes("acme"))).toEqual([]);
    for (const stack of ["one", "two"]) {
      await project.must("preview", "--stack", stack, "--expect-no-changes");
    }
  });
});
