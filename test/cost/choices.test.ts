import { beforeAll, expect, test } from "vitest";
import { costOf, type StackCost, type TenantCost } from "../../offline/cost/cost.ts";
import { freeTiersOf } from "../../offline/cost/prices/free-tiers.ts";
import { volumeTiersOf } from "../../offline/cost/prices/volume-tiers.ts";
import { evaluate } from "../../offline/evaluate.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import program from "../../stacks/index.ts";

let records: readonly ResourceRecord[];
let cost: StackCost;
beforeAll(async () => {
  const capacity = { mode: "provisioned", read: { min: 5, max: 50 }, write: { min: 5, max: 50 } };
  ({ records } = await evaluate(program, {
    config: {
      "chatstack:environment": "development",
      "chatstack:tenants": JSON.stringify([
        { id: "table", tier: "basic" },
        { id: "bucket", tier: "basic", history: "s3", documents: { noncurrentVersionDays: 30 } },
        { id: "provisioned", tier: "basic", table: { capacity } },
      ]),
    },
  }));
  cost = costOf(records, { over: { chats: 1_000, conversations: 0, readsPerMessage: 0 } });
});

const of = (id: string): TenantCost => cost.tenants.find(({ tenant }) => tenant === id)!;
const amount = (id: string, what: string) =>
  of(id)
    .lines.find((line) => line.what === what)
    ?.amount.toNumber();

test("conversations in the bucket cost requests to S3, and leave the table its counts of tokens", () => {
  expect(amount("table", "writes")).toBeCloseTo(1_000 * 9 * 0.625e-6, 12);
  expect(amount("bucket", "writes")).toBeCloseTo(1_000 * 1 * 0.625e-6, 12);
  expect(amount("bucket", "requests that write")).toBeCloseTo((1_000 + 100) * 0.005e-3, 12);
  expect(amount("bucket", "requests that read")).toBeCloseTo((2_000 + 400) * 0.0004e-3, 12);
  const versions = (1_000 * 50) / 1_048_576;
  expect(amount("bucket", "conversations' old versions")).toBeCloseTo(versions * 0.023, 12);
});

test("where conversations would cost less is told the same, wherever they are", () => {
  const { history } = of("table");
  expect(history).toMatchObject({ kept: "dynamodb", appendBreakEvenKB: 3 });
  expect(history?.readBreakEvenKB).toBeCloseTo(0.0000004 / (0.0000000625 / 4), 9);
  expect(of("bucket").history).toMatchObject({ kept: "s3", dynamodb: history?.dynamodb });
});

test("provisioned capacity costs its least, used or not, and wins above 28.9%", () => {
  const units = 3 * 5 * 730;
  expect(amount("provisioned", "write capacity")).toBeCloseTo(units * 0.00065, 9);
  expect(amount("provisioned", "read capacity")).toBeCloseTo(units * 0.00013, 9);
  const { capacity } = of("table");
  expect(capacity?.breakEvenUtilization).toBeCloseTo(0.00065 / (3_600 * 0.625e-6), 9);
  expect(capacity?.leastProvisioned.toNumber()).toBeCloseTo(3 * 730 * 0.00078, 9);
});

test("auto scaling's capacity above the least follows use", () => {
  expect(amount("provisioned", "write capacity that auto scaling adds")).toBe(0);
  const busy = costOf(records, { over: { writeUnits: 100_000_000 } });
  const added = busy.tenants
    .flatMap(({ lines }) => lines)
    .find(({ what }) => what === "write capacity that auto scaling adds");
  const unitHours = 100_000_000 / 3_600 / 0.7 - 3 * 5 * 730;
  expect(added?.amount.toNumber()).toBeCloseTo(unitHours * 0.00065, 3);
});

test("steps of volume are the account's: what all tenants together have above each, and in nobody's figures", () => {
  const busy = costOf(records, { over: { requests: 1_000_000_000 } });
  const spent = busy.tenants
    .flatMap(({ lines }) => lines)
    .filter(({ price }) => price === "api-gateway.requests");
  expect(spent.map(({ amount: own }) => own.toNumber())).toEqual([3_500, 3_500, 3_500]);
  const { off } = volumeTiersOf(busy).find(({ service }) => service === "API Gateway")!;
  // Of 3,000 million: 333 at $3.50, 667 at $2.80, 2,000 at $2.38.
  expect(off.toNumber()).toBeCloseTo(3_000 * 3.5 - (333 * 3.5 + 667 * 2.8 + 2_000 * 2.38), 9);
  expect(volumeTiersOf(cost)).toEqual([]);
  expect(volumeTiersOf({ ...busy, region: "sa-east-1" })).toEqual([]);
});

test("free tiers are the account's: named, at most what was spent, and in nobody's figures", () => {
  const free = freeTiersOf(cost);
  const lambda = free.find(({ allowance }) => allowance === "1,000,000 requests")!;
  const spent = cost.tenants
    .flatMap(({ lines }) => lines)
    .filter(({ price }) => price === "lambda.requests");
  // Of users, and of the maintenance four times an hour.
  expect(spent).toHaveLength(3 * 2);
  expect(lambda.off.toNumber()).toBeCloseTo(3 * (1_000 + 500 + 4 * 730) * 0.2e-6, 12);
  const metrics = free.find(({ allowance }) => allowance === "10 metrics")!;
  // Three tenants have ten or more each; ten are free.
  expect(metrics.off.toFixed(2)).toBe("3.00");
});
