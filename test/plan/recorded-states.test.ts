/** States that the real engine exported, of every stack and of a small program: a plan over them has nothing to say. */
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readState } from "../../offline/plan/against/state.ts";
import { compareWithDeployed, planStack } from "../../offline/plan/plan.ts";
import { recording, stackNames } from "../../testing/engine/stacks.ts";

describe.each(stackNames)("a plan of %s", (stack) => {
  test.each(["after-up", "after-refresh"] as const)("%s shows nothing", (moment) => {
    const { state, records } = recording(stack, moment);
    const deployed = readState(JSON.stringify(state), `${stack}-${moment}`).records;
    const { changes, refusals, unchanged } = compareWithDeployed(deployed, records);
    expect(changes).toEqual([]);
    expect(refusals).toEqual([]);
    const custom = records.filter((record) => record.custom);
    expect(custom.length).toBeGreaterThan(50);
    expect(unchanged).toBeGreaterThanOrEqual(custom.length);
  });
});

/** Written by `pulumi stack export` of the CLI 3.260 after `up` and after `refresh` of the program beside them. */
const fixtures = join(import.meta.dirname, "fixtures");
const root = mkdtempSync(join(tmpdir(), "engine-state-"));

beforeAll(() => {
  symlinkSync(
    resolve(import.meta.dirname, "../../node_modules"),
    join(root, "node_modules"),
    "junction",
  );
  copyFileSync(join(fixtures, "program.ts"), join(root, "index.ts"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: chats\nmain: index.ts\nruntime: nodejs\n");
  writeFileSync(join(root, "Pulumi.dev.yaml"), "config:\n  aws:region: us-east-1\n");
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
});

afterAll(() => rmSync(root, { recursive: true }));

test.each([
  "after-up.json",
  "after-refresh.json",
])("the engine's own state shows no changes, and counts as the engine does: %s", async (file) => {
  const { comparison } = await planStack({ root, stack: "dev", against: join(fixtures, file) });
  expect(comparison?.changes).toEqual([]);
  expect(comparison?.unchanged).toBe(11);
});
