import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { registerCheck } from "../../cli/commands/check.ts";
import { registerPlan } from "../../cli/commands/plan.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "docs/operations/ci");
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
}

interface Workflow {
  readonly on: object;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, { readonly steps: readonly Step[] }>;
}

const read = (file: string): Workflow => parse(readFileSync(join(folder, file), "utf8"));

const commands = (workflow: Workflow): string[] =>
  Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => run?.split("\n").map((line) => line.trim()) ?? []),
  );

const optionsOf = (workflow: Workflow, command: string): string[] =>
  commands(workflow)
    .filter((run) => run.startsWith(command))
    .flatMap((run) => run.slice(command.length).match(/--[a-z][\w-]*/g) ?? []);

function knownOptions(register: (program: Command) => unknown): (string | undefined)[] {
  const program = new Command();
  register(program);
  return program.commands[0]!.options.map(({ long }) => long);
}

describe.each(readdirSync(folder))("docs/operations/ci/%s", (file) => {
  const workflow = read(file);

  test("parses, and pins each action to a version", () => {
    const uses = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap((step) => step.uses ?? []),
    );
    expect(uses.filter((action) => !/^[\w-]+\/[\w/-]+@v\d+$/.test(action))).toEqual([]);
    expect(Object.keys(workflow.on)).not.toEqual([]);
  });

  test("calls scripts that exist", () => {
    const called = commands(workflow).flatMap((run) => /^npm run (\S+)/.exec(run)?.[1] ?? []);
    expect(called).toContain("check");
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
  });

  test("gives `chatstack check` options that it has", () => {
    const used = optionsOf(workflow, "npm run check");
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((option) => !knownOptions(registerCheck).includes(option))).toEqual([]);
  });

  test("names a policy pack that is one", () => {
    const packs = commands(workflow).flatMap((run) => /--policy-pack (\S+)/.exec(run)?.[1] ?? []);
    expect(packs.filter((pack) => !existsSync(join(root, pack, "PulumiPolicy.yaml")))).toEqual([]);
  });
});

test("the pull request's workflow has no credentials to lose", () => {
  const text = readFileSync(join(folder, "pull-request.yml"), "utf8");
  expect(text).not.toMatch(/secrets\.|id-token|aws-/);
  expect(read("pull-request.yml").permissions).toEqual({ contents: "read" });
});

test("the pull request's workflow uploads findings after a verdict alone", () => {
  const steps = read("pull-request.yml").jobs.check!.steps;
  expect(steps.find(({ id }) => id === "check")?.run).toContain('echo "code=$code"');
  const upload = steps.find(({ uses }) => uses?.includes("upload-sarif"));
  expect(upload?.if).toContain(`contains(fromJSON('["0","1"]'), steps.check.outputs.code)`);
});

test("the pull request's workflow gives `chatstack plan` options that it has", () => {
  const used = optionsOf(read("pull-request.yml"), "npx --no -- chatstack plan");
  expect(used).toContain("--against");
  expect(used.filter((option) => !knownOptions(registerPlan).includes(option))).toEqual([]);
});

test("the deployment previews with the pack before it updates with it", () => {
  const pulumi = commands(read("deploy.yml")).filter((run) => run.startsWith("npm run pulumi"));
  expect(pulumi.map((run) => /-- (\w+)/.exec(run)?.[1])).toEqual(["preview", "up"]);
  expect(pulumi.every((run) => run.includes("--policy-pack policies"))).toBe(true);
});
