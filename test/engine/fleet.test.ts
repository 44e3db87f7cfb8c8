/** `chatstack fleet` over six real stacks: a failure, a kill, and a production that refuses to go. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataTypes } from "../../testing/engine/deployment.ts";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { production } from "../../testing/engine/stacks.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";
const cells = [1, 2, 3, 4, 5, 6].map((number) => `cell-${number}`);

interface Run {
  readonly stacks: readonly {
    readonly stack: string;
    readonly result: string;
    readonly causes: string[];
  }[];
}

describe.skipIf(missing)(`a fleet of six${skipped}`, () => {
  const project = new EngineProject();
  const tables = (cell: string) =>
    project.cloud.list(`aws:${dataTypes.table}`).filter(({ urn }) => urn.includes(`:${cell}::`));
  const fleet = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await project.chatstack("fleet", ...args, "--json");
    const run: Run = stdout ? JSON.parse(stdout) : { stacks: [] };
    return { code, stderr, run, results: run.stacks.map(({ result }) => result) };
  };

  beforeAll(() => {
    for (const cell of cells) {
      const tenants = [{ id: `${cell}-chat`, tier: "standard", retain: "protect" }];
      const existing = { "chatstack:apiGatewayAccount": "existing" };
      project.configure(cell, { ...production(tenants), ...existing });
    }
  });
  afterAll(() => project.remove());

  test("one that AWS refuses fails with AWS's words, and the others are made", async () => {
    const says = "operation error DynamoDB: CreateTable, LimitExceededException: Too many tables";
    project.cloud.plan([
      { on: "create", urn: ":cell-3::.*Table::", says },
      { on: "create", urn: ":cell-2::.*Key::", times: 1, says: throttled },
    ]);
    const { code, run } = await fleet("up", "--yes", "--create", "--parallel", "2");
    expect(code).toBe(1);
    const failed = run.stacks.filter(({ result }) => result === "failed");
    expect(failed.map(({ stack }) => stack)).toEqual(["cell-3"]);
    expect(failed[0]?.causes.join()).toContain("LimitExceededException");
    expect(tables("cell-2"), "throttled once, and tried again").toHaveLength(1);
  });

  test("a killed run is finished by the next one", async () => {
    project.cloud.plan([{ on: "create", urn: ":cell-3::.*Table::", delay: 20_000 }]);
    const running = project.startChatstack("fleet", "up", "--yes", "--resume");
    const ended = new Promise((done) => running.once("close", done));
    await expect.poll(() => project.cloud.met(0), { timeout: 200_000, interval: 200 }).toBe(1);
    running.kill("SIGKILL");
    await ended;
    project.cloud.plan([]);
    const { code, results, stderr } = await fleet(
      "up",
      "--yes",
      "--resume",
      "--cancel-interrupted",
    );
    expect(stderr).not.toContain("Error");
    expect(code).toBe(0);
    expect(results).toEqual(cells.map(() => "succeeded"));
    expect(tables("cell-3")).toHaveLength(1);
    for (const cell of cells) {
      await project.must("preview", "--stack", cell, "--expect-no-changes", "--diff");
    }
  });

  test("protected stacks are destroyed by nothing, and say why", async () => {
    const before = project.cloud.list();
    const named = cells.flatMap((cell) => ["-s", cell]);
    const { code, run } = await fleet("destroy", ...named, "--yes");
    expect(code).not.toBe(0);
    expect(run.stacks.flatMap(({ causes }) => causes).join()).toContain("protect");
    expect(project.cloud.list()).toEqual(before);
  });
});

const throttled = "operation error KMS: CreateKey, api error ThrottlingException: Rate exceeded";
