/** What an operation takes, which bounds how many of them a machine runs: `docs/operations/fleet.md` has the table. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineProject, missingEngine, repository } from "../../testing/engine/project.ts";
import { production } from "../../testing/engine/stacks.ts";
import { watchPeaks } from "../../testing/processes/peaks.ts";

const missing =
  missingEngine() ??
  (process.platform === "linux" ? undefined : "only Linux tells what a process took");
const skipped = missing ? ` (skipped: ${missing})` : "";

const tenants = 10;
const shares = ["program", "policy pack", "CLI"] as const;

describe.skipIf(missing)(`a preview of ${tenants} new tenants${skipped}`, () => {
  const project = new EngineProject();
  beforeAll(async () => {
    const ids = Array.from({ length: tenants }, (_, number) => `tenant-${number}`);
    project.configure("cell", production(ids.map((id) => ({ id, tier: "standard" }))));
    await project.must("stack", "init", "cell");
  });
  afterAll(() => project.remove());

  test("takes as much memory as the documents say", async () => {
    const preview = ["preview", "--stack", "cell", "--policy-pack", "policies"];
    const child = project.startPulumi(...preview);
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    const peaks = watchPeaks(child.pid ?? 0);
    const [code] = await once(child, "close");
    const took = peaks.stop();
    expect(code).toBe(0);
    const byShare = Map.groupBy(took, ({ command }) => shareOf(command));
    const measured = shares.map((share) =>
      (byShare.get(share) ?? []).reduce((sum, { megabytes }) => sum + megabytes, 0),
    );
    const together = measured.reduce((sum, megabytes) => sum + megabytes, 0);
    process.stdout.write(`${tenants} tenants: ${[...measured, together].map(Math.round)} MB\n`);
    expect(together / documented()).toBeLessThan(1.25);
    expect(together / documented()).toBeGreaterThan(0.75);
  });
});

/** Undefined for what runs in passing, and for the plugin, which the real one takes the place of. */
function shareOf(command: string): (typeof shares)[number] | undefined {
  if (command.includes("/cmd/run/index.js")) return "program";
  if (command.includes("/cmd/run-policy-pack/index.js")) return "policy pack";
  return /^\S*pulumi(-language-nodejs)? /.test(command) ? "CLI" : undefined;
}

/** In megabytes, together. */
function documented(): number {
  const page = readFileSync(join(repository, "docs/operations/fleet.md"), "utf8");
  const row = page.split("\n").find((line) => line.startsWith(`| ${tenants} | `)) ?? "";
  const cell = row.split("|").at(-2) ?? "";
  return Number(cell.replaceAll(/[^\d]/g, ""));
}
