/**
 * Each setting of a tenant with everything on, changed one at a time: `plan` says of every resource what
 * the engine's own preview says. The table is `docs/engine-changes.md`; `npm run test:engine -- -u` writes it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { z } from "zod";
import { settings } from "../../stacks/settings.ts";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import {
  changeableTenant,
  settingChanges,
  tenantWith,
  titleOf,
} from "../../testing/engine/setting-changes.ts";
import { production } from "../../testing/engine/stacks.ts";
import { disagreements, inWords, planned, previewed } from "../../testing/engine/steps.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

test("every setting that a tenant may have is changed at least once", () => {
  const all = Object.entries(settings.shape).flatMap(([section, schema]) => {
    const inner = schema.unwrap();
    if (!(inner instanceof z.ZodObject)) return [section];
    return Object.keys(inner.shape).map((name) => `${section}.${name}`);
  });
  const changed = settingChanges.map(({ path }) => path);
  const missed = all.filter((setting) => !changed.some((path) => isWithin(path, setting)));
  // Refused in every file: it was a setting once.
  expect(missed).toEqual(["table.restoreFrom"]);
});

const pagePath = join(import.meta.dirname, "../../docs/engine-changes.md");

/** By the title of the change. */
const rowsIn = (document: string): Map<string, string> =>
  new Map([...document.matchAll(/^\| `(.+?)` \|.*$/gm)].map(([row, title = ""]) => [title, row]));

const isWithin = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`);

describe.skipIf(missing)(`plan and the engine's preview agree${skipped}`, () => {
  const project = new EngineProject();
  const statePath = join(project.root, "state.json");
  const rows = new Map<string, string>();

  beforeAll(async () => {
    project.configure("full", production([changeableTenant]));
    await project.must("stack", "init", "full");
    const secret = ["chatstack:fullDirectorySecret", "s3cret"];
    await project.must("config", "set", "--secret", "--stack", "full", ...secret);
    const yes = ["--stack", "full", "--yes", "--skip-preview"];
    await project.must("up", ...yes);
    writeFileSync(statePath, await project.exported("full"));
    restoreTable(project);
  }, 300_000);
  afterAll(() => {
    project.remove();
  });

  test("nothing changed: nothing to do", async () => {
    const [engine, plan] = await both("Pulumi.full.yaml");
    expect(inWords(engine)).toBe("nothing");
    expect(disagreements(engine, plan)).toEqual([]);
  });

  test.concurrent.each(
    settingChanges.map((change, index) => ({ change, index, title: titleOf(change) })),
  )("$title", async ({ change, index, title }) => {
    const file = `Pulumi.change-${index}.yaml`;
    const yaml = parseDocument(readFileSync(join(project.root, "Pulumi.full.yaml"), "utf8"));
    const tenant = tenantWith(change);
    yaml.setIn(["config", "chatstack:tenants"], [tenant]);
    // A key that nobody reads is refused: the secret goes with its provider.
    const isRead = JSON.stringify(tenant).includes("fullDirectorySecret");
    if (!isRead) yaml.deleteIn(["config", "chatstack:fullDirectorySecret"]);
    project.write(file, yaml.toString({ defaultStringType: "QUOTE_DOUBLE" }));
    const [engine, plan] = await both(file);
    const differences = disagreements(engine, plan);
    const verdict = differences.length === 0 ? "agrees" : differences.join("<br>");
    rows.set(title, `| \`${title}\` | ${inWords(engine)} | ${verdict} |`);
    expect(differences).toEqual([]);
  });

  test("the table in the documents is this one", async () => {
    // A run of some of the changes leaves the other rows as the last run of them wrote them.
    const written = rowsIn(existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "");
    const table = settingChanges
      .map(titleOf)
      .map((title) => rows.get(title) ?? written.get(title) ?? `| \`${title}\` | not run | |`)
      .join("\n");
    process.stdout.write(`${table}\n`);
    await expect(page(table)).toMatchFileSnapshot(pagePath);
    expect(table, "run all of them once").not.toContain("| not run |");
  });

  const both = async (file: string) =>
    [
      await previewed(project, "full", file),
      await planned(project, "full", file, statePath),
    ] as const;
});

/** Puts into the account what `chatstack restore` would have made: a table for `adopt`. */
function restoreTable({ cloud }: EngineProject): void {
  const type = "aws:dynamodb/table:Table";
  const [table] = cloud.list(type);
  if (!table) throw new Error("the stack has a table");
  const [id, urn] = ["full-chat-restored", ""];
  const own = (value: unknown) => String(value).replace(table.id, id);
  const { arn, streamArn } = table.props;
  const props = { ...table.props, name: id, arn: own(arn), streamArn: own(streamArn) };
  cloud.put({ type, id, urn, props });
}

const page = (table: string): string => `# What a changed setting does to a deployed tenant

Each row changes one setting of a production tenant with everything on, and asks the Pulumi engine's own
preview. \`npm run test:engine\` holds [\`chatstack plan\`](plan.md) to the same answer for every resource, and
\`npm run test:engine -- -u\` writes this page. The tenant has \`retain: retain\`: what is replaced or deleted here is
refused under \`retain: protect\` where it holds data.

| change | the engine's steps | \`chatstack plan\` |
| --- | --- | --- |
${table}
`;
