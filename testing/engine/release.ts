/**
 * The last release's program as it was deployed: its state, as the real engine exported it, and an
 * account that holds what it made.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type EngineProject, repository } from "./project.ts";

export type ReleasedStack = "prod" | "full";

/** Recorded by `node scripts/engine-states.ts --release <revision>`. */
export const releasePath = (stack: ReleasedStack): string =>
  join(repository, "test/engine/fixtures", `release-${stack}.json.gz`);

interface Exported {
  readonly deployment: {
    readonly resources: readonly {
      readonly type: string;
      readonly urn: string;
      readonly id?: string;
      readonly outputs?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** Puts the recorded state into a stack of the project that was made before, and its resources into the account. */
export async function deployRelease(project: EngineProject, stack: ReleasedStack): Promise<void> {
  const text = gunzipSync(readFileSync(releasePath(stack))).toString("utf8");
  const file = join(project.root, "release.json");
  writeFileSync(file, text);
  await project.must("stack", "import", "--stack", stack, "--file", file);
  const { deployment }: Exported = JSON.parse(text);
  for (const { type, urn, id, outputs = {} } of deployment.resources) {
    if (id && type.startsWith("aws:")) project.cloud.put({ type, id, urn, props: { ...outputs } });
  }
}
