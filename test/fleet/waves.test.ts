import { describe, expect, test, vi } from "vitest";
import { mostFailures, wavesOf } from "../../operations/fleet/waves.ts";
import { projectOf } from "./project.ts";

// Each starts dozens of processes, beside others that do.
vi.setConfig({ testTimeout: 240_000 });

const cells = (count: number) =>
  Array.from({ length: count }, (_, index) => `c${String(index).padStart(2, "0")}`);

describe("shares", () => {
  const sizes = (count: number, shares?: string, canary: string[] = []) =>
    wavesOf(cells(count), canary, shares).map(({ name, stacks }) => `${name}: ${stacks.length}`);

  test.each<[string, string[]]>([
    ["10%,50%,100%", ["wave 1: 2", "wave 2: 8", "wave 3: 10"]],
    ["1,10%,50%", ["wave 1: 1", "wave 2: 1", "wave 3: 8", "wave 4: 10"]],
    ["5", ["wave 1: 5", "wave 2: 15"]],
    ["100%", ["wave 1: 20"]],
    ["1%,2%,100%", ["wave 1: 1", "wave 2: 19"]],
    ["50,100%", ["wave 1: 20"]],
  ])("%s of twenty", (shares, expected) => expect(sizes(20, shares)).toEqual(expected));

  test("canaries come first, and are no part of the shares", () => {
    expect(sizes(21, "10%,100%", ["c07"])).toEqual(["canary: 1", "wave 1: 2", "wave 2: 18"]);
    expect(sizes(1, undefined, ["c00"])).toEqual(["canary: 1"]);
  });

  test.each<[string | undefined, number, number]>([
    [undefined, 6, 3],
    [undefined, 40, 4],
    [undefined, 300, 30],
    ["2", 40, 2],
    ["10%", 5, 1],
    ["25%", 40, 10],
  ])("--max-failures %s of %i is %i", (text, stacks, most) =>
    expect(mostFailures(text, stacks)).toBe(most));
});

test.concurrent("40 stacks with one cause: the run stops at --max-failures, and says so", async () => {
  const behaviour = { errors: ["AccessDenied: no such role"] };
  const project = projectOf(Object.fromEntries(cells(40).map((name) => [name, behaviour])));
  const args = ["fleet", "up", "--yes", "--parallel", "2", "--max-failures", "5", "--json"];

  const { code, stdout } = await project.run(args);

  expect(code).toBe(1);
  const { summary, stacks } = JSON.parse(stdout);
  // One more may be at work when the fifth fails.
  expect(summary.failed).toBeGreaterThanOrEqual(5);
  expect(summary.failed).toBeLessThanOrEqual(6);
  expect(summary.skipped).toBe(40 - summary.failed);
  expect(project.started("up")).toHaveLength(summary.failed);
  expect(stacks.at(-1).causes[0]).toMatch(
    /not begun, since \d stacks had failed \(--max-failures 5\)/,
  );
});

test.concurrent("stacks whose previews fail stop it before anything is touched", async () => {
  const behaviour = { previewErrors: ["the program is broken"] };
  const broken = cells(10).map((name) => [name, behaviour] as const);
  const project = projectOf({ ...Object.fromEntries(broken), a: {} });

  const { code, stdout } = await project.run(["fleet", "up", "--yes", "--parallel", "1", "--json"]);

  expect(code).toBe(1);
  expect(JSON.parse(stdout).summary).toMatchObject({ refused: 3, skipped: 8 });
  expect(project.started("up")).toEqual([]);
});

test.concurrent("waves: one begins when the check after the one before has passed; a resumed run goes on in them", async () => {
  const project = projectOf({ a: {}, b: {}, c: {}, d: { errors: ["no"] }, e: {} });
  const check = 'echo "$CHATSTACK_FLEET_WAVE: $CHATSTACK_FLEET_STACKS" >> checked; test ! -e sick';
  const args = ["--canary", "b", "--waves", "50%,75%", "--check-between", check, "--bake", "0s"];
  project.write("sick", "");

  const first = await project.run(["fleet", "up", "--yes", ...args, "--json"]);

  expect(first.code).toBe(1);
  expect(JSON.parse(first.stdout).waves).toEqual([
    { name: "canary", stacks: ["b"], outcome: "succeeded", check: "failed" },
    { name: "wave 1", stacks: ["a", "c"], outcome: "skipped" },
    { name: "wave 2", stacks: ["d"], outcome: "skipped" },
    { name: "wave 3", stacks: ["e"], outcome: "skipped" },
  ]);
  expect(JSON.parse(first.stdout).stacks[0].causes[0]).toContain(
    "the check after canary ended by exit code 1",
  );
  expect(project.succeeded("up")).toEqual(["b"]);

  const still = await project.run(["fleet", "up", "--yes", "--resume", "--json"]);
  expect(still.code).toBe(1);
  expect(project.succeeded("up")).toEqual(["b"]);

  project.remove("sick");
  const second = await project.run(["fleet", "up", "--yes", "--resume"]);
  expect(second.code).toBe(1);
  expect(second.stdout).toMatch(/canary · 1 stack · succeeded · check after it passed/);
  expect(second.stdout).toMatch(/wave 2 · 1 stack · failed/);
  expect(second.stdout).toContain("wave 2 did not succeed: d");
  expect(
    project
      .started("up")
      .map(({ stack }) => stack)
      .sort(),
  ).toEqual(["a", "b", "c", "d"]);
  expect(project.read("checked")).toBe("canary: b\ncanary: b\ncanary: b\nwave 1: a c\n");

  project.behave({});
  const third = await project.run(["fleet", "up", "--yes", "--resume"]);
  expect(third.code).toBe(0);
  expect(project.succeeded("up")).toEqual(["a", "b", "c", "d", "e"]);
  // What was passed is not checked again.
  expect(project.read("checked")).toMatch(/wave 1: a c\nwave 2: d\n$/);
});

test.concurrent("Ctrl-C ends the wait between waves at once; the next wave is not begun", async () => {
  const project = projectOf({ a: {}, b: {} });
  const fleet = project.start(["fleet", "up", "--yes", "--waves", "1", "--bake", "10m"]);
  await project.until(() => project.succeeded("up").length === 1);
  await new Promise((done) => setTimeout(done, 500));

  fleet.process.kill("SIGINT");
  const { code, stdout } = await fleet.ended;

  expect(code).toBe(1);
  expect(stdout).toContain("stopped before it began");
  expect(project.started("up")).toHaveLength(1);
});
