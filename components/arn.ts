/** ARNs that settings name: of which kind, partition and region they must be. */
import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "./fault.ts";
import { partitionOf } from "./partition.ts";

export interface ArnKind {
  readonly pattern: RegExp;
  /** In words, with AWS's page where the pattern is narrower than what one would expect. */
  readonly what: string;
}

const kind = (service: string, resource: string, what: string): ArnKind => ({
  pattern: new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`),
  what,
});

export const arns = {
  kmsKey: kind(
    "kms",
    "key/[\\w-]+",
    "an ARN of a KMS key by its id: a policy that names an alias allows nothing " +
      '(AWS KMS Developer Guide, "Specifying KMS keys in IAM policy statements")',
  ),
  topic: kind("sns", "[\\w-]+(\\.fifo)?", "an ARN of an SNS topic, not of a subscription"),
  certificate: kind("acm", "certificate/[\\w-]+", "an ARN of a certificate"),
  sesIdentity: kind("ses", "identity/[^/\\s]+", "an ARN of an identity in SES"),
  webAcl: kind(
    "wafv2",
    "regional/webacl/[\\w-]+/[\\w-]+",
    'an ARN of a regional web ACL: those of scope "CLOUDFRONT" are for CloudFront alone ' +
      "(AWS WAF API reference, AssociateWebACL)",
  ),
  inferenceProfile: kind(
    "bedrock",
    "application-inference-profile/[a-z0-9]+",
    "an ARN of an application inference profile",
  ),
  /** Buckets' names are the partition's: no region, no account. */
  bucket: {
    pattern: /^arn:aws[\w-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    what: "an ARN of an S3 bucket, not of objects or an access point",
  },
} as const satisfies Record<string, ArnKind>;

/**
 * An ARN of something else, of another region than the service takes, or of another partition. ARNs that
 * are known only while Pulumi deploys are left to AWS. Where `region` is not known, only the kind is told.
 *
 * @param reason AWS's page that asks for that region.
 */
export function* arnFaults(
  argument: string,
  arn: pulumi.Input<string> | undefined,
  { pattern, what }: ArnKind,
  region: string | undefined,
  reason: string,
): Generator<Fault> {
  if (typeof arn !== "string") return;
  if (!pattern.test(arn)) {
    yield [argument, arn, what];
    return;
  }
  if (region === undefined) return;
  yield* partitionFaults(argument, arn, region);
  if (partOf(arn, 1) === partitionOf(region).partition && partOf(arn, 3) !== region)
    yield [argument, arn, `an ARN in ${region} (${reason})`];
}

/** An ARN of another part of AWS: `aws`, `aws-cn` and `aws-us-gov` share nothing. */
export function* partitionFaults(
  argument: string,
  arn: pulumi.Input<string> | undefined,
  region: string | undefined,
): Generator<Fault> {
  if (typeof arn !== "string" || region === undefined || !arn.startsWith("arn:")) return;
  const { partition } = partitionOf(region);
  const page = 'IAM User Guide, "Amazon Resource Names"';
  if (partOf(arn, 1) !== partition)
    yield [argument, arn, `an ARN that begins with arn:${partition}:, as in ${region} (${page})`];
}

/**
 * An ARN of another account, where the service takes its own account's alone and the stack's config says
 * which that is.
 *
 * @param reason AWS's page that asks for that account.
 */
export function* accountFaults(
  argument: string,
  arn: pulumi.Input<string> | undefined,
  accounts: readonly string[],
  reason: string,
): Generator<Fault> {
  if (typeof arn !== "string" || accounts.length === 0) return;
  const account = partOf(arn, 4) ?? "";
  if (/^\d{12}$/.test(account) && !accounts.includes(account))
    yield [
      argument,
      arn,
      `an ARN of the stack's own account, ${accounts.join(" or ")} (${reason})`,
    ];
}

/** Part of an ARN, from 0 on: `arn`, partition, service, region, account, resource. */
export const partOf = (arn: string, index: number): string | undefined => arn.split(":")[index];
