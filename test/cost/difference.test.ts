import { beforeAll, describe, expect, test } from "vitest";
import { costOf, type StackCost } from "../../offline/cost/cost.ts";
import {
  type CostDifference,
  differenceMarkdown,
  differenceOf,
  differenceText,
} from "../../offline/cost/report/difference.ts";
import { evaluate } from "../../offline/evaluate.ts";
import program from "../../stacks/index.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const costWith = async (tenants: readonly object[]): Promise<StackCost> => {
  const config = {
    "chatstack:environment": "development",
    "chatstack:tenants": JSON.stringify(tenants),
  };
  return costOf((await evaluate(program, { config })).records, {});
};
const plain = { width: 160, paint: (_: string, text: string) => text };
const own = { stack: "dev", against: "git:main" };
const ids = ["acme", "globex", "hooli", "initech"];

describe("what a change costs", () => {
  let before: StackCost;
  let difference: CostDifference;
  beforeAll(async () => {
    before = await costWith([
      ...ids.map((id) => ({ id, tier: "basic" })),
      { id: "gone", tier: "basic" },
    ]);
    const firewall = { api: { firewall: "on" } };
    const after = await costWith([
      ...ids.map((id) => ({ id, tier: "basic", ...firewall })),
      { id: "late", tier: "standard" },
    ]);
    difference = differenceOf(before, after, own);
    const totals = [before, after].map(({ total }) => total.toString());
    expect([difference.before, difference.after].map(String)).toEqual(totals);
  });

  test("is told of each tenant and service, and adds up", () => {
    const tenants = new Map(difference.tenants.map((one) => [one.tenant, one]));
    expect([...tenants.keys()]).toEqual([...ids, "late", "gone"]);
    const acme = tenants.get("acme");
    expect(acme?.services.map(({ service }) => service)).toContain("WAF");
    for (const { services, before: then, after: now } of tenants.values()) {
      const change = services.reduce(
        (sofar, one) => sofar.plus(one.after).minus(one.before),
        difference.before.minus(difference.before),
      );
      expect(change.toString()).toBe((now ?? change.minus(change)).minus(then ?? 0).toString());
    }
    expect(tenants.get("late")).not.toHaveProperty("before");
    expect(tenants.get("gone")).not.toHaveProperty("after");
  });

  test("is one row for all of whom it is the same", () => {
    const text = differenceText(difference, plain).replaceAll(/[│\s]+/g, " ");
    expect(text).toContain("4 tenants, each");
    expect(text).toMatch(/late new \$/);
    expect(text).toMatch(/gone \$[\d.]+ gone -\$/);
    const page = differenceMarkdown(difference);
    expect(page).toMatch(
      /^\*\*\$[\d,.]+ → \$[\d,.]+ a month: \+\$[\d.]+\*\*\n\n\| tenant \| before \| after \|/,
    );
    expect(page).toMatch(/\| 4 tenants, each \(acme, globex, hooli and 1 more\) \| .* WAF \+\$/);
  });

  test("is nothing where nothing changes, and of some tenants alone where asked", () => {
    const same = differenceText(differenceOf(before, before, own), plain);
    expect(same).toContain("no difference: $");
    const one = differenceOf(before, before, own, ["acme"]);
    const acme = before.tenants.find(({ tenant }) => tenant === "acme");
    expect(String(one.after)).toBe(String(acme?.total));
  });
});

test("the command compares with another stack, as plan does", async () => {
  const { code, stdout } = await chatstackHere([
    "cost",
    "-s",
    "dev",
    "--against",
    "prod",
    "--json",
  ]);
  expect(code).toBe(0);
  const { version, difference } = JSON.parse(stdout);
  expect([version, difference.stack, difference.against]).toEqual([1, "dev", "prod"]);
  expect(Number(difference.before)).toBeGreaterThan(Number(difference.after));
  const nonsense = await chatstackHere(["cost", "--against", "git:main", "--tiers"]);
  expect([nonsense.code, nonsense.stderr]).toEqual([2, expect.stringContaining("cannot be used")]);
});
