import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FleetReport } from "../../operations/fleet/report.ts";
import { type Behaviour, type Ended, Project } from "./project.ts";

const names = Array.from({ length: 100 }, (_, index) => `cell-${String(index).padStart(3, "0")}`);
const failing = names.filter((_, index) => index % 20 === 7);
const throttled = names.filter((_, index) => index % 40 === 11);

function behaviourOf(stack: string): Behaviour {
  if (failing.includes(stack)) return { errors: [`AccessDenied: ${stack} may not create tables`] };
  if (throttled.includes(stack)) return { throttled: 1 };
  return { milliseconds: 20 };
}

describe("100 stacks, 8 at a time, and a fleet that is killed on the way", () => {
  const project = new Project(Object.fromEntries(names.map((name) => [name, behaviourOf(name)])));
  let resumed: Ended;
  let report: FleetReport;
  let before: string[];

  beforeAll(async () => {
    const options = ["--yes", "--parallel", "8", "--retry-seconds", "0"];
    const first = project.start(["fleet", "up", ...options]);
    await project.until(() => project.succeeded("up").length >= 40);
    first.process.kill("SIGKILL");
    await first.ended;
    before = project.succeeded("up");
    resumed = await project.run(["fleet", "up", "--resume", ...options, "--json"]);
    report = JSON.parse(resumed.stdout);
  }, 240_000);

  afterAll(() => project.delete());

  test("the resumed run finishes what is left, and nothing that succeeded runs twice", () => {
    expect(before.length).toBeLessThan(95);
    expect(project.succeeded("up")).toEqual(names.filter((name) => !failing.includes(name)));
  });

  test("every failure is named with its cause, and nothing else is a failure", () => {
    expect(resumed.code).toBe(1);
    expect(report).toMatchObject({ version: 1, outcome: "failed" });
    expect(report.summary).toMatchObject({ succeeded: 95, failed: 5, interrupted: 0, skipped: 0 });
    expect(
      report.stacks.filter(({ result }) => result === "failed").map(({ causes }) => causes),
    ).toEqual(
      failing.map((stack) => [
        `aws:dynamodb/table:Table table-0: AccessDenied: ${stack} may not create tables`,
      ]),
    );
  });

  test("what was throttled was tried again until it succeeded", () => {
    for (const stack of throttled) {
      const runs = project.invocations().filter((one) => one.stack === stack);
      const updates = runs.filter(({ command }) => command === "up");
      expect(updates.flatMap(({ code }) => code ?? [])).toEqual([255, 0]);
    }
  });

  test("8 ran at a time and no more, what outlived the killed fleet included", () => {
    expect(project.parallelism()).toBeLessThanOrEqual(8);
    expect(project.parallelism()).toBeGreaterThan(1);
  });

  test("no stack was updated without a preview before it, and both had the policy pack", () => {
    const commands = project.invocations().filter(({ event }) => event === "start");
    for (const [index, { command, stack }] of commands.entries()) {
      if (command !== "up") continue;
      const before = commands.slice(0, index).filter((one) => one.stack === stack);
      expect(before.at(-1)?.command).toBe("preview");
    }
    expect(new Set(commands.map(({ command }) => command))).toEqual(new Set(["preview", "up"]));
    for (const { args } of commands) {
      expect(args[args.indexOf("--policy-pack") + 1]).toBe(`${project.root}/policies`);
    }
  });
});
