import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const repository = resolve(import.meta.dirname, "../..");
const project = join(import.meta.dirname, "project");
const pack = join(repository, "policies");
const folder = mkdtempSync(join(tmpdir(), "check-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** In the small project. */
const chatstackCheck = (...args: string[]) =>
  chatstackHere(["check", "--policy-pack", pack, ...args], { cwd: project });

test("clean exits 0, and what is piped has no colour", async () => {
  const args = ["check", "--policy-pack", pack, "--stack", "clean"];
  const { code, stdout } = await chatstack(args, { cwd: project });

  expect(code).toBe(0);
  expect(stdout).toMatch(/clean: clean · 0 violations, \d+ advisories/);
  expect(stdout).not.toContain("\u001b");
});

test("violations exit 1, and every report is written where it was asked for", async () => {
  const [json, sarif, junit] = ["a.json", "a.sarif", "a.xml"].map((name) => join(folder, name));
  const files = ["--json", json!, "--sarif", sarif!, "--junit", junit!];

  const { code, stdout } = await chatstackCheck("-s", "violation", "-s", "clean", ...files);

  expect(code).toBe(1);
  expect(stdout).toContain("violations: violation, clean");
  const report = JSON.parse(readFileSync(json!, "utf8"));
  expect(report).toMatchObject({ version: 1, outcome: "violations", summary: { stacks: 2 } });
  const [run] = JSON.parse(readFileSync(sarif!, "utf8")).runs;
  expect(run.results.length).toBe(
    report.stacks.flatMap(({ findings }: { findings: object[] }) => findings).length,
  );
  expect(readFileSync(junit!, "utf8")).toContain('<testsuite name="violation"');
});

test("what could not be judged exits 2 with its cause on stderr, where stdout is for a program", async () => {
  const { code, stdout, stderr } = await chatstackCheck("--stack", "error", "--json");

  expect(code).toBe(2);
  expect(JSON.parse(stdout).outcome).toBe("could-not-judge");
  expect(stderr).toContain("the program has a fault");
  const short = await chatstackCheck("--stack", "error", "--short");
  expect(short.stdout).toContain("the program has a fault");
  expect(short.stdout).not.toContain("which types its rules judge");
});

test("rules can be picked by pattern; the others are not asked", async () => {
  const { code, stdout } = await chatstackCheck("-s", "violation", "--rule", "s3-*", "--json");

  expect(code).toBe(0);
  const ids: string[] = JSON.parse(stdout).rules.map(({ id }: { id: string }) => id);
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id) => !id.startsWith("s3-"))).toEqual([]);
});

test("--level hides advisories and keeps the exit code", async () => {
  const { code, stdout } = await chatstackCheck("-s", "violation", "--level", "advisory");

  expect(code).toBe(1);
  expect(stdout).toContain("ddb-cost-ceiling");
  expect(stdout).not.toContain("own-parent");
});

test("--list names every rule with its level in each stack, and the one that only this check has", async () => {
  const { code, stdout } = await chatstackCheck("--list", "--json", "-s", "clean");

  expect(code).toBe(0);
  const rules: { id: string; levels: object; frameworks: string[] }[] = JSON.parse(stdout);
  expect(rules.find(({ id }) => id === "ddb-pitr")).toMatchObject({
    levels: { clean: "mandatory" },
    frameworks: expect.arrayContaining(["cdk-nag:AwsSolutions-DDB3"]),
  });
  expect(rules.map(({ id }) => id)).toContain("own-retain-on-delete");
});

test.each([
  [["--json", "--sarif"], "--json and --sarif cannot both go to stdout"],
  [["--policy-pack-config", "/nowhere.json"], "/nowhere.json"],
  [["--level", "high"], "mandatory, advisory"],
])("wrong options exit 2: %j", async (args, message) => {
  const { code, stderr } = await chatstackCheck(...args);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
