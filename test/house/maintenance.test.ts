import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { filesOf } from "./imports.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json"));

test("the project's own workflow runs what the project's CI runs, and may only read", () => {
  const { jobs, permissions } = parse(read(".github/workflows/ci.yml"));
  const commands = jobs.test.steps.map(({ run }: { run?: string }) => run);
  expect(commands).toContain(".ci/run");
  expect(permissions).toEqual({ contents: "read" });
});

test("the changelog has the version of the package, and a place for the next one", () => {
  const headings = [...read("CHANGELOG.md").matchAll(/^## \[(.+?)\](?: - (.+))?$/gm)];
  const [next, newest] = headings.map(([, version, date]) => ({ version, date }));
  expect(next).toEqual({ version: "Unreleased", date: undefined });
  expect(newest?.version).toBe(manifest.version);
  expect(newest?.date).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test(".nvmrc names the Node that npm ci brings", () => {
  const { optionalDependencies } = JSON.parse(read("local/package.json"));
  const brought = Object.entries(optionalDependencies)
    .filter(([name]) => name.startsWith("node-"))
    .map(([, version]) => String(version).split(".")[0]);
  expect(new Set(brought)).toEqual(new Set([read(".nvmrc").trim()]));
});

test("placeholders stand only where the release process says that they do", () => {
  const found = filesOf(root).filter(
    (path) =>
      /^(package\.json|[A-Z]+\.md|docs\/[\w/-]+\.md|\.github\/.*)$/.test(path) &&
      /\bOWNER\b|security@example/.test(read(path)),
  );
  const process = read("docs/project/releasing.md");
  const unnamed = found.filter(
    (path) =>
      path !== "docs/project/releasing.md" &&
      !process.includes(`\`${path}\``) &&
      !(path.startsWith(".github/") && process.includes("`.github/`")),
  );
  expect(found).toContain("package.json");
  expect(unnamed).toEqual([]);
});

test("every folder that CONTRIBUTING.md names is there", () => {
  const files = filesOf(root);
  const named = [...read("CONTRIBUTING.md").matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)].flatMap(
    ([, path = ""]) => (path.includes("/") ? [path] : []),
  );
  expect(named.length).toBeGreaterThan(30);
  const isThere = (path: string) =>
    files.some((file) => file === path || file.startsWith(path.replace(/\/?$/, "/")));
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});
