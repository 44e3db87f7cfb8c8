/**
 * Runs the commands of the documents, in a project with the example stacks. Each document has a project of
 * its own, and its commands run in their order.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { callsIn, documentedCommands, printedPattern, stepsOf } from "./commands.ts";
import { notRun } from "./not-run.ts";

const root = resolve(import.meta.dirname, "../..");
const documents = ["*.md", "docs/**/*.md", "examples/**/*.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ["**/node_modules/**"] }))
  .filter((path) => path !== "CHANGELOG.md");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const commands = documents.map((path) => ({ path, commands: documentedCommands(read(path)) }));
const reasonFor = (text: string) => notRun.find(({ command }) => command.test(text));

const home = mkdtempSync(join(tmpdir(), "documented-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Files that commands of the documents name. */
const given: Readonly<Record<string, string>> = {
  "usage.yaml": "default: { users: 200 }\n",
  "policy-config.json": '{ "all": "advisory" }\n',
  "lambda.json": '{ "Quotas": [{ "QuotaCode": "L-B99A9384", "Value": 5000 }] }\n',
  "iam.json": '{ "Quotas": [{ "QuotaCode": "L-FE177D64", "Value": 2000 }] }\n',
};

/** Stack files that a document speaks of beside the examples. */
const stacks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "docs/operations/fleet.md": { "Pulumi.cell-1.yaml": read("Pulumi.dev.yaml") },
  "docs/operations/runbooks/region-move.md": {
    "Pulumi.prod-eu.yaml": read("Pulumi.prod.yaml")
      .replace("us-east-1", "eu-west-1")
      .replace(/\n {4}- id: acme\n {6}tier: enterprise/, ""),
  },
};

/** A git repository with the example stacks and the program of this repository. */
function project(name: string): string {
  const folder = join(home, name.replaceAll("/", "-"));
  cpSync(join(root, "Pulumi.dev.yaml"), join(folder, "Pulumi.dev.yaml"));
  cpSync(join(root, "Pulumi.prod.yaml"), join(folder, "Pulumi.prod.yaml"));
  const program = read("Pulumi.yaml").replace("stacks/main.js", join(root, "stacks/main.js"));
  writeFileSync(join(folder, "Pulumi.yaml"), program);
  for (const [file, text] of Object.entries({ ...given, ...stacks[name] }))
    writeFileSync(join(folder, file), text);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", ...args]);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, ".gitignore"), "node_modules\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=first");
  return folder;
}

/**
 * `plan` says 1 when data would be lost, `doctor` when the account lacks something, `tenant remove` while the data
 * must be kept, and `check --fail-on` on an advisory: each is what the document is about.
 */
const allowed = ([command, action, ...rest]: readonly string[]): number[] =>
  command === "plan" ||
  command === "doctor" ||
  action === "remove" ||
  [action, ...rest].includes("--fail-on")
    ? [0, 1]
    : [0];

interface Run {
  readonly line: number;
  readonly text: string;
  /** Files that blocks before the command show. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly prints?: { readonly text: string; readonly code: number } | undefined;
}

/** The commands of a document that are run, each with what the blocks around it say. */
function runsOf(path: string): Run[] {
  const steps = stepsOf(read(path));
  return steps.flatMap((step, index) => {
    if (step.kind !== "command" || reasonFor(step.text)) return [];
    const next = steps[index + 1];
    const last = steps.slice(0, index).findLastIndex(({ kind }) => kind === "command");
    const files = steps.slice(last + 1, index).flatMap((one) => (one.kind === "file" ? [one] : []));
    return [{ ...step, files, prints: next?.kind === "prints" ? next : undefined }];
  });
}

function write(folder: string, { file, text }: { file: string; text: string }): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  // The package is this repository, and its modules are not built.
  const source = text.replace(/ from "chatstack(\/policies)?"/, (_, policies) => {
    const module = policies ? "policies/library.ts" : "index.ts";
    return ` from ${JSON.stringify(join(root, module))}`;
  });
  writeFileSync(join(folder, file), source);
}

/** The same question about the same stacks, in another document. */
const asked = new Set<string>();
const isNew = ({ text, files, prints }: Run): boolean => {
  const isTold = files.length > 0 || prints !== undefined || callsIn(text)[0]?.[0] === "tenant";
  if (isTold || !asked.has(text)) {
    asked.add(text);
    return true;
  }
  return false;
};

describe.each(
  documents
    .map((path) => ({ path, runs: runsOf(path).filter(isNew) }))
    .filter(({ runs }) => runs.length > 0),
)("$path", ({ path, runs }) => {
  let cwd: string;
  beforeAll(() => {
    cwd = project(path);
  });

  test.each(runs)("$line: $text", { timeout: 300_000 }, async ({ text, files, prints }) => {
    for (const one of files) write(cwd, one);
    const calls = callsIn(text);
    expect(calls, "is no command of chatstack: say in not-run.ts why it is not run").not.toEqual(
      [],
    );
    for (const args of calls) {
      const { code, stdout, stderr } = await chatstackHere(args, { cwd, env: { NO_COLOR: "1" } });
      expect({ code, stderr }).toEqual({
        code: expect.toBeOneOf(prints ? [prints.code] : allowed(args)),
        stderr: expect.any(String),
      });
      if (prints) expect(stdout).toMatch(printedPattern(prints.text));
    }
  });
});

it("says of each reason not to run a command which command it is for, and what is run instead", () => {
  const texts = commands.flatMap((one) => one.commands.map(({ text }) => text));
  expect(notRun.filter(({ command }) => !texts.some((text) => command.test(text)))).toEqual([]);
  expect(
    notRun.filter(({ instead }) => instead !== undefined && !existsSync(join(root, instead))),
  ).toEqual([]);
});

it("would notice a command that does not work", async () => {
  const cwd = project("none");
  expect((await chatstackHere(["check", "--stack", "nowhere"], { cwd })).code).toBe(2);
});
