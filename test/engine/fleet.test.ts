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

  const configure = (cell: string, id: string) => {
    const tenants = [{ id, tier: "standard", retain: "protect" }];
    const existing = { "chatstack:apiGatewayAccount": "existing" };
    project.configure(cell, { ...production(tenants), ...existing });
  };

  beforeAll(() => {
    for (const cell of cells) configure(cell, `${cell}-chat`);
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

  test("an `up` whose file has lost a protected tenant touches nothing of its stack, and says why", async () => {
    const before = project.cloud.list();
    configure("cell-1", "another");
    const { code, run } = await fleet("up", "-s", "cell-1", "--yes");
    expect(code).toBe(1);
    expect(run.stacks).toMatchObject([{ stack: "cell-1", result: "refused" }]);
    expect(run.stacks[0]?.causes.join()).toContain("is protected, and would be deleted");
    expect(project.cloud.list()).toEqual(before);
    configure("cell-1", "cell-1-chat");
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

describe.skipIf(missing)(`a fleet of forty that one cause fails${skipped}`, () => {
  const project = new EngineProject();
  const names = Array.from({ length: 40 }, (_, number) => `tiny-${number}`);
  beforeAll(() => {
    project.write("Pulumi.yaml", project.read("Pulumi.yaml").replace("stacks/main.js", "tiny.js"));
    project.write("tiny.js", tiny);
    for (const name of names) project.configure(name, { "aws:region": "us-east-1" });
  });
  afterAll(() => project.remove());

  test("stops at --max-failures", async () => {
    const says = "operation error SNS: CreateTopic, AuthorizationErrorException: not authorized";
    project.cloud.plan([{ on: "create", urn: "Topic::", says }]);
    const brake = ["--max-failures", "3", "--parallel", "2"];
    const args = ["fleet", "up", "--yes", "--create", ...brake, "--json"];
    const { code, stdout } = await project.chatstack(...args);
    expect(code).toBe(1);
    const { stacks }: Run = JSON.parse(stdout);
    const { failed = [], skipped: rest = [] } = Object.groupBy(stacks, ({ result }) => result);
    expect(failed.length).toBeGreaterThanOrEqual(3);
    // One more may be at work when the third fails.
    expect(failed.length).toBeLessThanOrEqual(4);
    expect(rest).toHaveLength(40 - failed.length);
    for (const { causes } of failed) expect(causes.join()).toContain("AuthorizationError");
    expect(rest[0]?.causes[0]).toContain("(--max-failures 3)");
    expect(project.cloud.met(0), "each was tried once").toBe(failed.length);
  }, 900_000);
});

/** One resource: forty programs of a tenant each would take an hour. */
const tiny = `
import * as aws from "@pulumi/aws";
const shared = ["tenant", "tier", "environment", "stack"].map((key) => ["chatstack:" + key, "shared"]);
export default () => void new aws.sns.Topic("only", { tags: Object.fromEntries(shared) });
`;

const throttled = "operation error KMS: CreateKey, api error ThrottlingException: Rate exceeded";
