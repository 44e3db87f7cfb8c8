/**
 * The one price table: list prices of US East (N. Virginia), each with the page that it is from, and of five more
 * regions as far as somebody quotes them. Where AWS lowers a price with volume, it is the first step's, so that costs
 * stay linear and are never too low.
 */
import { bedrockPrices } from "./bedrock-prices.ts";
import {
  type Description,
  type Elsewhere,
  everywhere,
  otherRegions,
  priceIn,
} from "./elsewhere.ts";
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

const price = (
  amount: string,
  per: number,
  unit: string,
  source: string,
  elsewhere: Elsewhere = {},
): Description => ({
  amount,
  per,
  unit,
  source: page(source),
  confirmed: true,
  elsewhere,
});

const unconfirmed = (...args: Parameters<typeof price>): Description => ({
  ...price(...args),
  confirmed: false,
});

const million = 1_000_000;
const dynamodb = "dynamodb";
const cloudwatch = "cloudwatch";
const firehose = "firehose";

const prices = {
  "api-gateway.requests": price("3.50", million, "request", "api-gateway", {
    "eu-central-1": ["3.70", "frankfurtCosts", "frankfurtApi"],
    "eu-west-1": ["3.50", "dublinOffers"],
  }),
  "athena.scanned": price("5", 1_000, "GB read by queries", "athena", {
    "eu-central-1": ["5", "calculator"],
    "eu-west-1": ["5", "dublinQueries"],
    "ap-northeast-1": ["5", "calculator", "tokyoModel", "tokyoKeys"],
    "us-west-2": ["5", "calculator"],
  }),
  "backup.storage": price("0.10", 1, "GB-month", "backup"),
  "cloudtrail.data-events": price("0.10", 100_000, "data event", "cloudtrail", {
    "eu-central-1": ["0.10", "calculator"],
    "eu-west-1": ["0.10", "terrato"],
    "ap-northeast-1": ["0.10", "calculator", "backupDesign"],
    "us-west-2": ["0.10", "calculator"],
  }),
  "cloudwatch.alarm-metrics": price("0.10", 1, "metric of an alarm, a month", cloudwatch, {
    "eu-central-1": ["0.10", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.10", "dublinRates", "dublinOffers", "terrato"],
    "eu-north-1": ["0.10", "stockholmLogs"],
    "ap-northeast-1": ["0.10", "calculator", "tokyoPrices", "tokyoModel"],
    "us-west-2": ["0.10", "calculator", "oregonRates"],
  }),
  "cloudwatch.custom-metrics": price("0.30", 1, "metric, a month", cloudwatch, {
    "eu-west-1": ["0.30", "dublinRates"],
    "eu-north-1": ["0.30", "stockholmLogs"],
    "ap-northeast-1": ["0.30", "tokyoModel"],
    "us-west-2": ["0.30", "oregonRates"],
  }),
  "cloudwatch.dashboards": price(
    "3",
    1,
    "dashboard, a month",
    cloudwatch,
    everywhere("3", "calculator"),
  ),
  "cloudwatch.insight-rules": price("0.50", 1, "Contributor Insights rule, a month", cloudwatch),
  "cloudwatch.insight-events": unconfirmed("0.03", million, "event that a rule counts", cloudwatch),
  "cloudwatch.log-ingestion": price("0.50", 1, "GB ingested", cloudwatch, {
    "eu-central-1": ["0.63", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.57", "dublinRates", "dublinOffers", "terrato"],
    "eu-north-1": ["0.54", "stockholmLogs"],
    "ap-northeast-1": ["0.76", "calculator", "tokyoPrices", "tokyoList"],
    "us-west-2": ["0.50", "calculator", "oregonRates"],
  }),
  "cloudwatch.log-storage": price("0.03", 1, "GB-month", cloudwatch, {
    "eu-central-1": ["0.0324", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.03", "dublinRates", "dublinOffers", "terrato"],
    "eu-north-1": ["0.028", "stockholmLogs"],
    "ap-northeast-1": ["0.033", "calculator", "tokyoPrices", "tokyoList"],
    "us-west-2": ["0.03", "calculator", "oregonRates"],
  }),
  "cognito.lite": price("0.0055", 1, "active user, a month", "cognito", {
    "eu-central-1": ["0.0055", "calculator"],
    "ap-northeast-1": ["0.0055", "calculator", "tokyoList"],
    "us-west-2": ["0.0055", "calculator", "oregonRates"],
  }),
  "cognito.essentials": price("0.015", 1, "active user, a month", "cognito", {
    "eu-central-1": ["0.015", "calculator", "frankfurtCosts"],
    "eu-west-1": ["0.015", "terrato", "dublinEstimate"],
    "eu-north-1": ["0.015", "stockholmSignIn"],
    "ap-northeast-1": ["0.015", "calculator", "tokyoList"],
    "us-west-2": ["0.015", "calculator", "oregonRates"],
  }),
  "cognito.plus": price("0.02", 1, "active user, a month", "cognito", {
    "eu-central-1": ["0.02", "calculator"],
    "ap-northeast-1": ["0.02", "calculator", "tokyoList"],
    "us-west-2": ["0.02", "calculator", "oregonRates"],
  }),
  "cognito.federated": price("0.015", 1, "active user of a directory, a month", "cognito"),
  "cognito.machine-clients": price("6", 1, "machine client, a month", "cognito"),
  "cognito.machine-tokens": price("2.25", 1_000, "token of a machine", "cognito"),
  "data-transfer.out": price("0.09", 1, "GB to the internet", "ec2/on-demand", {
    "eu-central-1": ["0.09", "calculator", "frankfurtStorage"],
    "eu-west-1": ["0.09", "dublinRates", "dublinNetwork"],
    "eu-north-1": ["0.09", "capacityTools"],
    "ap-northeast-1": ["0.114", "calculator", "tokyoModel"],
    "us-west-2": ["0.09", "calculator"],
  }),
  "data-transfer.to-region": price("0.02", 1, "GB to another region", "s3"),
  "dynamodb.write-requests": price("0.625", million, "write request unit", dynamodb, {
    "eu-central-1": ["0.7625", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.705", "dublinRates", "terrato"],
    "eu-north-1": ["0.67", "stockholmTables"],
    "ap-northeast-1": ["0.715", "calculator", "tokyoPrices", "tokyoModel"],
    "us-west-2": ["0.625", "calculator", "oregonRates"],
  }),
  "dynamodb.read-requests": price("0.125", million, "read request unit", dynamodb, {
    "eu-central-1": ["0.1525", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.1415", "dublinRates", "terrato"],
    "eu-north-1": ["0.1345", "stockholmTables"],
    "ap-northeast-1": ["0.1425", "calculator", "tokyoPrices", "tokyoModel"],
    "us-west-2": ["0.125", "calculator", "oregonRates"],
  }),
  "dynamodb.ia-write-requests": unconfirmed("0.78", million, "write request unit", dynamodb),
  "dynamodb.ia-read-requests": unconfirmed("0.155", million, "read request unit", dynamodb),
  "dynamodb.write-capacity": price("0.00065", 1, "write capacity unit-hour", dynamodb, {
    "eu-central-1": ["0.000793", "calculator", "capacityTools"],
    "eu-west-1": ["0.000735", "capacityTools"],
    "eu-north-1": ["0.000698", "capacityTools"],
    "ap-northeast-1": ["0.000742", "calculator", "capacityTools"],
    "us-west-2": ["0.00065", "calculator", "capacityTools"],
  }),
  "dynamodb.read-capacity": price("0.00013", 1, "read capacity unit-hour", dynamodb, {
    "eu-central-1": ["0.0001586", "calculator", "capacityTools"],
    "eu-west-1": ["0.000147", "capacityTools"],
    "eu-north-1": ["0.00014", "capacityTools"],
    "ap-northeast-1": ["0.0001484", "calculator", "capacityTools"],
    "us-west-2": ["0.00013", "calculator", "capacityTools"],
  }),
  "dynamodb.ia-write-capacity": unconfirmed("0.00081", 1, "write capacity unit-hour", dynamodb),
  "dynamodb.ia-read-capacity": unconfirmed("0.00016", 1, "read capacity unit-hour", dynamodb),
  "dynamodb.replicated-writes": unconfirmed("0.625", million, "replicated write unit", dynamodb),
  "dynamodb.storage": price("0.25", 1, "GB-month", dynamodb, {
    "eu-central-1": ["0.306", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.283", "dublinRates", "terrato"],
    "eu-north-1": ["0.269", "stockholmTables"],
    "ap-northeast-1": ["0.285", "calculator", "tokyoPrices", "tokyoModel"],
    "us-west-2": ["0.25", "calculator", "oregonRates"],
  }),
  "dynamodb.ia-storage": price("0.10", 1, "GB-month", dynamodb),
  "dynamodb.point-in-time-recovery": price("0.20", 1, "GB-month", dynamodb, {
    "eu-central-1": ["0.2448", "frankfurtLogs"],
    "eu-west-1": ["0.22", "dublinRates"],
    "eu-north-1": ["0.21", "stockholmTables"],
    "ap-northeast-1": ["0.228", "tokyoBlogs"],
    "us-west-2": ["0.20", "oregonRates", "oregonRecovery"],
  }),
  "eventbridge.schedule-invocations": price(
    "1",
    million,
    "invocation of a schedule",
    "eventbridge",
    { "ap-northeast-1": ["1.25", "tokyoPrices", "eventPrices"] },
  ),
  "eventbridge.custom-events": unconfirmed("1", million, "event of your own", "eventbridge", {
    "eu-central-1": ["1", "calculator"],
    "ap-northeast-1": ["1", "calculator"],
    "us-west-2": ["1", "calculator"],
  }),
  "eventbridge.pipe-requests": unconfirmed("0.40", million, "request of a pipe", "eventbridge"),
  "firehose.ingestion": unconfirmed("0.029", 1, "GB, each record rounded up to 5 KB", firehose),
  "firehose.conversion": unconfirmed("0.018", 1, "GB converted", firehose),
  "kms.keys": price("1", 1, "key, a month", "kms", {
    "eu-central-1": ["1", "calculator"],
    "eu-west-1": ["1", "terrato", "dublinEstimate"],
    "eu-north-1": ["1", "stockholmMonth"],
    "ap-northeast-1": ["1", "calculator", "tokyoModel", "tokyoKeys"],
    "us-west-2": ["1", "calculator", "oregonRates"],
  }),
  "kms.requests": price("0.03", 10_000, "request", "kms", {
    "eu-central-1": ["0.03", "calculator"],
    "eu-west-1": ["0.03", "terrato", "dublinEstimate"],
    "ap-northeast-1": ["0.03", "calculator", "tokyoModel", "tokyoKeys"],
    "us-west-2": ["0.03", "calculator", "oregonRates"],
  }),
  "lambda.requests": price("0.20", million, "request", "lambda", {
    "eu-central-1": ["0.20", "calculator", "frankfurtLogs", "frankfurtCosts"],
    "eu-west-1": ["0.20", "dublinOffers", "dublinEstimate"],
    "ap-northeast-1": ["0.20", "calculator", "tokyoPrices"],
    "us-west-2": ["0.20", "calculator", "oregonRates"],
  }),
  "lambda.arm-duration": price("0.0000133334", 1, "GB-second", "lambda", {
    "eu-central-1": ["0.0000133334", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.0000133334", "dublinOffers", "dublinEstimate"],
    "eu-north-1": ["0.0000133334", "lambdaTable"],
    "ap-northeast-1": ["0.0000133334", "calculator", "tokyoPrices"],
    "us-west-2": ["0.0000133334", "calculator", "oregonRates"],
  }),
  "lambda.arm-provisioned": price("0.0000033334", 1, "GB-second kept started", "lambda"),
  "lambda.arm-provisioned-duration": price("0.0000077778", 1, "GB-second", "lambda", {
    "us-west-2": ["0.0000077778", "oregonRates"],
  }),
  "nat-gateway.hours": price("0.045", 1, "hour", "vpc", {
    "eu-central-1": ["0.052", "calculator", "frankfurtCosts"],
    "eu-west-1": ["0.048", "terrato", "dublinNetwork"],
    "eu-north-1": ["0.046", "stockholmGateways"],
    "ap-northeast-1": ["0.062", "calculator", "tokyoModel"],
    "us-west-2": ["0.045", "calculator"],
  }),
  "nat-gateway.data": price("0.045", 1, "GB through a NAT gateway", "vpc", {
    "eu-central-1": ["0.052", "calculator", "frankfurtCosts"],
    "eu-west-1": ["0.048", "terrato", "dublinNetwork"],
    "ap-northeast-1": ["0.062", "calculator", "tokyoModel"],
    "us-west-2": ["0.045", "calculator"],
  }),
  "public-address.hours": price("0.005", 1, "hour", "vpc", {
    "eu-central-1": ["0.005", "frankfurtCosts"],
    "eu-west-1": ["0.005", "dublinRates", "terrato"],
    "eu-north-1": ["0.005", "stockholmMonth"],
    "ap-northeast-1": ["0.005", "backupDesign"],
  }),
  "route53.zones": price(
    "0.50",
    1,
    "hosted zone, a month",
    "route53",
    everywhere("0.50", "calculator", "terrato"),
  ),
  "s3.storage": price("0.023", 1, "GB-month", "s3", {
    "eu-central-1": ["0.0245", "frankfurtStorage", "frankfurtCosts"],
    "eu-west-1": ["0.023", "dublinRates", "terrato"],
    "eu-north-1": ["0.023", "stockholmStorage"],
    "ap-northeast-1": ["0.025", "tokyoPrices", "tokyoModel", "backupDesign"],
    "us-west-2": ["0.023", "calculator", "oregonRates"],
  }),
  "s3.writes": price("0.005", 1_000, "PUT, COPY, POST or LIST request", "s3", {
    "eu-central-1": ["0.0054", "frankfurtStorage"],
    "eu-west-1": ["0.005", "dublinRates", "terrato"],
    "eu-north-1": ["0.005", "stockholmStorage"],
    "ap-northeast-1": ["0.0047", "tokyoPrices", "tokyoModel", "backupDesign"],
    "us-west-2": ["0.005", "oregonRates", "oregonStorage"],
  }),
  "s3.reads": price("0.0004", 1_000, "GET request", "s3", {
    "eu-central-1": ["0.00043", "frankfurtStorage"],
    "eu-west-1": ["0.0004", "dublinRates", "terrato"],
    "eu-north-1": ["0.0004", "stockholmStorage"],
    "ap-northeast-1": ["0.00037", "tokyoPrices", "tokyoModel", "backupDesign"],
    "us-west-2": ["0.0004", "oregonRates", "oregonStorage"],
  }),
  "sqs.requests": price("0.40", million, "request", "sqs", {
    "eu-central-1": ["0.40", "calculator", "frankfurtLogs"],
    "eu-west-1": ["0.40", "dublinOffers", "terrato"],
    "ap-northeast-1": ["0.40", "calculator", "tokyoModel"],
    "us-west-2": ["0.40", "calculator", "oregonRates"],
  }),
  "vpc-endpoint.hours": price("0.01", 1, "hour of an interface endpoint in a zone", "privatelink", {
    "eu-central-1": ["0.012", "calculator"],
    "eu-west-1": ["0.011", "terrato"],
    "ap-northeast-1": ["0.014", "calculator", "tokyoModel"],
    "us-west-2": ["0.01", "calculator", "oregonEndpoints"],
  }),
  "vpc-endpoint.data": price("0.01", 1, "GB through an interface endpoint", "privatelink", {
    "eu-central-1": ["0.01", "calculator"],
    "eu-west-1": ["0.01", "terrato"],
    "ap-northeast-1": ["0.01", "calculator", "tokyoModel"],
    "us-west-2": ["0.01", "calculator", "oregonEndpoints"],
  }),
  "waf.web-acls": price("5", 1, "web ACL, a month", "waf", {
    "eu-central-1": ["5", "calculator", "frankfurtCosts"],
    "eu-west-1": ["5", "terrato"],
    "ap-northeast-1": ["5", "calculator", "tokyoModel"],
    "us-west-2": ["5", "calculator"],
  }),
  "waf.rules": price("1", 1, "rule, a month", "waf", {
    "eu-central-1": ["1", "calculator", "frankfurtCosts"],
    "eu-west-1": ["1", "terrato"],
    "ap-northeast-1": ["1", "calculator", "tokyoModel"],
    "us-west-2": ["1", "calculator"],
  }),
  "waf.requests": price("0.60", million, "request inspected", "waf", {
    "eu-central-1": ["0.60", "calculator", "frankfurtCosts"],
    "eu-west-1": ["0.60", "terrato"],
    "ap-northeast-1": ["0.60", "calculator", "tokyoModel"],
    "us-west-2": ["0.60", "calculator"],
  }),
  "xray.traces": price("5", million, "trace recorded", "xray", {
    "us-west-2": ["5", "oregonRates"],
  }),
} satisfies Record<string, Description>;

/** Regions of which prices are known, as far as they are. */
export const regions = ["us-east-1", ...otherRegions] as const;

export const usEast1 = tableOf("us-east-1");

/** What is known of a region's prices; undefined of a region that is not among `regions`. */
export function pricesOf(name: string): PriceTable | undefined {
  const region = regions.find((one) => one === name);
  return region && tableOf(region);
}

function tableOf(region: (typeof regions)[number]): PriceTable {
  const all = Object.entries({ ...prices, ...bedrockPrices }).flatMap(([id, description]) => {
    const { elsewhere, ...usual } = description;
    const found = region === "us-east-1" ? usual : priceIn(region, description);
    return found ? [[id, found] as const] : [];
  });
  return { asOf: "2026-11-26", currency: "USD", region, prices: Object.fromEntries(all) };
}
