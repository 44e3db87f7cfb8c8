/**
 * What AWS gives every account each month without end. It is the account's, not a tenant's, so it is
 * never in a tenant's figures; twelve months' offers and new accounts' credits are left out.
 */
import type { CostLine, StackCost } from "../cost.ts";
import { type Decimal, decimal, sum } from "../decimal.ts";

/** What the account pays less than the sum of its tenants. */
export interface Reduction {
  readonly service: string;
  readonly allowance: string;
  /** What it takes off this stack, if nothing else in the account uses it. */
  readonly off: Decimal;
}

interface Allowance {
  readonly service: string;
  readonly allowance: string;
  readonly amount: number;
  /** Prices that it is for, the dearest first. */
  readonly prices: readonly string[];
}

const allowances: readonly Allowance[] = [
  one("Lambda", "1,000,000 requests", 1_000_000, "lambda.requests"),
  one("Lambda", "400,000 GB-seconds", 400_000, "lambda.arm-duration"),
  one("DynamoDB", "25 GB in the standard table class", 25, "dynamodb.storage"),
  one("DynamoDB", "25 write capacity units", 25 * 730, "dynamodb.write-capacity"),
  one("DynamoDB", "25 read capacity units", 25 * 730, "dynamodb.read-capacity"),
  one(
    "Cognito",
    "10,000 users of essentials and lite",
    10_000,
    "cognito.essentials",
    "cognito.lite",
  ),
  one("Cognito", "50 users of directories", 50, "cognito.federated"),
  one("CloudWatch", "10 metrics of alarms", 10, "cloudwatch.alarm-metrics"),
  one("CloudWatch", "10 metrics", 10, "cloudwatch.custom-metrics"),
  one("CloudWatch", "3 dashboards", 3, "cloudwatch.dashboards"),
  one("CloudWatch", "5 GB of logs", 5, "cloudwatch.log-ingestion"),
  one(
    "EventBridge",
    "14,000,000 invocations of schedules",
    14_000_000,
    "eventbridge.schedule-invocations",
  ),
  one("KMS", "20,000 requests", 20_000, "kms.requests"),
  one("SQS", "1,000,000 requests", 1_000_000, "sqs.requests"),
  one("X-Ray", "100,000 traces", 100_000, "xray.traces"),
  one("Data transfer", "100 GB to the internet", 100, "data-transfer.out"),
];

/** Those that this stack uses. */
export function freeTiersOf({ tenants, shared }: StackCost): Reduction[] {
  const lines = [...tenants, shared].flatMap((tenant) => tenant.lines);
  return allowances.flatMap(({ service, allowance, amount, prices }) => {
    let left = decimal(amount);
    const off: Decimal[] = [];
    for (const price of prices) {
      const own = lines.filter((line) => line.price === price);
      const [some] = own;
      if (!some) continue;
      const free = least(quantityOf(own), left);
      left = left.minus(free);
      off.push(free.times(some.unitPrice));
    }
    const total = sum(off);
    return total.isZero() ? [] : [{ service, allowance, off: total }];
  });
}

function one(service: string, allowance: string, amount: number, ...prices: string[]): Allowance {
  return { service, allowance, amount, prices };
}

export const quantityOf = (lines: readonly CostLine[]) =>
  sum(lines.map(({ quantity }) => quantity.value));

const least = (a: Decimal, b: Decimal) => (a.isLessThan(b) ? a : b);
