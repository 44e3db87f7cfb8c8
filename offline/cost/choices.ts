/** Two choices that a tenant's usage decides: how capacity is paid for, and where conversations are kept. */
import type { ResourceRecord } from "../record.ts";
import { type Decimal, sum, zero } from "./decimal.ts";
import { list, type PricingContext } from "./line.ts";
import { measuredUnits } from "./prices/measured-units.ts";
import { unitPrice } from "./prices/price.ts";
import { hoursAMonth, type PriceId } from "./prices/prices.ts";
import { noncurrentMonths, oldVersions } from "./services/storage.ts";
import { workloadOf } from "./workload.ts";

/** On-demand requests against provisioned capacity, for what this tenant reads and writes. */
export interface CapacityChoice {
  readonly mode: "on-demand" | "provisioned";
  readonly onDemand: Decimal;
  /** As if the load were even and the capacity used to the usual 70%; never less than `leastProvisioned`. */
  readonly provisioned: Decimal;
  /** One unit to write and one to read, for the table and each index. */
  readonly leastProvisioned: Decimal;
  /** Share of the capacity that has to be used, on average, for provisioned to cost less: 0–1. */
  readonly breakEvenUtilization: number;
}

/** Conversations in the table against one JSON object each in the bucket. */
export interface HistoryChoice {
  readonly kept: "dynamodb" | "s3";
  /** Requests, storage and recovery, or old versions, of the conversations alone. */
  readonly dynamodb: Decimal;
  readonly s3: Decimal;
  /** KB from which one GET costs less than a query of as much. */
  readonly readBreakEvenKB: number;
  /** KB of a message, whole, from which GET and PUT cost less than its transaction. */
  readonly appendBreakEvenKB: number;
}

const each = ({ prices }: Pick<PricingContext, "prices">, id: PriceId): Decimal => {
  const price = prices[id];
  return price ? unitPrice(price) : zero;
};

/** A choice between figures of which one lacks a price is none. */
const areKnown = ({ prices }: PricingContext, ids: readonly PriceId[]) =>
  ids.every((id) => id in prices);

const capacityPrices = [
  ...(["dynamodb.write-capacity", "dynamodb.read-capacity"] as const),
  ...(["dynamodb.write-requests", "dynamodb.read-requests"] as const),
];
const historyPrices = [
  ...(["dynamodb.write-requests", "dynamodb.read-requests", "dynamodb.storage"] as const),
  ...(["dynamodb.point-in-time-recovery", "s3.storage", "s3.writes", "s3.reads"] as const),
];

const usualUtilization = 0.7;
const besideTheMessage = measuredUnits["append a message"].writes - 2;

export function capacityChoice(
  { inputs }: ResourceRecord,
  context: PricingContext,
): CapacityChoice | undefined {
  if (!areKnown(context, capacityPrices)) return undefined;
  const { writeUnits, readUnits } = context.workload;
  const tables = 1 + list(inputs.globalSecondaryIndexes).length;
  const write = each(context, "dynamodb.write-capacity");
  const read = each(context, "dynamodb.read-capacity");
  const least = write.plus(read).times(tables).times(hoursAMonth);
  const unitHours = (units: Decimal) =>
    Math.max(units.toNumber() / 3600 / usualUtilization, tables * hoursAMonth).toFixed(3);
  const perRequest = each(context, "dynamodb.write-requests");
  return {
    mode: inputs.billingMode === "PROVISIONED" ? "provisioned" : "on-demand",
    onDemand: writeUnits.value
      .times(perRequest)
      .plus(readUnits.value.times(each(context, "dynamodb.read-requests"))),
    provisioned: write
      .times(unitHours(writeUnits.value))
      .plus(read.times(unitHours(readUnits.value))),
    leastProvisioned: least,
    breakEvenUtilization: write.toNumber() / 3600 / perRequest.toNumber(),
  };
}

/** @param bucket of the documents, whose life cycle decides how long old versions stay. */
export function historyChoice(
  bucket: ResourceRecord,
  context: PricingContext,
): HistoryChoice | undefined {
  if (!areKnown(context, historyPrices)) return undefined;
  const { usage, workload } = context;
  const inTable = workloadOf(usage, "dynamodb");
  const inBucket = workloadOf(usage, "s3");
  const price = (id: PriceId) => each(context, id);
  const stored = (id: PriceId) => price(id).times(usage.storedGB);
  const append = price("s3.writes").plus(price("s3.reads")).toNumber();
  const write = price("dynamodb.write-requests").toNumber();
  return {
    kept: workload.history,
    dynamodb: sum([
      // Tokens and quotas are the table's either way.
      inTable.writeUnits.value
        .minus(inBucket.writeUnits.value)
        .times(price("dynamodb.write-requests")),
      inTable.readUnits.value
        .minus(inBucket.readUnits.value)
        .times(price("dynamodb.read-requests")),
      stored("dynamodb.storage"),
      stored("dynamodb.point-in-time-recovery"),
    ]),
    s3: sum([
      inBucket.historyWrites.value.times(price("s3.writes")),
      inBucket.historyReads.value.times(price("s3.reads")),
      stored("s3.storage"),
      oldVersions(usage, noncurrentMonths(bucket, context)).value.times(price("s3.storage")),
    ]),
    // Half a read unit is 4 KB, read eventually consistently.
    readBreakEvenKB:
      (price("s3.reads").toNumber() / (price("dynamodb.read-requests").toNumber() / 2)) * 4,
    // A KB of a message is two write units; what an append costs beside them does not grow.
    appendBreakEvenKB: Math.max(1, Math.floor((append / write - besideTheMessage) / 2) + 1),
  };
}
