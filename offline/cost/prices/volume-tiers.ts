/**
 * What AWS takes off where an account uses much of a thing. The steps count what the whole account uses, so that, like
 * free tiers, they are in no tenant's figures: each tenant costs the first step's price.
 */
import type { StackCost } from "../cost.ts";
import { type Decimal, decimal, sum } from "../decimal.ts";
import { quantityOf, type Reduction } from "./free-tiers.ts";
import { unitPrice } from "./price.ts";
import { type PriceId, pricesOf } from "./prices.ts";

type Steps = readonly (readonly [from: number, each: string])[];

interface Volume {
  readonly price: PriceId;
  readonly service: string;
  /** What is counted, in the plural. */
  readonly what: string;
  /** By region: from how many on, and what a unit costs then, in dollars. Those of other regions are not known. */
  readonly steps: Readonly<Record<string, Steps>>;
  readonly source: string;
}

const terabyte = 1_024;
const billion = 1_000_000_000;

const requests = (...[first, second, third]: readonly [string, string, string]): Steps => [
  [333_000_000, first],
  [billion, second],
  [20 * billion, third],
];
const arm: Steps = [
  [7.5 * billion, "0.0000120001"],
  [18.75 * billion, "0.0000106667"],
];
const toInternet: Steps = [
  [10 * terabyte, "0.085"],
  [50 * terabyte, "0.07"],
  [150 * terabyte, "0.05"],
];
const stored = (...[first, second]: readonly [string, string]): Steps => [
  [50 * terabyte, first],
  [500 * terabyte, second],
];

const volumes: readonly Volume[] = [
  {
    ...{ price: "api-gateway.requests", service: "API Gateway", what: "requests" },
    steps: {
      "us-east-1": requests("0.0000028", "0.00000238", "0.00000151"),
      "eu-west-1": requests("0.00000319", "0.00000271", "0.00000172"),
    },
    source:
      "AWS whitepaper, Best Practices for Designing API Gateway Private APIs, table 4; dublinOffers",
  },
  {
    ...{ price: "lambda.arm-duration", service: "Lambda", what: "GB-seconds" },
    steps: { "us-east-1": arm, "eu-west-1": arm },
    source:
      "AWS Compute Blog, Introducing tiered pricing for AWS Lambda: 10% and 20%; dublinOffers",
  },
  {
    ...{ price: "data-transfer.out", service: "Data transfer", what: "GB" },
    steps: { "us-east-1": toInternet, "eu-central-1": toInternet, "eu-west-1": toInternet },
    source: "aws.amazon.com/ec2/pricing/on-demand; frankfurtStorage, dublinNetwork",
  },
  {
    ...{ price: "s3.storage", service: "S3", what: "GB" },
    steps: {
      "us-east-1": stored("0.022", "0.021"),
      "eu-central-1": stored("0.0235", "0.0225"),
    },
    source:
      "AWS price list of S3, version 20260728131000, as a public estimate quotes it; frankfurtStorage",
  },
];

/** What the steps that this stack reaches take off, if nothing else in the account uses any of it. */
export function volumeTiersOf({ tenants, shared, region }: StackCost): Reduction[] {
  const known = pricesOf(region);
  const lines = [...tenants, shared].flatMap((tenant) => tenant.lines);
  return volumes.flatMap(({ price, service, what, steps: { [region]: steps = [] } }) => {
    const listed = known?.prices[price];
    // Prices of one's own have steps of their own.
    const own = lines.filter(
      (line) => line.price === price && listed && line.unitPrice.isEqualTo(unitPrice(listed)),
    );
    const [first] = own;
    if (first === undefined) return [];
    const quantity = quantityOf(own);
    const off = steps.map(([from, each], at) => {
      const before = at === 0 ? first.unitPrice : decimal(steps[at - 1]?.[1] ?? each);
      return above(quantity, from).times(before.minus(decimal(each)));
    });
    const [[least = 0] = []] = steps;
    const allowance = `${what} above ${least.toLocaleString("en-US")}`;
    const total = sum(off);
    return total.isZero() ? [] : [{ service, allowance, off: total }];
  });
}

function above(quantity: Decimal, from: number): Decimal {
  const rest = quantity.minus(decimal(from));
  return rest.isNegative() ? decimal(0) : rest;
}
