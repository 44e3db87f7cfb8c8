/**
 * What AWS takes off where an account uses much of a thing. The steps count what the whole account uses, so that, like
 * free tiers, they are in no tenant's figures: each tenant costs the first step's price.
 */
import type { StackCost } from "../cost.ts";
import { type Decimal, decimal, sum } from "../decimal.ts";
import { quantityOf, type Reduction } from "./free-tiers.ts";
import { unitPrice } from "./price.ts";
import { type PriceId, usEast1 } from "./prices.ts";

interface Volume {
  readonly price: PriceId;
  readonly service: string;
  /** What is counted, in the plural. */
  readonly what: string;
  /** From how many on, and what a unit costs then, in dollars. */
  readonly steps: readonly (readonly [from: number, each: string])[];
  readonly source: string;
}

const terabyte = 1_024;
const billion = 1_000_000_000;

/** Of US East (N. Virginia). */
const volumes: readonly Volume[] = [
  {
    ...{ price: "api-gateway.requests", service: "API Gateway", what: "requests" },
    steps: [
      [333_000_000, "0.0000028"],
      [billion, "0.00000238"],
      [20 * billion, "0.00000151"],
    ],
    source: "AWS whitepaper, Best Practices for Designing API Gateway Private APIs, table 4",
  },
  {
    ...{ price: "lambda.arm-duration", service: "Lambda", what: "GB-seconds" },
    steps: [
      [7.5 * billion, "0.0000120001"],
      [18.75 * billion, "0.0000106667"],
    ],
    source: "AWS Compute Blog, Introducing tiered pricing for AWS Lambda: 10% and 20%",
  },
  {
    ...{ price: "data-transfer.out", service: "Data transfer", what: "GB" },
    steps: [
      [10 * terabyte, "0.085"],
      [50 * terabyte, "0.07"],
      [150 * terabyte, "0.05"],
    ],
    source: "aws.amazon.com/ec2/pricing/on-demand",
  },
];

/** What the steps that this stack reaches take off, if nothing else in the account uses any of it. */
export function volumeTiersOf({ tenants, shared, region }: StackCost): Reduction[] {
  if (region !== usEast1.region) return [];
  const lines = [...tenants, shared].flatMap((tenant) => tenant.lines);
  return volumes.flatMap(({ price, service, what, steps }) => {
    const listed = usEast1.prices[price];
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
