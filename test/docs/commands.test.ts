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

/** Of one line: what goes to another program, into a file or to whoever asked for JSON. */
const loudReaders = (text: string): string[] =>
  [...text.matchAll(/npm (?:run|start)\b[^`\n]*/g)]
    .map(([call]) => call.replace(/\s#.*$/, ""))
    // Tags, placeholders and arrows of drawings lead nowhere.
    .filter((call) => /--json(?! \S+\.json)|[|>]/.test(call.replace(/<[^>]*>|-->/g, "")))
    .filter((call) => !/npm run (-s|--silent) /.test(call));

test("npm keeps its own lines out of what a program reads", () => {
  expect(documents.flatMap((path) => loudReaders(read(path)))).toEqual([]);
});

it("would notice a call whose reader gets npm's lines too", () => {
  const call = "npm run pulumi -- stack output tenants --json --stack prod";
  expect(loudReaders(`\`${call}\` says it.`)).toEqual([call]);
  expect(loudReaders("npm run pulumi -- stack export | jq")).toHaveLength(1);
  expect(loudReaders("npm run check -- --sarif out.sarif --json out.json")).toEqual([]);
  expect(loudReaders("npm run --silent pulumi -- stack output --json")).toEqual([]);
});

describe("the runbooks", () => {
  const runbooks = documents.filter((path) => path.startsWith("docs/operations/runbooks/"));

  it("are all in the index", () => {
    const index = read("docs/operations/runbooks/README.md");
    const listed = [...index.matchAll(/\]\((.+?\.md)\)/g)].map(
      ([, file]) => `docs/operations/runbooks/${file}`,
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
