import { expect, test } from "vitest";
import type { Comparison, ResourceChange } from "../../offline/plan/comparison.ts";
import { planMarkdown } from "../../offline/plan/show/markdown.ts";
import { quotaReport } from "../../offline/quotas/quotas.ts";
import { defaultValues } from "../../policies/quotas/account-values.ts";

const change = (tenant: string, value: string): ResourceChange => ({
  kind: "changed",
  urn: `urn:pulumi:prod::shop::aws:sns/topic:Topic::${tenant}`,
  type: "aws:sns/topic:Topic",
  name: tenant,
  custom: true,
  tenant,
  options: [],
  properties: [{ path: "displayName", kind: "changed", before: "", after: value, replaces: false }],
});

const markdownOf = (comparison: Partial<Comparison>, limit?: number): string =>
  planMarkdown(
    {
      stack: "prod",
      against: "git:main",
      records: [],
      notes: [],
      quotas: quotaReport([], defaultValues, { region: "us-east-1" }),
      comparison: {
        changes: [],
        tenants: [],
        losses: [],
        refusals: [],
        access: [],
        unchanged: 3,
        ...comparison,
      },
    },
    limit,
  );

test("a plan without changes is two lines", () => {
  expect(markdownOf({})).toBe("### Plan of `prod` against `git:main`\n\n**no changes**\n");
});

test("details fold by tenant, and no value opens a tag", () => {
  const markdown = markdownOf({ changes: [change("acme", "</pre><img src=x>@all")] });
  expect(markdown).toContain("<details><summary>tenant acme, 1 change</summary>");
  expect(markdown).toContain("&lt;/pre&gt;&lt;img src=x&gt;");
  expect(markdown.match(/<\/pre>/g)).toHaveLength(1);
});

test("a comment stays below GitHub's limit: warnings stay, and what was cut is said", () => {
  const changes = Array.from({ length: 1000 }, (_, i) => change(`t${i}`, `${i}`.repeat(400)));
  const losses = changes.map(({ urn }, i) => ({ urn, reason: `goes and is deleted: ${i} items` }));
  const markdown = markdownOf({ changes, losses });
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toContain("and 950 more");
  expect(markdown).toMatch(/Cut to fit a comment: the details of \d+ of 1000 sections/);
  expect(markdown.match(/<details>/g)).toHaveLength(markdown.match(/<\/details>/g)!.length);
});
