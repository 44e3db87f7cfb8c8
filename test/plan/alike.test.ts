import { beforeAll, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { compare } from "../../offline/plan/compare.ts";
import type { Comparison } from "../../offline/plan/comparison.ts";
import { planMarkdown } from "../../offline/plan/show/markdown.ts";
import { comparisonText } from "../../offline/plan/show/text.ts";
import { quotaReport } from "../../offline/quotas/quotas.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { changesSection } from "../../offline/report/sections/changes.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { defaultValues } from "../../policies/quotas/account-values.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";

const ids = Array.from({ length: 500 }, (_, i) => `tenant-of-ours-${i}`);

const stackOf = async (defaults: Settings, tenants: readonly string[]) =>
  (
    await evaluate(program, {
      config: {
        "chatstack:environment": "development",
        "chatstack:defaults": JSON.stringify(defaults),
        "chatstack:tenants": JSON.stringify(
          tenants.map((id) => ({ id, tier: id.endsWith("0") ? "standard" : "basic" })),
        ),
      },
    })
  ).records;

/** Five hundred tenants, of which each tenth is of another tier: each as the first of its tier is. */
async function largeStack(defaults: Settings): Promise<ResourceRecord[]> {
  const records = await stackOf(defaults, ids.slice(0, 2));
  const owners = tenantsByUrn(records);
  const own = Map.groupBy(records, ({ urn }) => owners.get(urn));
  const tenants = ids.flatMap((id) => {
    const first = ids[id.endsWith("0") ? 0 : 1]!;
    const text = JSON.stringify(own.get(first));
    return JSON.parse(text.replaceAll(first, id)) as ResourceRecord[];
  });
  return [...own.get(undefined)!, ...tenants];
}

let comparison: Comparison;

beforeAll(async () => {
  const usual: Settings = { retain: "retain", api: { models: ["amazon.nova-lite-v1:0"] } };
  const changed: Settings = {
    ...usual,
    api: { models: ["amazon.nova-pro-v1:0"], logRetentionDays: 1 },
  };
  comparison = compare(await largeStack(usual), await largeStack(changed));
});

const textOf = (one: Comparison) => comparisonText(one, { width: 120, paint: (_, text) => text });

test("a change of defaults is one block for all that it changes alike, and names them", () => {
  const text = textOf(comparison);
  const blocks = text.match(/^(tenant|\d+ tenants) .*$/gm) ?? [];
  expect(blocks).toHaveLength(2);
  expect(blocks.map((line) => line.split(" ")[0]).sort()).toEqual(["450", "50"]);
  for (const id of ids) expect(blocks.join()).toContain(id);
  expect(text).toContain("lambda.Function <tenant>-api");
  expect(text.split("\n").length).toBeLessThan(80);
});

test("losses and access are told once for all, too", () => {
  const [, losses = ""] = /Data would be lost\n([\s\S]*?)\n\n/.exec(textOf(comparison)) ?? [];
  expect(losses).toContain("older log lines");
  expect(losses).toContain("LogGroup <tenant>-");
  expect(losses.split("\n").length).toBeLessThan(10);
  expect(comparison.losses.length).toBeGreaterThan(499);
});

test("as a comment it is below 10 KB, with as many names as fit", () => {
  const markdown = planMarkdown({
    stack: "prod",
    against: "git:main",
    records: [],
    notes: [],
    quotas: quotaReport([], defaultValues, { region: "us-east-1" }),
    comparison,
  });
  expect(markdown.length).toBeLessThan(10_000);
  expect(markdown).not.toContain("Cut to fit");
  expect(markdown).toContain("<summary>450 tenants");
  expect(markdown).toContain("<summary>50 tenants");
  expect(markdown).toMatch(/450 tenants \(tenant-of-ours-1, .* and \d+ more\)/);
});

test("the report's page has one block, too", () => {
  const page = String(changesSection({ comparison, against: "git:main", notes: [] }));
  expect(page.match(/<details\b/g)?.length).toBeLessThan(7);
  expect(page).toContain("&lt;tenant&gt;-api");
});

test("tenants that come or go alike are one line; one alone keeps its name", async () => {
  const some = ids.slice(0, 4);
  const [few, more] = [await stackOf({}, some.slice(0, 1)), await stackOf({}, some)];
  const text = textOf(compare(few, more));
  expect(text).toMatch(/\+ {2}3 tenants \(tenant-of-ours-1, .*\), \d+ resources each/);
  expect(
    textOf(compare(few, await stackOf({ api: { logRetentionDays: 1 } }, some.slice(0, 1)))),
  ).toContain("tenant tenant-of-ours-0");
});

test("what AWS refuses is told once for all, whose names are parts of each other", async () => {
  const names = ["ab", "ab-cd", "cd-ab"];
  const warm = (readUnits: number): Settings => ({
    table: { warmThroughput: { readUnits, writeUnits: 4_000 } },
  });
  const lower = compare(await stackOf(warm(14_000), names), await stackOf(warm(12_000), names));
  expect(lower.refusals.length).toBeGreaterThanOrEqual(3);
  const text = textOf(lower);
  expect(text.match(/^(tenant|\d+ tenants) .*$/gm)).toEqual(["3 tenants (ab, ab-cd, cd-ab)"]);
  const told = text.match(/ warmThroughput\S* would fall from 14000 to 12000/g);
  expect(told).toHaveLength(1);
});

test("tenants whose names are parts of each other go alike, and what becomes of their data is told once", async () => {
  const names = ["ab", "ab-cd", "cd-ab"];
  const all = await stackOf({ retain: "retain" }, ["stays", ...names]);
  const text = textOf(compare(all, await stackOf({ retain: "retain" }, ["stays"])));
  expect(text.match(/3 tenants \(ab, ab-cd, cd-ab\), \d+ resources each/g)).toHaveLength(1);
  expect(text.match(/stays in the account, unmanaged/g)).toHaveLength(1);
});
