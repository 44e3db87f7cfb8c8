/**
 * Records the states that tests read where no `pulumi` is: of each stack right after `up`, and after a
 * `refresh`. Run it when the program's resources have changed: `node scripts/engine-states.ts [stack…]`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { EngineProject, missingEngine } from "../testing/engine/project.ts";
import {
  initialized,
  type Moment,
  packedState,
  type StackName,
  stackNames,
  statePath,
} from "../testing/engine/stacks.ts";

const missing = missingEngine();
if (missing) throw new Error(missing);
const asked = process.argv.slice(2);
for (const stack of stackNames) {
  if (asked.length === 0 || asked.includes(stack)) await recordStack(stack);
}

async function recordStack(stack: StackName): Promise<void> {
  // An account of its own: some of them have the same domain.
  const project = new EngineProject();
  const record = async (moment: Moment) => {
    const path = statePath(stack, moment);
    const packed = packedState(await project.exported(stack));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, packed);
    console.log(`${path}: ${packed.length} bytes`);
  };
  try {
    await initialized(project, stack);
    const yes = ["--stack", stack, "--yes", "--skip-preview"];
    await project.must("up", ...yes);
    // A restored table has its last settings only after a second update.
    if (stack === "full" || stack === "other") await project.must("up", ...yes);
    await record("after-up");
    await project.must("refresh", ...yes);
    await record("after-refresh");
  } finally {
    project.remove();
  }
}
