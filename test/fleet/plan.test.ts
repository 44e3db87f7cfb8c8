import { afterAll, expect, test } from "vitest";
import type { FleetOperation } from "../../operations/fleet/engine/engine.ts";
import { FleetHome } from "../../operations/fleet/home.ts";
import { type FleetFlags, planOf } from "../../operations/fleet/plan.ts";
import { Project } from "./project.ts";

const project = new Project({ "cell-1": {}, "cell-2": {}, dev: {} });
project.write("Pulumi.dev.yaml", "config:\n  chatstack:environment: development\n");
afterAll(() => project.delete());

const plan = (operation: FleetOperation, flags: Partial<FleetFlags>) =>
  planOf(
    {
      root: project.root,
      home: new FleetHome(project.root),
      operation,
      flags: { parallel: 4, perPlace: 2, tries: 5, retrySeconds: 5, ...flags },
      signal: new AbortController().signal,
      say: () => {},
    },
    "run",
  );

test.each<[string, Partial<FleetFlags>, string[]]>([
  ["all", {}, ["cell-1", "cell-2", "dev"]],
  ["some by name, each once", { stack: ["dev", "cell-1", "dev"] }, ["cell-1", "dev"]],
  ["some by pattern", { stack: ["cell-*"] }, ["cell-1", "cell-2"]],
  ["those of an environment", { environment: "production" }, ["cell-1", "cell-2"]],
  ["those of both", { stack: ["*1", "dev"], environment: "production" }, ["cell-1"]],
])("stacks can be chosen: %s", async (_, flags, stacks) => {
  const { left } = await plan("up", flags);
  expect(left.map(({ stack }) => stack)).toEqual(stacks);
});

test("canaries may be a pattern, and the policy pack is the project's own unless another is named", async () => {
  const { course, left } = await plan("up", { canary: ["cell-*"] });
  expect(course.waves).toEqual([
    { name: "canary", stacks: ["cell-1", "cell-2"] },
    { name: "wave 1", stacks: ["dev"] },
  ]);
  expect(left[0]).toMatchObject({ policyPack: "policies", create: false });
});

test.each<[string, FleetOperation, Partial<FleetFlags>, string]>([
  ["destroy without --yes", "destroy", { stack: ["dev"] }, "say --yes"],
  ["destroy of all", "destroy", { yes: true }, "by its full name"],
  ["destroy by pattern", "destroy", { yes: true, stack: ["c*"] }, "by its full name"],
  [
    "destroy by environment",
    "destroy",
    { yes: true, stack: ["dev"], environment: "development" },
    "by its full name",
  ],
  ["an unknown stack", "preview", { stack: ["x"] }, 'no stack "x"; there are cell-1, cell-2, dev'],
  ["an unknown environment", "up", { environment: "x" }, "they are production, development"],
  ["a canary that is not among them", "up", { stack: ["dev"], canary: ["cell-1"] }, "no stack"],
  ["a pack that is none", "up", { policyPack: "backend" }, "no PulumiPolicy.yaml"],
  ["nothing to resume", "up", { resume: true }, "there is no run of up to resume"],
  ["a run that is not there", "up", { resume: "x" }, "there is no run of up named x"],
  ["giving up data by a pattern", "up", { allowDataLoss: ["cell-*"] }, "full names of this run's"],
  [
    "giving up data of a stack that is not among them",
    "up",
    { stack: ["dev"], allowDataLoss: ["cell-1"] },
    "--allow-data-loss cell-1",
  ],
  ["a share that is none", "up", { waves: "10%,half" }, "--waves half: allowed are"],
  ["shares that shrink", "up", { waves: "50%,10%" }, "10% is less than the share before"],
  ["a brake at nothing", "up", { maxFailures: "0" }, "--max-failures 0: allowed are"],
  ["a brake above all", "up", { maxFailures: "101%" }, "--max-failures 101%: allowed are"],
  ["a shard that is none", "up", { shard: "9/8" }, "--shard 9/8: allowed are 1/8 to 8/8"],
  ["a wave that is none", "up", { canary: ["dev"], wave: 3 }, "1 (canary), 2 (wave 1)"],
  ["shards over several waves", "up", { canary: ["dev"], shard: "1/2" }, "--wave 1 to --wave 2"],
  ["cancelling what no run knows of", "up", { cancelInterrupted: true }, "goes with --resume"],
])("refused: %s", async (_, operation, flags, why) => {
  await expect(plan(operation, flags)).rejects.toThrow(why);
});

test("the shards of a wave are all of it, and each stack is in one of them", async () => {
  const parts = await Promise.all(
    ["1/2", "2/2"].map((shard) => plan("up", { canary: ["dev"], wave: 2, shard })),
  );
  expect(parts.map(({ left }) => left.map(({ stack }) => stack))).toEqual([["cell-1"], ["cell-2"]]);
  expect(parts[0]?.course.waves).toEqual([{ name: "wave 1", stacks: ["cell-1"] }]);
  const { left } = await plan("up", { canary: ["dev"], wave: 1, shard: "2/2" });
  expect(left).toEqual([]);
});
