import { describe, expect, test } from "vitest";
import { costOf } from "../../offline/cost/cost.ts";
import { scenarioTable } from "../../offline/cost/report/markdown.ts";
import { reportOf } from "../../offline/cost/report/report.ts";
import { scenarios } from "../../offline/cost/scenarios.ts";
import { tierRecords } from "../../offline/cost/tiers.ts";

const records = await tierRecords("us-east-1");
const loads = (name: keyof typeof scenarios, changed = records) =>
  Object.fromEntries(
    costOf(changed, { over: scenarios[name].usage }).tenants.map(({ tenant, load }) => [
      tenant,
      load,
    ]),
  );

describe("a scenario's load", () => {
  test("is the average over the hours of use: 10,000 people ask 33 questions a second for 6 seconds each", () => {
    const { enterprise } = loads("10k-users");
    // 1,056 questions each in 88 hours.
    expect((10_000 * 1_056) / (88 * 3_600)).toBeCloseTo(33.3, 1);
    expect(enterprise?.runsAtOnce).toBeGreaterThan(200);
    expect(enterprise?.runsAtOnce).toBeLessThan(210);
    expect(enterprise?.requestsPerSecond).toBeGreaterThan(160);
    expect(enterprise).toMatchObject({ mostRequestsPerSecond: 1_000, mostRunsAtOnce: 125 });
  });

  test("is served by the tiers that let it through, and by no other", () => {
    const served = (name: keyof typeof scenarios) =>
      Object.entries(loads(name)).flatMap(([tier, { tooMuch }]) =>
        tooMuch.length === 0 ? [tier] : [],
      );
    expect(served("1k-users")).toEqual(["basic", "standard", "enterprise"]);
    expect(served("5k-users")).toEqual(["enterprise"]);
    expect(served("10k-users")).toEqual([]);
    expect(served("1m-requests")).toEqual(["basic", "standard", "enterprise"]);
  });

  test("that is too much is told with what it asks for and what is allowed", () => {
    const { basic, standard } = loads("10k-users");
    expect(basic?.tooMuch).toEqual(["167 requests a second, 20 allowed"]);
    expect(standard?.tooMuch).toEqual([
      "167 requests a second, 100 allowed",
      "207 runs at once, 25 reserved",
    ]);
  });

  test("has a price where a tier serves it; where none does, the price of the settings that it needs", () => {
    const rows = (name: keyof typeof scenarios) => {
      const cost = costOf(records, { over: scenarios[name].usage });
      const table = scenarioTable([reportOf(cost, { told: { name, scenario: scenarios[name] } })]);
      return table
        .split("\n")
        .slice(2)
        .map((row) => row.split(" | ").slice(1, 3).join(": "));
    };
    expect(rows("1k-users")).toEqual([
      ...["basic", "standard", "enterprise"].map((tier) =>
        expect.stringMatching(new RegExp(`^\`${tier}\`: \\$[\\d,.]+$`)),
      ),
    ]);
    expect(rows("10k-users")).toEqual([
      expect.stringMatching(/^`enterprise` with `api\.reservedConcurrency: 207`: \$[\d,.]+$/),
      "not by `basic`: 167 requests a second, 20 allowed: —",
      "not by `standard`: 167 requests a second, 100 allowed; 207 runs at once, 25 reserved: —",
      "not by `enterprise`: 207 runs at once, 125 reserved: —",
    ]);
  });

  test("is not bounded by a function that reserves nothing", () => {
    const unreserved = records.map((record) =>
      record.type === "aws:lambda/function:Function"
        ? { ...record, inputs: { ...record.inputs, reservedConcurrentExecutions: -1 } }
        : record,
    );
    expect(loads("10k-users", unreserved).enterprise?.tooMuch).toEqual([]);
  });
});
