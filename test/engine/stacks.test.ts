/** The repository's own stacks under the engine: init, preview, up, and nothing left to do. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { initialized, type StackName } from "../../testing/engine/stacks.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

describe.skipIf(missing)(`the repository's stacks${skipped}`, () => {
  describe.each<StackName>(["dev", "prod"])("%s", (stack) => {
    const project = new EngineProject();
    const of = ["--stack", stack];
    beforeAll(() => initialized(project, stack));
    afterAll(() => project.remove());

    test("a preview with the pack shows what would be made, and makes nothing", async () => {
      const shown = await project.must("preview", ...of, "--policy-pack", "policies");
      expect(shown).toMatch(/\d+ to create/);
      expect(project.cloud.list()).toEqual([]);
    });

    test("after `up` nothing is left to do", async () => {
      await project.must("up", ...of, "--yes", "--skip-preview");
      await project.must("preview", ...of, "--expect-no-changes", "--diff");
    });

    test("after a refresh nothing is left to do", async () => {
      await project.must("refresh", ...of, "--yes", "--skip-preview");
      await project.must("preview", ...of, "--expect-no-changes", "--diff");
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
