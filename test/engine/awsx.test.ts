/** What `awsx.ec2.Vpc` makes under the engine, by its own provider: all of it as the evaluation says. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { evaluateStack } from "../../offline/project.ts";
import { describedRecords, describedState } from "../../testing/engine/described.ts";
import { EngineProject, missingAwsx, providers, repository } from "../../testing/engine/project.ts";

const missing = missingAwsx();
const skipped = missing ? ` (skipped: ${missing})` : "";

describe.skipIf(missing)(`networks of awsx${skipped}`, () => {
  const project = new EngineProject();
  afterAll(() => project.remove());

  test("are made of what the evaluation says", async () => {
    const root = join(repository, "test/programs/networks");
    project.write("networks.ts", `import "${join(root, "index.ts")}";\n`);
    project.write(
      "Pulumi.yaml",
      stringify({
        name: "networks",
        main: "networks.ts",
        runtime: { name: "nodejs", options: { typescript: false } },
        plugins: { providers: providers() },
      }),
    );
    project.configure("dev", { "aws:region": "us-east-1" });
    await project.must("stack", "init", "dev");
    await project.must("up", "--stack", "dev", "--yes", "--skip-preview");
    const made = describedState(JSON.parse(await project.exported("dev")));
    expect(Object.keys(made).length).toBeGreaterThan(80);

    const { records } = await evaluateStack("dev", { root, preview: true });
    expect(describedRecords(records)).toEqual(made);
    // What `test/offline/remote.test.ts` holds the evaluation against where there is no engine.
    if (process.env.RECORD_FIXTURES === "yes")
      writeFileSync(
        join(import.meta.dirname, "fixtures/awsx-networks.json.gz"),
        gzipSync(JSON.stringify(made)),
      );
  });
});
