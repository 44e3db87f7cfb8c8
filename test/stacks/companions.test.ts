import { describe, expect, test } from "vitest";
import { costOf } from "../../offline/cost/cost.ts";
import { sum } from "../../offline/cost/decimal.ts";
import { evaluate } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { dataLosses } from "../../offline/upgrade/data-loss.ts";
import { dataResourceTypes } from "../../offline/upgrade/data-resources.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Tier } from "../../stacks/tiers.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import { evaluateFullest } from "../../testing/stacks/fullest-tenant.ts";
import { lookUp } from "../../testing/stacks/records.ts";

const tenantOf = async (tier: Tier, settings: Settings = {}) =>
  (
    await evaluate(program, {
      config: {
        "chatstack:environment": "production",
        "chatstack:tenants": JSON.stringify([{ id: "acme", tier, ...settings }]),
      },
    })
  ).records;

const isData = ({ type }: ResourceRecord) => type in dataResourceTypes;
const off = {
  monitoring: "off",
  archive: "off",
  network: "off",
  audit: "off",
  events: "off",
} as const;
/** A bus would need an endpoint of its own in the network of `everyCompanion`. */
const companions = { ...everyCompanion, events: "on" } as const;

describe.each(Object.keys(off) as (keyof typeof off)[])("%s", (companion) => {
  const on = { ...off, [companion]: companions[companion] };

  test.each([
    "basic",
    "enterprise",
  ] as const)("turned on or off, changes no data resource of a tenant at the %s tier", async (tier) => {
    const without = await tenantOf(tier, off);
    const having = await tenantOf(tier, on);
    expect(having.length).toBeGreaterThan(without.length);
    const after = new Map(having.map((record) => [record.urn, record]));
    const data = without.filter(isData);
    expect(data.length).toBeGreaterThan(6);
    for (const record of data) expect(after.get(record.urn)).toEqual(record);
    expect(dataLosses(without, having)).toEqual([]);
  });

  test("is off at the basic tier unless it is asked for", async () => {
    const usual = (await tenantOf("basic")).map(({ urn }) => urn);
    expect(usual).toEqual((await tenantOf("basic", off)).map(({ urn }) => urn));
  });
});

/** Dollars a month that a stack costs by being there, with the tenants' shared resources. */
function fixedDollars(records: readonly ResourceRecord[]): string {
  const { tenants, shared } = costOf(records);
  return sum([...tenants, shared].map(({ fixed }) => fixed)).toFixed(2);
}

test("a tenant at the basic tier costs nothing while nobody uses it", async () => {
  expect(fixedDollars(await tenantOf("basic"))).toBe("0.00");
  expect(fixedDollars((await evaluateStack("dev")).records)).toBe("0.00");
});

test("alarms cost an enterprise tenant $1.90 more, once somebody hears them", async () => {
  const told = { monitoring: { notify: ["ops@example.com"] } };
  expect(fixedDollars(await tenantOf("enterprise"))).toBe("16.00");
  expect(fixedDollars(await tenantOf("enterprise", told))).toBe("17.90");
});

test("archive, audit trail, events and a network without interface endpoints have no fixed fee", async () => {
  const settings = { archive: {}, audit: {} };
  expect(fixedDollars(await tenantOf("basic", { ...settings, network: {} }))).toBe("0.00");
  expect(fixedDollars(await tenantOf("basic", { ...settings, events: "on" }))).toBe("0.00");
  expect(fixedDollars(await tenantOf("basic", { network: everyCompanion.network }))).toBe("14.60");
});

test("the function runs in the tenant's own network, where it has one", async () => {
  const records = await tenantOf("basic", { network: {} });
  const fn = records.find(({ type }) => type === "aws:lambda/function:Function");
  const subnets = records.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
  expect(fn?.inputs.vpcConfig).toMatchObject({ subnetIds: subnets.map(({ id }) => id) });
});

test("an archive of a stream without new images is refused", async () => {
  await expect(tenantOf("basic", { archive: {}, table: { stream: "keys-only" } })).rejects.toThrow(
    'Pulumi.test.yaml: chatstack:tenants[0].table.stream: found "keys-only"; allowed: "new-image" or "new-and-old-images"',
  );
});

test("a budget counts its tenant in its environment, not the tenant of the same id elsewhere", async () => {
  const evaluation = await evaluateFullest({
    monitoring: { monthlyBudget: 10, notify: ["a@b.example"] },
  });
  expect(lookUp(evaluation).one("Budget").inputs.filterExpression).toEqual({
    ands: [
      { tags: { key: "chatstack:tenant", values: ["full"] } },
      { tags: { key: "chatstack:environment", values: ["production"] } },
    ],
  });
});
