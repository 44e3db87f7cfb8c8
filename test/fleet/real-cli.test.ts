/** The same command against the real CLI, where there is one: a backend on disk, no cloud. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runCli, startCli } from "./project.ts";

function installed(): boolean {
  try {
    execFileSync("pulumi", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 400_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error("it did not come to that within 400 s");
    await new Promise((done) => setTimeout(done, 20));
  }
}

// The CLI loads the policy pack and the program for each preview and update.
vi.setConfig({ testTimeout: 900_000 });

const hasPulumi = installed();
const title = hasPulumi
  ? "with the real CLI"
  : "with the real CLI (skipped: no pulumi on the PATH)";
const repository = resolve(import.meta.dirname, "../..");
const program = `
import * as pulumi from "@pulumi/pulumi";
class Cell extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("test:index:Cell", name, {}, opts);
    this.registerOutputs({});
  }
}
const config = new pulumi.Config();
const isDryRun = pulumi.runtime.isDryRun();
if (config.getBoolean("fails")) throw new Error("this cell is broken");
if (config.getBoolean("failsLate") && !isDryRun) throw new Error("the cloud refuses");
const protect = config.getBoolean("protects");
if (!config.getBoolean("removed")) new Cell("data", { protect });
new Cell("cell");
if (!isDryRun) await new Promise((done) => setTimeout(done, config.getNumber("milliseconds") ?? 0));
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
  /** Writes the stack's file as a person would: the CLI writes it anew, with its salt. */
  const stack = (name: string, config: Readonly<Record<string, boolean | number>>) => {
    const lines = Object.entries(config).map(([key, value]) => `  fleet:${key}: ${value}\n`);
    const file = join(root, `Pulumi.${name}.yaml`);
    const salt = existsSync(file)
      ? (/^encryptionsalt: .*\n/m.exec(readFileSync(file, "utf8"))?.[0] ?? "")
      : "";
    writeFileSync(file, (lines.length > 0 ? `config:\n${lines.join("")}` : "config: {}\n") + salt);
  };
  const backend = join(root, "backend/.pulumi");
  const resources = (name: string): string[] => {
    const file = join(backend, `stacks/fleet/${name}.json`);
    if (!existsSync(file)) return [];
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8"));
    return (checkpoint.latest?.resources ?? []).map(({ urn }: { urn: string }) => urn);
  };
  /** How often the stack was updated. */
  const updates = (name: string): number =>
    readdirSync(join(backend, `history/fleet/${name}`)).filter((file) =>
      file.endsWith(".history.json"),
    ).length;

  beforeAll(() => {
    mkdirSync(join(root, "backend"));
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    cpSync(join(repository, "policies"), join(root, "policies"), { recursive: true });
    const runtime = "runtime:\n  name: nodejs\n  options: { typescript: false }\n";
    writeFileSync(join(root, "Pulumi.yaml"), `name: fleet\nmain: index.js\n${runtime}`);
    writeFileSync(join(root, "package.json"), '{ "type": "module", "main": "index.js" }');
    writeFileSync(join(root, "index.js"), program);
    stack("good", {});
    stack("bad", { fails: true });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("up makes the stacks, names the broken one's error, and a resumed run leaves the other alone", async () => {
    const first = await run("fleet", "up", "--yes", "--create", "--json");
    expect(first.code).toBe(1);
    const [bad, good] = JSON.parse(first.stdout).stacks;
    expect(bad.result).toBe("refused");
    expect(bad.causes.join("\n")).toContain("this cell is broken");
    expect(good).toMatchObject({ result: "succeeded", changes: { create: 3 } });

    stack("bad", {});
    const second = await run("fleet", "up", "--yes", "--resume", "--json");
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout).stacks[1]).toMatchObject({ stack: "good", earlier: true });
  });

  test("what is protected: neither up nor destroy touches anything of the stack, and both say why", async () => {
    stack("kept", { protects: true });
    expect((await run("fleet", "up", "-s", "kept", "--yes", "--create")).code).toBe(0);
    const before = resources("kept");
    stack("kept", { protects: true, removed: true });

    for (const operation of ["up", "destroy"]) {
      const { code, stdout } = await run("fleet", operation, "-s", "kept", "--yes", "--json");
      expect(code).toBe(1);
      expect(JSON.parse(stdout).stacks).toMatchObject([
        { result: "refused", causes: ["test:index:Cell data: is protected, and would be deleted"] },
      ]);
      expect(resources("kept")).toEqual(before);
    }
  });

  test("six stacks, one that fails and a fleet that is killed: a resumed run does what is left, once", async () => {
    const names = ["s1", "s2", "s3", "s4", "s5", "s6"];
    for (const name of names) stack(name, { milliseconds: 1000, failsLate: name === "s3" });
    const args = ["fleet", "up", "--yes", "--json"];
    const first = startCli(root, [...args, "-s", "s*", "--create", "--parallel", "2"], env);
    await until(() => resources("s1").length > 0 && resources("s2").length > 0);
    first.process.kill("SIGKILL");
    await first.ended;

    const second = await run(...args, "--resume");

    expect(second.code).toBe(1);
    const { summary, stacks } = JSON.parse(second.stdout);
    expect(summary).toMatchObject({ succeeded: 5, failed: 1 });
    expect(stacks.slice(0, 2)).toMatchObject([{ earlier: true }, { earlier: true }]);
    expect(stacks[2].causes.join("\n")).toContain("the cloud refuses");
    for (const name of names.filter((one) => one !== "s3")) expect(updates(name)).toBe(1);

    stack("s3", { milliseconds: 1000 });
    expect((await run(...args, "--resume")).code).toBe(0);
    for (const name of names.filter((one) => one !== "s3")) expect(updates(name)).toBe(1);
  });

  test("nothing has drifted, and destroy takes what is named", async () => {
    expect((await run("drift", "-s", "good")).code).toBe(0);
    const { code, stdout } = await run("fleet", "destroy", "-s", "good", "--yes", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).stacks).toMatchObject([{ stack: "good", changes: { delete: 3 } }]);
  });
});
