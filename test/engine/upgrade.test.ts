/** Today's program over what the last release has deployed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { dataTypes } from "../../testing/engine/deployment.ts";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { deployRelease, type ReleasedStack } from "../../testing/engine/release.ts";
import { initialized } from "../../testing/engine/stacks.ts";
import { inWords, previewed } from "../../testing/engine/steps.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

describe.skipIf(missing)(`an upgrade from the last release${skipped}`, () => {
  describe.each<ReleasedStack>(["prod", "full"])("%s", (stack) => {
    const project = new EngineProject();
    const data = () =>
      Object.values(dataTypes).flatMap((type) =>
        project.cloud.list(`aws:${type}`).map(({ id }) => id),
      );
    let before: string[];

    beforeAll(async () => {
      await initialized(project, stack);
      await deployRelease(project, stack);
      before = data();
      if (stack === "full") keepRestoredTable(project);
    });
    afterAll(() => project.remove());

    test.runIf(stack === "full")("a restored table that is not adopted is refused", async () => {
      const { refused } = await previewed(project, stack, notAdopted);
      expect(refused.filter((place) => place.includes(`aws:${dataTypes.table}::`))).toHaveLength(1);
    });

    test("the preview replaces and deletes nothing that holds data", async () => {
      const engine = await previewed(project, stack, `Pulumi.${stack}.yaml`);
      process.stdout.write(`upgrade of ${stack}: ${inWords(engine)}\n`);
      expect(engine.refused).toEqual([]);
      const lost = [...engine.steps].filter(
        ([place, step]) =>
          (step === "delete" || step === "replace") &&
          Object.values(dataTypes).some((type) => place.includes(`aws:${type}::`)),
      );
      expect(lost).toEqual([]);
    });

    test("one `up` makes it today's, and every table, bucket, pool, key and vault is still there", async () => {
      await project.must("up", "--stack", stack, "--yes", "--skip-preview");
      await project.must("preview", "--stack", stack, "--expect-no-changes", "--diff");
      expect(data()).toEqual(expect.arrayContaining(before));
    });
  });
});

/** The stack's file as it would be if `restoreFrom` only went. */
const notAdopted = "Pulumi.not-adopted.yaml";

/** A table that the release made out of another one is kept by its name. */
function keepRestoredTable(project: EngineProject): void {
  const [table] = project.cloud.list(`aws:${dataTypes.table}`);
  const path = join(project.root, "Pulumi.full.yaml");
  const text = readFileSync(path, "utf8");
  project.write(notAdopted, text);
  const yaml = parseDocument(text);
  const settings = ["config", "chatstack:tenants", 0, "table"];
  yaml.setIn([...settings, "adopt"], table?.id);
  project.write("Pulumi.full.yaml", yaml.toString());
}
