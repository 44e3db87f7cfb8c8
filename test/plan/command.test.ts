import { execFile, execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "plan-command-"));
const project = join(folder, "infra");
/** Where the command keeps copies of revisions while it runs. */
const temporary = join(folder, "tmp");

const program = (hashKey: string) => `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
export default function program() {
  console.log("the program speaks");
  const retain = new pulumi.Config("shop").get("retain") === "yes";
  const tags = { "chatstack:tenant": "acme" };
  new aws.dynamodb.Table("items", {
    hashKey: ${JSON.stringify(hashKey)},
    attributes: [{ name: ${JSON.stringify(hashKey)}, type: "S" }],
    tags,
  }, { retainOnDelete: retain });
  new aws.lambda.Function("app", {
    role: "arn:aws:iam::123456789012:role/app",
    handler: "app.handler",
    runtime: "nodejs24.x",
    code: new pulumi.asset.FileArchive(import.meta.dirname + "/code"),
    tags,
  });
}
`;

const files = {
  "Pulumi.yaml": "name: shop\nmain: index.ts\nruntime: nodejs\n",
  "Pulumi.dev.yaml": "config:\n  shop:retain: 'no'\n",
  "index.ts": program("pk"),
  "package.json": '{ "type": "module" }',
  "code/app.mjs": "export const handler = () => 1;\n",
};

const git = (...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

function write(name: string, content: string): void {
  writeFileSync(join(project, name), content);
}

beforeAll(() => {
  execFileSync("mkdir", ["-p", join(project, "code"), temporary]);
  symlinkSync(join(repository, "node_modules"), join(project, "node_modules"), "junction");
  writeFileSync(join(folder, ".gitignore"), "node_modules\ntmp\n");
  for (const [name, content] of Object.entries(files)) write(name, content);
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=first");
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function plan(...args: string[]): Promise<Run> {
  const command = [join(repository, "bin/chatstack.js"), "plan", ...args];
  const env = { ...process.env, TMPDIR: temporary, NO_COLOR: "1" };
  return new Promise((done) =>
    execFile(process.execPath, command, { cwd: project, env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    ),
  );
}

test("draws the stack as a tree, by tenant", async () => {
  write("Pulumi.dev.yaml", "config:\n  shop:retain: 'yes'\n");
  const { code, stdout } = await plan();
  write("Pulumi.dev.yaml", files["Pulumi.dev.yaml"]);
  expect(code).toBe(0);
  const [, ...lines] = stdout.trimEnd().split("\n");
  expect(lines.pop()).toMatch(
    /^First quota to run out: .*2,500; the 2501st tenant like these would not fit/,
  );
  expect(lines).toEqual([
    "tenant acme  2 resources",
    "├─ dynamodb.Table items  [retain]",
    "└─ lambda.Function app",
    "",
    "stack dev: 3 resources, 1 tenant",
    "",
  ]);
});

test("against a revision nothing differs until something is edited, and nothing is touched", async () => {
  const clean = await plan("--against", "git:main", "--json", "plan.json");
  expect(clean).toMatchObject({ code: 0, stdout: expect.stringContaining("no changes") });
  expect(JSON.parse(readFileSync(join(project, "plan.json"), "utf8"))).toMatchObject({
    version: 1,
    stack: "dev",
    against: "git:main",
    outcome: "no-changes",
    summary: { added: 0, changed: 0, replaced: 0, removed: 0, moved: 0, unchanged: 3 },
  });
  rmSync(join(project, "plan.json"));

  write("code/app.mjs", "export const handler = () => 2;\n");
  const edited = await plan("--against", "git:main", "--expect-no-changes");
  expect(edited).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("~ code: code changed"),
  });
  write("code/app.mjs", files["code/app.mjs"]);
  expect(git("status", "--porcelain")).toBe("");
  expect(readdirSync(temporary)).toEqual([]);
});

test("a change that loses data fails, and says on top of the comment what is lost", async () => {
  write("index.ts", program("id"));
  const { code, stdout, stderr } = await plan("--against", "git:HEAD", "--markdown");
  write("index.ts", files["index.ts"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^### Plan of `dev` against `git:HEAD`\n\n\*\*1 replaced, 2 unchanged\*\*\n\n> \[!CAUTION\]\n> \*\*Data would be lost\*\*/m,
  );
  expect(stdout).toContain('hashKey would change from "pk" to "id"');
  expect(stderr).toContain("the program speaks");
});

test("a stack file, and a stack that is new", async () => {
  writeFileSync(join(temporary, "other.yaml"), "config:\n  shop:retain: 'yes'\n");
  const file = await plan("--against", join(temporary, "other.yaml"));
  rmSync(join(temporary, "other.yaml"));
  expect(file).toMatchObject({ code: 0 });
  expect(file.stdout).toContain("~ option retainOnDelete: true → false");

  write("Pulumi.new.yaml", "config: {}\n");
  const fresh = await plan("--stack", "new", "--against", "git:main");
  rmSync(join(project, "Pulumi.new.yaml"));
  expect(fresh).toMatchObject({ code: 0, stdout: expect.stringContaining("everything is new") });
});

test("a broken program of then, and options that make no sense, are exit code 2", async () => {
  write("index.ts", 'export default () => { throw new Error("broken then"); };\n');
  git("commit", "--quiet", "--all", "--message=broken");
  write("index.ts", files["index.ts"]);
  const runs = await Promise.all([
    plan("--against", "git:HEAD"),
    plan("--against", "git:nowhere"),
    plan("--against", "HEAD~1"),
    plan("--against", "state.json"),
    plan("--markdown"),
    plan("--against", "dev", "--tenant", "hooli"),
  ]);
  git("reset", "--quiet", "--hard", "HEAD~1");
  expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
  const [broken, nowhere, unclear, missing, alone, tenant] = runs.map(({ stderr }) => stderr);
  expect(broken).toContain("broken then");
  expect(nowhere).toContain("git:nowhere: no such revision");
  expect(unclear).toContain("For a git revision write git:HEAD~1");
  expect(missing).toContain("state.json: ");
  expect(alone).toContain("--markdown needs --against");
  expect(tenant).toContain("--tenant hooli: no such tenant; tenants: acme");
});
