/** Three hundred stacks in twelve accounts and three regions, by machines that share nothing but the backend. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { FleetReport } from "../../operations/fleet/report.ts";
import { type Behaviour, type Ended, Project, projectOf, runCli } from "./project.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const names = Array.from({ length: 300 }, (_, at) => `cell-${String(at).padStart(3, "0")}`);
const regions = ["eu-central-1", "us-east-1", "ap-northeast-1"];
const accountOf = (at: number) => String(111111111111 + Math.floor(at / 25));
const regionOf = (at: number) => regions[Math.floor(at / 9) % 3] ?? "";
const placeOf = (stack: string) => {
  const at = names.indexOf(stack);
  return `${accountOf(at)} ${regionOf(at)}`;
};

/** Of wave 2, which has cells 1 to 29. */
const sick = "cell-006";
const slow: Record<string, Behaviour> = Object.fromEntries(
  names.map((name) => [name, { milliseconds: 20 }]),
);
const project = new Project({ ...slow, [sick]: { errors: ["AccessDenied: no such role"] } });
const others = mkdtempSync(join(tmpdir(), "fleet-"));
afterAll(() => {
  project.delete();
  rmSync(others, { recursive: true });
});

beforeAll(() => {
  for (const [at, name] of names.entries()) {
    const region = regionOf(at);
    project.write(
      `Pulumi.${name}.yaml`,
      `config:\n  aws:region: ${region}\n  chatstack:environment: production\n`,
    );
  }
  const cells = names.map((name, at) => [
    name,
    {
      account: accountOf(at),
      region: regionOf(at),
      backend: `file://${project.backend}`,
    },
  ]);
  project.write("cells.yaml", JSON.stringify({ cells: Object.fromEntries(cells) }));
});

const options = ["--yes", "--waves", "1,10%", "--retry-seconds", "0"];
const report = (text: string): FleetReport => JSON.parse(text);

/** Operations of one place at the same time, at most. */
function mostInAPlace(): number {
  const working = new Map<string, number>();
  let most = 0;
  for (const { event, stack } of project.invocations()) {
    if (stack === undefined || event === "SIGINT") continue;
    const place = placeOf(stack);
    working.set(place, (working.get(place) ?? 0) + (event === "start" ? 1 : -1));
    most = Math.max(most, ...working.values());
  }
  return most;
}

test("a failing second wave stops the third; no account and region has more than two operations at a time", async () => {
  const { code, stdout } = await project.run(
    // The first nine cells are of one place: four at a time would be four there.
    ["fleet", "up", ...options, "--parallel", "4", "--json"],
    // The cells name the backend.
    { PULUMI_BACKEND_URL: "file:///nowhere" },
  );
  expect(code).toBe(1);
  const { waves, summary } = report(stdout);
  expect(waves.map(({ outcome, stacks }) => [outcome, stacks.length])).toEqual([
    ["succeeded", 1],
    ["failed", 29],
    ["skipped", 270],
  ]);
  expect(summary).toMatchObject({ succeeded: 29, failed: 1, skipped: 270 });
  expect(project.succeeded("up")).toHaveLength(29);
  expect(mostInAPlace()).toBe(2);
});

test("what a machine leaves undone of its shard, another finishes; no stack is updated twice", async () => {
  const some = names.slice(0, 12);
  const shared = projectOf(Object.fromEntries(some.map((name) => [name, { milliseconds: 20 }])));
  const updated = () => shared.succeeded("up");
  const shard = (part: string) => ["fleet", "up", "--shard", part, "--yes", "--parallel", "1"];
  const second = machine(shared, "second");

  const killed = shared.start(shard("1/2"));
  await shared.until(() => updated().length >= 2);
  killed.process.kill("SIGKILL");
  await killed.ended;
  expect((await second(shard("2/2"))).code).toBe(0);
  // What it had at work goes on without it.
  await shared.until(() => shared.working() === 0);
  expect(updated().length).toBeLessThan(some.length);

  const third = machine(shared, "third");
  expect((await third(["fleet", "up", "--resume", "--yes"])).code).toBe(0);
  expect(updated()).toEqual(some);
});

/** A machine with a copy of what the first one's folder has now, its journals included. */
function machine(project: Project, name: string): (args: readonly string[]) => Promise<Ended> {
  const folder = join(others, name);
  const isShared = (source: string) => source.startsWith(`${project.backend}/`);
  cpSync(project.root, folder, { recursive: true, filter: (source) => !isShared(source) });
  return (args) => runCli(folder, args, project.environment());
}
