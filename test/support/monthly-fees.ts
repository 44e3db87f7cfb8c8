/**
 * US dollars a month that a resource costs by being there, used or not (US East (N. Virginia), 2026-11),
 * by what it is given where that decides. Types that are not here cost by use alone.
 */
import type { ResourceRecord } from "../../offline/record.ts";

type Fee = (record: ResourceRecord) => number;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const monthlyFees: Readonly<Record<string, Fee>> = {
  // AWS KMS pricing; more after rotations.
  "aws:kms/key:Key": () => 1,
  // AWS WAF pricing: the web ACL and each of its rules.
  "aws:wafv2/webAcl:WebAcl": ({ inputs }) => 5 + list(inputs.rules).length,
  // Amazon CloudWatch pricing; an account's first three dashboards and ten alarms are free.
  "aws:cloudwatch/dashboard:Dashboard": () => 3,
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ inputs }) =>
    0.1 *
    Math.max(1, list(inputs.metricQueries).filter((query) => "metric" in Object(query)).length),
  // Two rules each, four where accesses are ranked too.
  "aws:dynamodb/contributorInsights:ContributorInsights": ({ inputs }) =>
    inputs.mode === "THROTTLED_KEYS" ? 1 : 2,
  // AWS PrivateLink pricing, $0.01 an hour and availability zone; gateway endpoints are free.
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ inputs }) =>
    inputs.vpcEndpointType === "Interface" ? 7.3 * list(inputs.subnetIds).length : 0,
  // Amazon VPC pricing: $0.045 an hour; a public address $0.005.
  "aws:ec2/natGateway:NatGateway": () => 32.85,
  "aws:ec2/eip:Eip": () => 3.65,
  // Lambda pricing, per GB of memory and copy kept warm.
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ({ inputs }) =>
    Number(inputs.provisionedConcurrentExecutions) * 5,
  // Amazon Route 53 pricing.
  "aws:route53/zone:Zone": () => 0.5,
  // DynamoDB pricing, $0.00013 and $0.00065 an hour and unit.
  "aws:dynamodb/table:Table": ({ inputs }) =>
    inputs.billingMode === "PROVISIONED"
      ? 0.0949 * Number(inputs.readCapacity) + 0.4745 * Number(inputs.writeCapacity)
      : 0,
};

/** What a stack's resources cost a month while nobody uses them, in cents to spare rounding. */
export function fixedMonthlyCents(records: readonly ResourceRecord[]): number {
  const dollars = records.reduce((sum, one) => sum + (monthlyFees[one.type]?.(one) ?? 0), 0);
  return Math.round(dollars * 100);
}
