/**
 * The repository's own stacks, and tenants with everything on, under the engine: init, preview, up, and
 * nothing left to do.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { initialized, type Moment, stackNames } from "../../testing/engine/stacks.ts";
import { planned } from "../../testing/engine/steps.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

describe.skipIf(missing)(`a stack${skipped}`, () => {
  describe.each(stackNames)("%s", (stack) => {
    const project = new EngineProject();
    const of = ["--stack", stack];
    const planShowsNothing = async (moment: Moment) => {
      const statePath = join(project.root, `${moment}.json`);
      writeFileSync(statePath, await project.exported(stack));
      const { steps, refused } = await planned(project, stack, `Pulumi.${stack}.yaml`, statePath);
      expect([...steps]).toEqual([]);
      expect(refused).toEqual([]);
    };
    beforeAll(() => initialized(project, stack));
    afterAll(() => project.remove());

    // The other tenant has what production forbids.
    test.skipIf(stack === "other")(
      "a preview with the pack shows what would be made, and makes nothing",
      async () => {
        const shown = await project.must("preview", ...of, "--policy-pack", "policies");
        expect(shown).toMatch(/\d+ to create/);
        expect(project.cloud.list()).toEqual([]);
      },
    );

    test("after `up` nothing is left to do, and `plan` says so", async () => {
      await project.must("up", ...of, "--yes", "--skip-preview");
      await project.must("preview", ...of, "--expect-no-changes", "--diff");
      await planShowsNothing("after-up");
    });

    test("after a refresh nothing is left to do, and `plan` says so", async () => {
      await project.must("refresh", ...of, "--yes", "--skip-preview");
      await project.must("preview", ...of, "--expect-no-changes", "--diff");
      await planShowsNothing("after-refresh");
    });
  });
});

describe.skipIf(missing)(`a program that fails${skipped}`, () => {
  const project = new EngineProject();
  afterAll(() => project.remove());

  test("says where", async () => {
    project.write("component.js", failingComponent);
    project.write(
      "main.js",
      'import "./stacks/main.js";\nexport default () => import("./component.js");\n',
    );
    project.write("Pulumi.yaml", "name: failing\nmain: main.js\nruntime: nodejs\n");
    await project.must("stack", "init", "failing");
    const { code, stdout, stderr } = await project.pulumi("preview", "--stack", "failing");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("TypeError: not in the program");
    expect(stdout + stderr).toMatch(/at new Failing .*component\.js:6/);
  });
});

const failingComponent = `
import * as pulumi from "@pulumi/pulumi";
class Failing extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Failing", "failing");
    throw new TypeError("not in the program");
  }
}
new Failing();
`;
