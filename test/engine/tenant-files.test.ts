/** Tenants in files of their own under the engine: the program finds the folder, and says what is wrong in it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { production } from "../../testing/engine/stacks.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

describe.skipIf(missing)(`a folder of tenants${skipped}`, () => {
  const project = new EngineProject();
  const file = "tenants/cell/acme.yaml";
  beforeAll(async () => {
    const { "chatstack:tenants": _, ...config } = production([]);
    project.configure("cell", { ...config, "chatstack:tenantsFolder": "tenants/cell" });
    mkdirSync(join(project.root, "tenants/cell"), { recursive: true });
    project.write(file, "tier: basic\n");
    project.write("tenants/cell/globex.yaml", "tier: basic\nmonitoring: off\n");
    await project.must("stack", "init", "cell");
  });
  afterAll(() => project.remove());

  test("is read from below Pulumi.yaml, wherever the command runs", async () => {
    const shown = await project.must("preview", "--stack", "cell", "--cwd", project.root);
    expect(shown).toMatch(/TenantStack +acme +create/);
    expect(shown).toMatch(/TenantStack +globex +create/);
  });

  test("is refused as offline, by file and path", async () => {
    project.write(file, "tier: gold\n");
    const fault = `${file}: tier: found "gold"; allowed: basic, standard, enterprise`;
    expect((await project.pulumi("preview", "--stack", "cell")).stdout).toContain(fault);
    const offline = await project.chatstack("tenant", "list", "--stack", "cell");
    expect(offline.stderr).toContain(fault);
  });
});
