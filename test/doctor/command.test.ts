/** `chatstack doctor` with its options, exit codes and width. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "../../policies/reading/policy-document.ts";
import { chatstack, type Run } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { Project } from "../quotas/project.ts";

const project = new Project();
afterAll(() => project.remove());

/** A machine with what Pulumi needs, whatever this one has. */
const machine = { PATH: "", PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE: "p" };
const doctor = (
  args: readonly string[],
  env: Record<string, string> = machine,
  run: typeof chatstack = chatstackHere,
): Promise<Run> =>
  run(["doctor", ...args], { cwd: project.root, env: { HOME: project.root, ...env } });

beforeAll(() => {
  const bin = join(project.root, "programs");
  mkdirSync(bin);
  for (const [name, says] of [
    ["node", "v22.18.0"],
    ["pulumi", "v3.270.0"],
  ]) {
    chmodSync(project.write(`programs/${name}`, `#!/bin/sh\necho ${says}\n`), 0o755);
  }
  machine.PATH = `${bin}:/usr/bin:/bin`;
  project.stack("small", 1, "basic", {
    "chatstack:environment": "development",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::210987654321:policy/boundary",
    "chatstack:defaults": {},
  });
  project.stack("large", 2, "standard");
});

test("the exit code is 0 where nothing is missing, with what is unknown in the report", async () => {
  const { code, stdout, stderr } = await doctor(["-s", "small", "--json"], machine, chatstack);
  expect(code, stdout + stderr).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ version: 1, outcome: "ok", stacks: [{ stack: "small" }] });
  const states = report.stacks[0].checks.map((check: { state: string }) => check.state);
  expect(states).toContain("unknown");
});

test("it is 1 where something is missing, and the last line counts", async () => {
  const { code, stdout } = await doctor(["-s", "large"]);
  expect(code).toBe(1);
  expect(stdout).toContain("1 thing is missing");
  expect(stdout).toContain("chatstack doctor --stack large --boundary > boundary.json");
});

test.each([
  [["--region", "us-est"], '--region: found "us-est"; allowed: an AWS region: '],
  [["-s", "nope"], "Pulumi.nope.yaml: no such stack file"],
  [["--boundary", "--account"], "cannot be used with"],
  [["--verbose"], "unknown option"],
])("%s is refused with exit code 2", async (args, message) => {
  const { code, stderr } = await doctor(args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("no line of the tables is wider than 80 columns, and nothing is cut off", async () => {
  const { stdout } = await doctor([]);
  const lines = stdout.split("\n");
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).not.toContain("…\u2502");
  expect(stdout).not.toMatch(/… *│/);
});

test("--boundary prints a policy that IAM takes, and nothing else", async () => {
  const { code, stdout, stderr } = await doctor(["-s", "large", "--boundary"]);
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain("chatstack:");
  const actions = statementsOf(JSON.parse(stdout)).flatMap((one) => one.actions);
  expect(actions).toEqual(expect.arrayContaining(["dynamodb:Query", "backup:CopyIntoBackupVault"]));
  expect(actions).toEqual([...new Set(actions)].sort());
});

describe("what this machine lacks", () => {
  const check = async (id: string, env: Record<string, string>) => {
    const { stdout } = await doctor(["-s", "small", "--json"], { ...machine, ...env });
    const { machine: checks } = JSON.parse(stdout);
    return checks.find((one: { id: string }) => one.id === id);
  };
  const empty = "/nowhere";

  test("programs that are not on the PATH are missing", async () => {
    expect(await check("pulumi", { PATH: empty })).toMatchObject({ state: "missing" });
    expect(await check("node", { PATH: empty })).toMatchObject({
      state: "missing",
      why: "No node is on the PATH; 22.18 is needed.",
    });
  });

  test("a Node.js that cannot run TypeScript is missing, by its version", async () => {
    const old = join(project.root, "old");
    mkdirSync(old);
    chmodSync(project.write("old/node", "#!/bin/sh\necho v22.17.1\n"), 0o755);
    expect(await check("node", { PATH: `${old}:/bin` })).toMatchObject({
      state: "missing",
      why: "On the PATH: 22.17.1; 22.18 is needed.",
    });
  });

  test("without a backend and a login there is none; an address is not printed", async () => {
    expect(await check("pulumi-backend", { PULUMI_BACKEND_URL: "" })).toMatchObject({
      state: "missing",
    });
    const named = await check("pulumi-backend", { PULUMI_BACKEND_URL: "postgres://u:s3cret@db" });
    expect(named).toMatchObject({ state: "ok" });
    expect(JSON.stringify(named)).not.toContain("s3cret");
  });
});
