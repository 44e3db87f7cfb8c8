/**
 * The one price table: list prices of US East (N. Virginia), each with the page that it is from. Where
 * AWS lowers a price with volume, it is the first step's, so that costs stay linear and are never too low.
 */
import { bedrockPrices } from "./bedrock-prices.ts";
import type { Price } from "./price.ts";

export interface PriceTable {
  /** Day on which the prices were looked up, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly currency: string;
  readonly region: string;
  readonly prices: Readonly<Record<string, Price>>;
}

/** What AWS bills by; `quantity × unit price` is exact. */
export type PriceId = keyof typeof prices | `bedrock.${string}`;

/** Hours of a month, as AWS's own pages count. */
export const hoursAMonth = 730;

const page = (path: string) => `https://aws.amazon.com/${path}/pricing/`;

const price = (amount: string, per: number, unit: string, source: string): Price => ({
  amount,
  per,
  unit,
  source: page(source),
  confirmed: true,
});

const unconfirmed = (...args: Parameters<typeof price>): Price => ({
  ...price(...args),
  confirmed: false,
});

const million = 1_000_000;
const dynamodb = "dynamodb";
const cloudwatch = "cloudwatch";
const firehose = "firehose";

const prices = {
  "api-gateway.requests": price("3.50", million, "request", "api-gateway"),
  "athena.scanned": price("5", 1_000, "GB read by queries", "athena"),
  "backup.storage": price("0.10", 1, "GB-month", "backup"),
  "cloudtrail.data-events": price("0.10", 100_000, "data event", "cloudtrail"),
  "cloudwatch.alarm-metrics": price("0.10", 1, "metric of an alarm, a month", cloudwatch),
  "cloudwatch.custom-metrics": price("0.30", 1, "metric, a month", cloudwatch),
  "cloudwatch.dashboards": price("3", 1, "dashboard, a month", cloudwatch),
  "cloudwatch.insight-rules": price("0.50", 1, "Contributor Insights rule, a month", cloudwatch),
  "cloudwatch.insight-events": unconfirmed("0.03", million, "event that a rule counts", cloudwatch),
  "cloudwatch.log-ingestion": price("0.50", 1, "GB ingested", cloudwatch),
  "cloudwatch.log-storage": price("0.03", 1, "GB-month", cloudwatch),
  "cognito.lite": price("0.0055", 1, "active user, a month", "cognito"),
  "cognito.essentials": price("0.015", 1, "active user, a month", "cognito"),
  "cognito.plus": price("0.02", 1, "active user, a month", "cognito"),
  "cognito.federated": price("0.015", 1, "active user of a directory, a month", "cognito"),
  "cognito.machine-clients": price("6", 1, "machine client, a month", "cognito"),
  "cognito.machine-tokens": price("2.25", 1_000, "token of a machine", "cognito"),
  "data-transfer.out": price("0.09", 1, "GB to the internet", "ec2/on-demand"),
  "data-transfer.to-region": price("0.02", 1, "GB to another region", "s3"),
  "dynamodb.write-requests": price("0.625", million, "write request unit", dynamodb),
  "dynamodb.read-requests": price("0.125", million, "read request unit", dynamodb),
  "dynamodb.ia-write-requests": unconfirmed("0.78", million, "write request unit", dynamodb),
  "dynamodb.ia-read-requests": unconfirmed("0.155", million, "read request unit", dynamodb),
  "dynamodb.write-capacity": price("0.00065", 1, "write capacity unit-hour", dynamodb),
  "dynamodb.read-capacity": price("0.00013", 1, "read capacity unit-hour", dynamodb),
  "dynamodb.ia-write-capacity": unconfirmed("0.00081", 1, "write capacity unit-hour", dynamodb),
  "dynamodb.ia-read-capacity": unconfirmed("0.00016", 1, "read capacity unit-hour", dynamodb),
  "dynamodb.replicated-writes": unconfirmed("0.625", million, "replicated write unit", dynamodb),
  "dynamodb.storage": price("0.25", 1, "GB-month", dynamodb),
  "dynamodb.ia-storage": price("0.10", 1, "GB-month", dynamodb),
  "dynamodb.point-in-time-recovery": price("0.20", 1, "GB-month", dynamodb),
  "eventbridge.schedule-invocations": price(
    "1",
    million,
    "invocation of a schedule",
    "eventbridge",
  ),
  "eventbridge.custom-events": unconfirmed("1", million, "event of your own", "eventbridge"),
  "eventbridge.pipe-requests": unconfirmed("0.40", million, "request of a pipe", "eventbridge"),
  "firehose.ingestion": unconfirmed("0.029", 1, "GB, each record rounded up to 5 KB", firehose),
  "firehose.conversion": unconfirmed("0.018", 1, "GB converted", firehose),
  "kms.keys": price("1", 1, "key, a month", "kms"),
  "kms.requests": price("0.03", 10_000, "request", "kms"),
  "lambda.requests": price("0.20", million, "request", "lambda"),
  "lambda.arm-duration": price("0.0000133334", 1, "GB-second", "lambda"),
  "lambda.arm-provisioned": price("0.0000033334", 1, "GB-second kept started", "lambda"),
  "lambda.arm-provisioned-duration": price("0.0000077778", 1, "GB-second", "lambda"),
  "nat-gateway.hours": price("0.045", 1, "hour", "vpc"),
  "nat-gateway.data": price("0.045", 1, "GB through a NAT gateway", "vpc"),
  "public-address.hours": price("0.005", 1, "hour", "vpc"),
  "route53.zones": price("0.50", 1, "hosted zone, a month", "route53"),
  "s3.storage": price("0.023", 1, "GB-month", "s3"),
  "s3.writes": price("0.005", 1_000, "PUT, COPY, POST or LIST request", "s3"),
  "s3.reads": price("0.0004", 1_000, "GET request", "s3"),
  "sqs.requests": price("0.40", million, "request", "sqs"),
  "vpc-endpoint.hours": price("0.01", 1, "hour of an interface endpoint in a zone", "privatelink"),
  "vpc-endpoint.data": price("0.01", 1, "GB through an interface endpoint", "privatelink"),
  "waf.web-acls": price("5", 1, "web ACL, a month", "waf"),
  "waf.rules": price("1", 1, "rule, a month", "waf"),
  "waf.requests": price("0.60", million, "request inspected", "waf"),
  "xray.traces": price("5", million, "trace recorded", "xray"),
} satisfies Record<string, Price>;

export const usEast1: PriceTable = {
  asOf: "2026-11-26",
  currency: "USD",
  region: "us-east-1",
  prices: { ...prices, ...bedrockPrices },
};
