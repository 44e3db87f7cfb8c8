import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { describe, expect, it, test } from "vitest";
import { createProgram } from "../../cli/program.ts";
import { evaluateStack } from "../../offline/project.ts";
import { documentedCalls } from "./commands.ts";

const root = resolve(import.meta.dirname, "../..");
const documents = ["README.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md", { cwd: root })];
const read = (path: string) => readFileSync(join(root, path), "utf8");

const calls = documents.flatMap((path) =>
  documentedCalls(read(path)).map(({ line, args }) => ({ where: `${path}:${line}`, args })),
);

test.each(calls)("$where: chatstack $args is a command that there is", async ({ args }) => {
  expect(await faultOf(args)).toBe("");
});

it("would notice a command, an option or an argument that there is not", async () => {
  expect(await faultOf(["remake", "acme"])).toContain("remake");
  expect(await faultOf(["restore", "acme", "--stack", "dev", "--yesterday"])).toContain(
    "--yesterday",
  );
  expect(await faultOf(["restore", "acme", "--at", "latest"])).toContain("--stack");
  expect(await faultOf(["backup"])).toContain("tenant");
  expect(documentedCalls("```console\ntoken=$(npx --no -- chatstack token acme ada)\n```")).toEqual(
    [{ line: 2, args: ["token", "acme", "ada"] }],
  );
});

/** What commander says of a call, short of running it. */
async function faultOf(args: readonly string[]): Promise<string> {
  const program = await createProgram((error) => {
    throw error;
  });
  silence(program);
  try {
    await program.parseAsync([...args], { from: "user" });
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  for (const one of command.commands) silence(one);
}

describe("the runbooks", () => {
  const runbooks = documents.filter((path) => path.startsWith("docs/runbooks/"));

  it("are all in the index", () => {
    const index = read("docs/runbooks/README.md");
    const listed = [...index.matchAll(/\]\((.+?\.md)\)/g)].map(
      ([, file]) => `docs/runbooks/${file}`,
    );
    expect(listed.sort()).toEqual(runbooks.filter((path) => !path.endsWith("README.md")).sort());
  });

  it("name alarms, log groups and dashboards that the components make", async () => {
    const text = read("Pulumi.prod.yaml").replace(
      "tier: enterprise",
      "tier: enterprise\n      monitoring: { notify: [operators@example.com] }",
    );
    const { records } = await evaluateStack("prod", { root, text });
    const made = records.flatMap(({ name, inputs }) => [name, inputs.dashboardName]);
    const named = runbooks.flatMap((path) =>
      [...read(path).matchAll(/`((?:chatstack-prod-)?acme-(?:monitoring|api|chat)[a-z-]*)`/g)].map(
        ([, name]) => name,
      ),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !made.includes(name))).toEqual([]);
  });
});
