/** What the command says where it cannot do all: in a package, and on an old Node without the one npm brings. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { afterAll, expect, test } from "vitest";
import { registerLeftOut } from "../../cli/left-out.ts";
import { nodeAs } from "../../testing/processes/chatstack.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "left-out-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["start", "--port", "0"],
  ["start", "--help"],
  ["open", "acme"],
  ["token", "acme", "admin"],
  ["migrate", "acme", "--pglite", "x"],
  ["backup", "acme", "now"],
  ["restore", "acme", "--at", "latest"],
])("the packed command says of `%s` where it is", async (...args) => {
  const program = new Command("chatstack").exitOverride();
  registerLeftOut(program);
  const said = `${args[0]} is not in the package: `;
  await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow(said);
  expect(program.helpInformation()).not.toContain(args[0]);
});

test("the packed command says of `tenant move` where it is, and of the other steps nothing", async () => {
  const program = new Command("chatstack").exitOverride();
  const tenant = program.command("tenant");
  tenant.command("add");
  registerLeftOut(program);
  const moved = program.parseAsync(["tenant", "move", "acme"], { from: "user" });
  await expect(moved).rejects.toThrow("tenant move is not in the package: ");
  expect(tenant.helpInformation()).not.toContain("move");
});

/** The first lines of the program, as an old Node reads them. */
async function onOldNode(brought: boolean): Promise<string> {
  const checkout = join(folder, String(brought));
  mkdirSync(join(checkout, "bin"), { recursive: true });
  mkdirSync(join(checkout, "node_modules/.bin"), { recursive: true });
  cpSync(join(root, "bin/chatstack.js"), join(checkout, "bin/chatstack.js"));
  writeFileSync(join(checkout, "package.json"), '{"type": "module"}');
  if (brought) writeFileSync(join(checkout, "node_modules/.bin/node"), "");
  const old = `Object.defineProperty(process.versions, "node", { value: "20.20.2" });`;
  const preload = `data:text/javascript,${encodeURIComponent(old)}`;
  const { code, stderr } = await nodeAs("self", [
    "--import",
    preload,
    join(checkout, "bin/chatstack.js"),
    "start",
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("needs Node.js 22.18 or newer; this is 20.20.2.");
  return stderr;
}

test("an old Node is told of the one that npm brought, or to install one; never to run what just failed", async () => {
  expect(await onOldNode(true)).toContain("npx --no -- chatstack");
  const alone = await onOldNode(false);
  expect(alone).toContain("Install Node.js 22.18 or newer from https://nodejs.org");
  expect(alone).not.toMatch(/npm start|npx/);
});

test("no document or message asks the registry for a package that may be somebody else's", () => {
  const files = execFileSync("git", ["ls-files", "*.md", "*.ts", "*.js", "*.yml"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => path !== "" && path !== "CHANGELOG.md" && !path.startsWith("test/"));
  expect(files.length).toBeGreaterThan(globSync("docs/*.md", { cwd: root }).length);
  const asking = files.filter((path) =>
    readFileSync(join(root, path), "utf8").includes("npx chatstack"),
  );
  expect(asking).toEqual([]);
});
