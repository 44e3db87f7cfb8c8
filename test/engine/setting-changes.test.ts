/**
 * Each setting of tenants with everything on, changed one at a time: `plan` says of every resource what
 * the engine's own preview says. The tables are `docs/operations/engine-changes.md`; `npm run test:engine -- -u` writes it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { EngineProject, missingAwsx, missingEngine } from "../../testing/engine/project.ts";
import {
  changeableTenant,
  egressChanges,
  egressTenant,
  otherChanges,
  otherTenant,
  settingChanges,
  tenantWith,
  titleOf,
} from "../../testing/engine/setting-changes.ts";
import { production } from "../../testing/engine/stacks.ts";
import { disagreements, inWords, planned, previewed } from "../../testing/engine/steps.ts";

const missing = missingEngine();
const skippedFor = (reason: string | undefined): string => (reason ? ` (skipped: ${reason})` : "");

const pagePath = join(import.meta.dirname, "../../docs/operations/engine-changes.md");

const tenants = [
  {
    heading: "With provisioned capacity, a governance lock and published versions",
    base: changeableTenant,
    changes: settingChanges,
    missing,
  },
  {
    heading: "With ceilings, replicas, a compliance lock, domains of its own and Bedrock's models",
    base: otherTenant,
    changes: otherChanges,
    missing,
  },
  {
    heading: "With NAT gateways",
    base: egressTenant,
    changes: egressChanges,
    missing: missingAwsx(),
  },
];

/** Rows of the page by heading and title of the change, as the last run of each has written them. */
const rows = new Map<string, string>();
const keyOf = (heading: string, title: string): string => `${heading}: ${title}`;
for (const section of (existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "").split("\n## ")) {
  const heading = section.slice(0, section.indexOf("\n"));
  for (const [row, title = ""] of section.matchAll(/^\| `(.+?)` \|.*$/gm)) {
    rows.set(keyOf(heading, title), row);
  }
}

for (const { heading, base, changes, missing } of tenants) {
  const title = `plan and the engine's preview agree${skippedFor(missing)}: ${heading}`;
  describe.skipIf(missing)(title, () => {
    const project = new EngineProject();
    const statePath = join(project.root, "state.json");

    beforeAll(async () => {
      project.configure("full", production([base]));
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
      changes.map((change, index) => ({ change, index, title: titleOf(change) })),
    )("$title", async ({ change, index, title }) => {
      const file = `Pulumi.change-${index}.yaml`;
      const yaml = parseDocument(readFileSync(join(project.root, "Pulumi.full.yaml"), "utf8"));
      const tenant = tenantWith(base, change);
      yaml.setIn(["config", "chatstack:tenants"], [tenant]);
      // A key that nobody reads is refused: the secret goes with its provider.
      const isRead = JSON.stringify(tenant).includes("fullDirectorySecret");
      if (!isRead) yaml.deleteIn(["config", "chatstack:fullDirectorySecret"]);
      project.write(file, yaml.toString({ defaultStringType: "QUOTE_DOUBLE" }));
      const [engine, plan] = await both(file);
      const differences = disagreements(engine, plan);
      const verdict = differences.length === 0 ? "agrees" : differences.join("<br>");
      rows.set(keyOf(heading, title), `| \`${title}\` | ${inWords(engine)} | ${verdict} |`);
      expect(differences).toEqual([]);
    });

    const both = async (file: string) =>
      [
        await previewed(project, "full", file),
        await planned(project, "full", file, statePath),
      ] as const;
  });
}

test.skipIf(missing)(`the tables in the documents are these${skippedFor(missing)}`, async () => {
  const tables = tenants.map(({ heading, changes }) => {
    const lines = changes.map(titleOf).map((title) => {
      return rows.get(keyOf(heading, title)) ?? `| \`${title}\` | not run | |`;
    });
    return `## ${heading}\n\n${tableHead}\n${lines.join("\n")}\n`;
  });
  const page = [introduction, ...tables].join("\n");
  process.stdout.write(page);
  await expect(page).toMatchFileSnapshot(pagePath);
  expect(page, "run all of them once").not.toContain("| not run |");
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

const introduction = `# What a changed setting does to a deployed tenant

Each row changes one setting of a production tenant with everything on, and asks the Pulumi engine's own
preview. \`npm run test:engine\` holds [\`chatstack plan\`](plan.md) to the same answer for every resource, and
\`npm run test:engine -- -u\` writes this page. The tenants have \`retain: retain\`: what is replaced or deleted here is
refused under \`retain: protect\` where it holds data.
`;

const tableHead = "| change | the engine's steps | `chatstack plan` |\n| --- | --- | --- |";
