/** The same command against the real CLI, where there is one: a backend on disk, no cloud. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "./project.ts";

function installed(): boolean {
  try {
    execFileSync("pulumi", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const hasPulumi = installed();
const title = hasPulumi
  ? "with the real CLI"
  : "with the real CLI (skipped: no pulumi on the PATH)";
const repository = resolve(import.meta.dirname, "../..");
const program = `
import * as pulumi from "@pulumi/pulumi";
class Cell extends pulumi.ComponentResource {
  constructor(name) {
    super("test:index:Cell", name, {}, {});
    this.registerOutputs({});
  }
}
if (new pulumi.Config().getBoolean("fails")) throw new Error("this cell is broken");
new Cell("cell");
`;

describe.skipIf(!hasPulumi)(title, () => {
  const root = mkdtempSync(join(tmpdir(), "fleet-real-"));
  const env = {
    PULUMI_BACKEND_URL: `file://${root}/backend`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_HOME: join(root, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const run = (...args: string[]) => runCli(root, args, env);

  beforeAll(() => {
    mkdirSync(join(root, "backend"));
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    cpSync(join(repository, "policies"), join(root, "policies"), { recursive: true });
    const runtime = "runtime:\n  name: nodejs\n  options: { typescript: false }\n";
    writeFileSync(join(root, "Pulumi.yaml"), `name: fleet\nmain: index.js\n${runtime}`);
    writeFileSync(join(root, "package.json"), '{ "type": "module", "main": "index.js" }');
    writeFileSync(join(root, "index.js"), program);
    writeFileSync(join(root, "Pulumi.good.yaml"), "config: {}\n");
    writeFileSync(join(root, "Pulumi.bad.yaml"), 'config:\n  fleet:fails: "true"\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("up makes the stacks, names the broken one's error, and a resumed run leaves the other alone", async () => {
    const first = await run("fleet", "up", "--yes", "--create", "--json");
    expect(first.code).toBe(1);
    const [bad, good] = JSON.parse(first.stdout).stacks;
    expect(bad.causes.join("\n")).toContain("this cell is broken");
    expect(good).toMatchObject({ result: "succeeded", changes: { create: 2 } });

    writeFileSync(join(root, "Pulumi.bad.yaml"), "config: {}\n");
    const second = await run("fleet", "up", "--yes", "--resume", "--json");
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout).stacks[1]).toMatchObject({ stack: "good", earlier: true });
  });

  test("nothing has drifted, and destroy takes what is named", async () => {
    expect((await run("drift", "-s", "good")).code).toBe(0);
    const { code, stdout } = await run("fleet", "destroy", "-s", "good", "--yes", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).stacks).toMatchObject([{ stack: "good", changes: { delete: 2 } }]);
  });
});
