import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chatstackHere } from "../../testing/processes/in-process.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "init-"));
  writeFileSync(join(home, "chatstack-0.1.0.tgz"), "");
});
afterEach(() => rmSync(home, { recursive: true }));

const init = (...args: readonly string[]) =>
  chatstackHere(["init", "backends", "--package", "chatstack-0.1.0.tgz", ...args], { cwd: home });

test("a project has both stacks with the tenant and region that were named, and the package's source", async () => {
  const { code, stdout } = await init("--tenant", "initech", "--region", "eu-central-1");
  expect(code).toBe(0);
  expect(stdout).toContain("wrote backends/.github/workflows/check.yml");
  const read = (path: string) => readFileSync(join(home, "backends", path), "utf8");
  for (const stack of ["dev", "prod"]) {
    // The namespace of a project's config is its name.
    expect(read(`Pulumi.${stack}.yaml`)).toMatch(/^ {2}backends:environment: /m);
    expect(read(`Pulumi.${stack}.yaml`)).toMatch(/region: eu-central-1[\s\S]*- id: initech/);
  }
  expect(read("Pulumi.yaml")).toMatch(/^name: backends$/m);
  expect(JSON.parse(read("package.json"))).toMatchObject({
    name: "backends",
    dependencies: { chatstack: "file:../chatstack-0.1.0.tgz" },
  });
});

/** What commands write without being told where: `start` and `fleet`, `report`, and the bundle of an app. */
const written = [".chatstack/dev.json", "report.html", "node_modules/.cache/chatstack/app.json"];
const ignoredIn = (cwd: string) =>
  execFileSync("git", ["check-ignore", ...written, "index.ts"], { cwd, encoding: "utf8" });

test("git, and with it the linter, leaves out what commands write, in a new project and in this one", async () => {
  await init();
  const project = join(home, "backends");
  execFileSync("git", ["init", "--quiet"], { cwd: project });
  const all = `${written.join("\n")}\n`;
  expect(ignoredIn(project)).toBe(all);
  const root = resolve(import.meta.dirname, "../..");
  expect(ignoredIn(root)).toBe(all);
  const { vcs } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  expect(vcs).toMatchObject({ enabled: true, useIgnoreFile: true });
});

test("nothing is written where one of its files is there already", async () => {
  expect((await init()).code).toBe(0);
  const index = join(home, "backends/index.ts");
  writeFileSync(index, "// mine\n");
  rmSync(join(home, "backends/Pulumi.yaml"));
  const { code, stderr } = await init();
  expect(code).toBe(2);
  expect(stderr).toContain("index.ts");
  expect(readFileSync(index, "utf8")).toBe("// mine\n");
  expect(readdirSync(join(home, "backends"))).not.toContain("Pulumi.yaml");
});

test.each([
  [["--tenant", "Not a name"], '--tenant: found "Not a name"'],
  [["--region", "us-est-1"], '--region: found "us-est-1"'],
  [["--package", "./absent.tgz"], '--package: found "./absent.tgz"'],
])("%j is refused", async (flags, message) => {
  const { code, stderr } = await init(...flags);
  expect([code, stderr.includes(message)]).toEqual([2, true]);
});
