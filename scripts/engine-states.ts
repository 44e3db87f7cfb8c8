/**
 * Records states as the real engine exports them, for tests:
 *
 * - `node scripts/engine-states.ts [stack…]`: each stack right after `up`, and after a `refresh`, with
 *   what the program asked for. Run it when the program makes resources of new types or gives them new
 *   inputs; tests plan over these states where no `pulumi` is.
 * - `node scripts/engine-states.ts --release <revision>`: what the program of a git revision deploys.
 *   Run it once a release; the engine's tests run today's program over it.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withCodeHashes } from "../offline/plan/against/code-hash.ts";
import { EngineProject, missingEngine, repository } from "../testing/engine/project.ts";
import { releasePath } from "../testing/engine/release.ts";
import {
  initialized,
  type Moment,
  packed,
  type Recorded,
  recordingPath,
  type StackName,
  stackNames,
} from "../testing/engine/stacks.ts";
import { planOf } from "../testing/engine/steps.ts";

const missing = missingEngine();
if (missing) throw new Error(missing);
const asked = process.argv.slice(2);
if (asked[0] === "--release") await recordRelease(asked[1] ?? "HEAD");
else {
  for (const stack of stackNames) {
    if (asked.length === 0 || asked.includes(stack)) await recordStack(stack);
  }
}

async function recordStack(stack: StackName): Promise<void> {
  // An account of its own: some of them have the same domain.
  const project = new EngineProject();
  try {
    const record = async (moment: Moment) => {
      const exported = await project.exported(stack);
      const statePath = join(project.root, `${moment}.json`);
      writeFileSync(statePath, exported);
      const { records } = await planOf(project, stack, `Pulumi.${stack}.yaml`, statePath);
      const recorded: Recorded = { state: JSON.parse(exported), records: withCodeHashes(records) };
      write(recordingPath(stack, moment), recorded);
    };
    const yes = await deployed(project, stack);
    await record("after-up");
    await project.must("refresh", ...yes);
    await record("after-refresh");
  } finally {
    project.remove();
  }
}

async function recordRelease(revision: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chatstack-release-"));
  const git = (...args: string[]) => execFileSync("git", ["-C", repository, ...args]);
  git("worktree", "add", "--detach", folder, revision);
  try {
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
    for (const stack of ["prod", "full"] as const) {
      const project = new EngineProject(folder);
      await deployed(project, stack);
      write(releasePath(stack), JSON.parse(await project.exported(stack)));
      project.remove();
    }
  } finally {
    rmSync(join(folder, "node_modules"));
    git("worktree", "remove", "--force", folder);
  }
}

/** @returns the arguments for more operations on it. */
async function deployed(project: EngineProject, stack: StackName): Promise<string[]> {
  await initialized(project, stack);
  const yes = ["--stack", stack, "--yes", "--skip-preview"];
  await project.must("up", ...yes);
  return yes;
}

function write(path: string, recorded: unknown): void {
  const content = packed(recorded);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  console.log(`${path}: ${content.length} bytes`);
}
