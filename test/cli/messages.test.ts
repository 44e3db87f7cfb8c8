/** What the commands say to wrong files, folders and values: what, where, found, allowed; no stack trace. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeAs, type Place, type Run, runAs } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const repository = resolve(import.meta.dirname, "../..");
const root = mkdtempSync(join(tmpdir(), "messages-"));
const inner = join(root, "docs/deep");

const config = (settings: string) => `config:\n  aws:region: us-east-1\n${settings}`;
const tenant = "  chatstack:tenants:\n    - id: acme\n      tier: basic\n";
const environment = "  chatstack:environment: development\n";
const files: Readonly<Record<string, string>> = {
  "Pulumi.yaml": `name: chatstack\nmain: ${join(repository, "stacks/main.js")}\nruntime: nodejs\n`,
  "Pulumi.dev.yaml": config(environment + tenant),
  "Pulumi.empty.yaml": "",
  "Pulumi.comment.yaml": "# nothing yet\n",
  "Pulumi.aws.yaml": "config:\n  aws:region: us-east-1\n",
  "Pulumi.region.yaml": config(environment + tenant).replace("us-east-1", "us-est-1"),
  "Pulumi.gov.yaml": config(environment + tenant).replace("us-east-1", "us-gov-est-1"),
  "Pulumi.two.yaml": config("  chatstack:environment: develop\n") + tenant.replace("basic", "basc"),
  "Pulumi.broken.yaml": "config: [\n",
  "bad.json": "[1,",
  "bad.yaml": "a: [\n",
  file: "text\n",
};

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  mkdirSync(join(root, "Pulumi.folder.yaml"));
  mkdirSync(join(root, "folder"));
  mkdirSync(inner, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

const run = (command: string, place: Place = {}): Promise<Run> =>
  chatstackHere(command.split(" "), { cwd: root, ...place });

/** Everything that is said; nothing of how Node or a library put it. */
async function said(command: string, code: number): Promise<string> {
  const { stdout, stderr, ...run_ } = await run(command);
  expect(stderr + stdout).not.toMatch(/\n +at |node:internal|E[A-Z]{4,}: |Error: /);
  expect(run_.code).toBe(code);
  return stdout + stderr;
}

describe("a stack file", () => {
  test.each([
    "empty",
    "comment",
    "aws",
  ])("without settings (%s) is told what one holds", async (stack) => {
    const text = await said(`cost -s ${stack}`, 1);
    expect(text).toContain(`- Pulumi.${stack}.yaml: found no chatstack: key; allowed: `);
    expect(text).toContain("chatstack:tenants:\n");
    expect(text).not.toContain("found nothing");
  });

  test.each([
    "cost",
    "tenant list",
    "plan",
    "check",
  ])("with two faults has a bullet for each: %s", async (command) => {
    const { stdout, stderr } = await run(`${command} -s two`);
    const bullets = (stdout + stderr)
      .split("\n")
      .filter((line) => line.includes("Pulumi.two.yaml:"));
    expect(bullets).toHaveLength(2);
    expect(bullets.every((line) => /^ +- Pulumi\.two\.yaml: /.test(line))).toBe(true);
  });

  test.each([
    "cost",
    "tenant list",
    "plan",
    "graph",
    "start",
    "doctor",
    "quotas",
    "report",
  ])("that is a folder is named: %s", async (command) => {
    const { code, stdout, stderr } = await run(`${command} -s folder`);
    expect(stdout + stderr).toContain("Pulumi.folder.yaml: found a folder; allowed: a file");
    expect(code).toBe(2);
  });

  test("that is only looked at is not said to be unwritten", async () => {
    expect(await said("tenant list -s two", 2)).not.toContain("Nothing was written");
    expect(await said("tenant add initech -t nope", 2)).toContain("Nothing was written");
  });
});

describe("a region that is none is refused with those that are, of every partition:", () => {
  test.each([
    ["cost -s region", 1, 'aws:region: found "us-est-1"', "did you mean us-east-1?"],
    ["cost -s gov", 1, 'aws:region: found "us-gov-est-1"', "did you mean us-gov-east-1?"],
    ["doctor -s dev --region us-est-1", 2, '--region: found "us-est-1"', "us-east-1?"],
    ["migrate acme --region us-est-1", 2, '--region: found "us-est-1"', "us-east-1?"],
    ["backup acme --region cn-nort-1", 2, '--region: found "cn-nort-1"', "cn-north-1?"],
    ["restore acme -s dev --at latest --region x", 2, '--region: found "x"', "us-west-2"],
  ])("%s", async (command, code, found, hint) => {
    const text = await said(command, code);
    expect(text).toContain(found);
    expect(text).toContain(hint);
    for (const region of ["eu-west-1", "cn-northwest-1", "us-gov-west-1"])
      expect(text).toContain(region);
  });
});

test.each([
  ["check -s dev --rule nope", "--rule nope: no such rule; `chatstack check --list` names them"],
  ["check -s dev --policy-pack folder", "--policy-pack folder: found no PulumiPolicy.yaml there"],
  ["check -s dev --policy-pack file", "--policy-pack file: found no PulumiPolicy.yaml there"],
  ["check -s dev --policy-pack-config folder", "folder: found a folder; allowed: a file"],
  ["check -s dev --policy-pack-config none", "none: found no such file"],
  ["check -s dev --policy-pack-config bad.json", "bad.json: not valid JSON"],
  ["check -s dev --json folder", "folder: found a folder; allowed: a file"],
])("%s is refused before any stack is judged", async (command, message) => {
  const text = await said(command, 2);
  expect(text).toContain(message);
  expect(text).not.toContain("dev (development)");
});

test.each([
  ["cost --prices folder", "folder: found a folder; allowed: a file"],
  ["cost --prices none", "none: found no such file"],
  ["cost --usage folder", "folder: found a folder; allowed: a file"],
  ["cost --usage bad.yaml", "bad.yaml:2: not valid YAML: "],
  ["cost --json folder", "folder: found a folder; allowed: a file"],
  ["cost --json none/x.json", "none/x.json: there is no folder none; make it first"],
  ["quotas --from folder", "folder: found a folder; allowed: a file"],
  ["quotas --from none", "none: found no such file"],
  ["quotas --from bad.json", "bad.json: found text that is not JSON"],
  ["plan --against none.yaml", "none.yaml: no such stack file"],
  ["plan --against file:folder", "folder: found a folder; allowed: a file"],
  ["plan --against state:folder", "folder: found a folder; allowed: a file"],
  ["plan --json folder", "folder: found a folder; allowed: a file"],
  ["graph -o folder", "folder: found a folder; allowed: a file"],
  ["report -o none/x.html", "none/x.html: there is no folder none; make it first"],
  ["start --data-dir file", "found a file where a folder has to be"],
  ["token acme admin --data-dir file", "No environment is running on data folder"],
])("%s says what is wrong with it", async (command, message) => {
  expect(await said(command, 2)).toContain(message);
});

describe("in a folder below the project, as with pulumi,", () => {
  test.each(["tenant list", "cost", "quotas -s dev"])("%s finds it", async (command) => {
    const [above, below] = [await run(command), await run(command, { cwd: inner })];
    // A run that takes longer says so to stderr.
    expect(below.stdout).toEqual(above.stdout);
    expect([above.code, below.code]).toEqual([0, 0]);
  });

  test("files are still those of the folder that one is in", async () => {
    writeFileSync(join(inner, "usage.yaml"), "default: {chats: 1}\n");
    expect(await run("cost --usage usage.yaml", { cwd: inner })).toMatchObject({ code: 0 });
    expect(await run("cost --usage usage.yaml")).toMatchObject({ code: 2 });
  });

  test("the data folder is the project's", async () => {
    const { stderr } = await run("token acme admin", { cwd: inner });
    expect(stderr).toContain(`data folder ${join(root, ".chatstack")}.`);
  });

  test("where no project is, it is said where one was looked for", async () => {
    const { code, stderr } = await run("cost", { cwd: tmpdir() });
    expect(stderr).toContain("Pulumi.yaml: no such file, and none in a folder above");
    expect(code).toBe(2);
  });
});

describe("what may not be written is told with what to do:", () => {
  beforeAll(() => chmodSync(root, 0o555));
  afterAll(() => chmodSync(root, 0o755));

  test("a checkout whose bundle was never built", async () => {
    const umask = process.umask(0o022);
    const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
    const app = join(checkout, "app/bundle");
    for (const folder of [app, join(checkout, "node_modules")])
      mkdirSync(folder, { recursive: true });
    writeFileSync(join(checkout, "node_modules/.package-lock.json"), "{}");
    writeFileSync(join(checkout, "package.json"), '{"type": "module"}');
    for (const name of ["bundle.ts", "written-files.ts"]) {
      cpSync(join(repository, "app/bundle", name), join(app, name));
    }
    chmodSync(checkout, 0o555);
    const code = `(await import(${JSON.stringify(join(app, "bundle.ts"))})).buildLambdaBundle()`;
    const { stderr } = await nodeAs("nobody", ["--input-type=module", "-e", code]);
    expect(stderr).toContain(`${join(checkout, "dist")}: this user may not write here (EACCES)`);
    expect(stderr).toContain("npm run bundle");
    process.umask(umask);
    chmodSync(checkout, 0o755);
    rmSync(checkout, { recursive: true });
  });

  test.each([
    ["start --port 0", 2, `Data folder ${join(root, ".chatstack")} cannot be used: `],
    ["tenant add initech -t basic", 2, `${join(root, "Pulumi.dev.yaml")}: this user may not write`],
    ["report", 2, "report.html: this user may not write here (EACCES)"],
  ])("%s", async (command, code, message) => {
    const run = await runAs("nobody", command.split(" "), { cwd: root });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain("(EACCES)");
    expect(run.stderr).not.toMatch(/\n +at /);
    expect(run.code).toBe(code);
  });
});
