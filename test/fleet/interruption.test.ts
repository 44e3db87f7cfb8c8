import { expect, test, vi } from "vitest";
import { onInterruption } from "../../operations/fleet/engine/interruption.ts";
import { projectOf } from "./project.ts";

// Each starts a dozen processes, beside others that do.
vi.setConfig({ testTimeout: 120_000 });

test.concurrent("Ctrl-C: what runs is asked once to stop, gives its lock back, and the rest is not begun", async () => {
  const project = projectOf({ a: { waits: true }, b: {} });
  const fleet = project.start(["fleet", "up", "--yes", "--parallel", "1", "--json"]);
  await project.until(() => project.started("up").length === 1);

  fleet.process.kill("SIGINT");
  const { code, stdout } = await fleet.ended;

  expect(code).toBe(1);
  expect(JSON.parse(stdout).stacks).toMatchObject([
    { stack: "a", result: "interrupted", mayHoldLock: false },
    { stack: "b", result: "skipped" },
  ]);
  expect(project.invocations().filter(({ event }) => event === "SIGINT")).toHaveLength(1);
  expect(project.locks("a")).toEqual([]);
});

test.concurrent("Ctrl-C again kills, and says which stacks may hold a lock; a resumed run clears it when asked to", async () => {
  const project = projectOf({ a: { waits: true, ignoresSignals: true }, b: {} });
  const fleet = project.start(["fleet", "up", "--yes"]);
  await project.until(
    () => project.started("up").length === 2 && project.succeeded("up").includes("b"),
  );
  fleet.process.kill("SIGINT");
  await project.until(() => project.invocations().some(({ event }) => event === "SIGINT"));
  await new Promise((done) => setTimeout(done, 600));
  fleet.process.kill("SIGINT");
  const killed = await fleet.ended;
  expect(killed.code).toBe(1);
  expect(killed.stdout).toContain("pulumi cancel --stack a");
  expect(project.locks("a")).toHaveLength(1);
  project.behave({});

  const locked = await project.run(["fleet", "up", "--resume", "--yes", "--json"]);

  expect(locked.code).toBe(1);
  expect(locked.stderr).toContain("a was interrupted and holds a lock");
  expect(JSON.parse(locked.stdout).stacks[0]).toMatchObject({ stack: "a", result: "failed" });
  expect(JSON.parse(locked.stdout).stacks[0].causes[0]).toMatch(
    /currently locked by 1 lock.*pulumi cancel --stack a/,
  );
  expect(project.started("cancel")).toEqual([]);

  const cleared = await project.run(["fleet", "up", "--resume", "--yes", "--cancel-interrupted"]);

  expect(cleared.code).toBe(0);
  expect(project.started("cancel").map(({ stack }) => stack)).toEqual(["a"]);
  expect(project.succeeded("up")).toEqual(["a", "b"]);
});

test.concurrent("a second fleet on the project is refused; a killed one is no obstacle, and its work is waited for", async () => {
  const project = projectOf({ a: { milliseconds: 8000 } });
  const fleet = project.start(["fleet", "up", "--yes"]);
  await project.until(() => project.started("up").length === 1);

  const second = await project.run(["fleet", "up", "--yes"]);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`process ${fleet.process.pid}`);

  fleet.process.kill("SIGKILL");
  await fleet.ended;
  const resumed = await project.run(["fleet", "up", "--resume", "--yes", "--json"]);

  expect(resumed.code).toBe(0);
  expect(JSON.parse(resumed.stdout).stacks).toMatchObject([{ stack: "a", earlier: true }]);
  expect(project.succeeded("up")).toEqual(["a"]);
});

test.concurrent("a process that dies takes no other stack along, and asks its CLI to stop", async () => {
  const project = projectOf({ a: { waits: true }, b: { milliseconds: 300 } });
  const fleet = project.start(["fleet", "up", "--yes", "--json"]);
  await project.until(() => project.started("up").length === 2);
  const [victim] = project.started("up").filter(({ stack }) => stack === "a");

  process.kill(victim!.parent, "SIGKILL");
  const { code, stdout } = await fleet.ended;

  expect(code).toBe(1);
  const [a, b] = JSON.parse(stdout).stacks;
  expect(a).toMatchObject({ result: "failed", mayHoldLock: true });
  expect(a.causes[0]).toContain("the process at work on it ended by SIGKILL");
  expect(b).toMatchObject({ result: "succeeded" });
  await project.until(() => project.invocations().some(({ event }) => event === "SIGINT"));
});

test("what npm hands on of the terminal's Ctrl-C is no second one", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const [first, second] = [vi.fn(), vi.fn()];
  const { signal, release } = onInterruption(first, second);
  process.emit("SIGINT");
  vi.advanceTimersByTime(50);
  process.emit("SIGINT");
  expect([signal.aborted, first.mock.calls.length, second.mock.calls.length]).toEqual([true, 1, 0]);

  vi.advanceTimersByTime(1000);
  process.emit("SIGINT");
  release();
  vi.useRealTimers();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
});
