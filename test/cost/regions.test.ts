/** Prices of regions beside US East: each is there with who says it and when, or named where it is needed. */
import { expect, test } from "vitest";
import { costOf } from "../../offline/cost/cost.ts";
import type { Price } from "../../offline/cost/prices/price.ts";
import { pricesOf, regions, usEast1 } from "../../offline/cost/prices/prices.ts";
import { volumeTiersOf } from "../../offline/cost/prices/volume-tiers.ts";
import { tierRecords } from "../../offline/cost/tiers.ts";
import { cost } from "../../scripts/blocks.ts";

const others = regions.filter((region) => region !== usEast1.region);
const all = { tenants: { basic: {}, standard: {}, enterprise: {} } };

/** Uses that no tenant has by default, so that a line is drawn for each price of a tier. */
const used = { federatedUsers: 1, machineTokens: 1, queriedGB: 1 };

test.each(
  others,
)("%s has nothing that US East does not, each with a source and a day", (region) => {
  const table = pricesOf(region)!;
  expect(table).toMatchObject({ region, currency: "USD" });
  for (const [id, price] of Object.entries(table.prices)) {
    const { per, unit } = usEast1.prices[id]!;
    expect(price).toMatchObject({
      per,
      unit,
      source: expect.stringMatching(/^\S.* \(2026-\d\d-\d\d\)$/),
    });
    expect(price.asOf).toMatch(/^2026-\d\d-\d\d$/);
    expect(Number(price.amount)).toBeGreaterThan(0);
    // Regions differ by tens of percents: more is a slip of the unit.
    const { amount } = usEast1.prices[id]!;
    expect(Number(price.amount) / Number(amount)).toBeGreaterThan(0.9);
    expect(Number(price.amount) / Number(amount)).toBeLessThan(1.6);
  }
});

test.each(
  others,
)("%s: what a tier needs is in the figures, or named as missing", async (region) => {
  const records = await tierRecords(region);
  const there = costOf(records, { ...all, over: used });
  const inUsEast = costOf(await tierRecords("us-east-1"), { ...all, over: used });
  expect(there.region).toBe(region);
  const known = pricesOf(region)!.prices;
  for (const [at, tenant] of inUsEast.tenants.entries()) {
    const { lines, unpriced } = there.tenants[at]!;
    const priced = new Set<string>(lines.map(({ price }) => price));
    const missing = new Set(unpriced.filter(({ isUnknown }) => isUnknown).map(({ what }) => what));
    // A model without a price is named as a model.
    const needed = tenant.lines.filter(
      ({ amount, service }) => !amount.isZero() && service !== "Bedrock",
    );
    expect(needed.length).toBeGreaterThan(10);
    for (const { price } of needed) {
      expect([price, priced.has(price), missing.has(price)]).toEqual([
        price,
        price in known,
        !(price in known),
      ]);
    }
  }
});

test("a source that is not the price list itself needs a second", () => {
  const frankfurt = pricesOf("eu-central-1")!.prices;
  const of = (id: string): Price => frankfurt[id]!;
  expect(of("dynamodb.write-requests")).toMatchObject({ amount: "0.7625", confirmed: true });
  expect(of("s3.writes")).toMatchObject({ amount: "0.0054", confirmed: true });
  expect(of("vpc-endpoint.hours")).toMatchObject({ amount: "0.012", confirmed: false });
  expect(of("xray.traces")).toBeUndefined();
});

test("a stack in one of them needs no file; what is missing is said with its region", async () => {
  const { text, code } = await cost(["--tiers", "--prices", "eu-central-1"]);
  expect(text).toContain("list prices of eu-central-1");
  expect(text).toContain("- xray.traces: no price of eu-central-1 is known; --prices takes it");
  expect(code).toBe(1);
});

test("steps of volume are a region's own", async () => {
  const busy = async (region: string) =>
    volumeTiersOf(
      costOf(await tierRecords(region), { ...all, over: { requests: 1e9, documentsGB: 100_000 } }),
    ).map(({ service, off }) => [service, off.toFixed(2)]);
  const stored = 3 * 100_000 * 1.1;
  expect(await busy("eu-central-1")).toContainEqual([
    "S3",
    (stored * 0.0245 - (51_200 * 0.0245 + (stored - 51_200) * 0.0235)).toFixed(2),
  ]);
  expect((await busy("eu-west-1")).map(([service]) => service)).toContain("API Gateway");
  expect(await busy("eu-north-1")).toEqual([]);
});
