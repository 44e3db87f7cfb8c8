/** Regions of AWS, and ARNs that must be of one of them. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "./fault.ts";
import { partitionOf } from "./partition.ts";

/** As `@pulumi/aws` lists them: a new region comes with an update of that package. */
export const regions: readonly string[] = Object.values(aws.Region);

export const isRegion = (name: string): boolean => regions.includes(name);

export const allowedRegion = 'an AWS region, e.g. "eu-west-1"';

/** The running stack's `aws:region`; absent where the environment names the region. */
export const homeRegion = (): string | undefined => new pulumi.Config("aws").get("region");

/**
 * An ARN of another region than the service takes, or of another partition. ARNs that are known only
 * while Pulumi deploys are left to AWS, and so are all where `region` is not known.
 *
 * @param reason AWS's page that asks for that region.
 */
export function* regionFaults(
  argument: string,
  arn: pulumi.Input<string> | undefined,
  region: string | undefined,
  reason: string,
): Generator<Fault> {
  if (typeof arn !== "string" || region === undefined || !arn.startsWith("arn:")) return;
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

const partOf = (arn: string, index: number): string | undefined => arn.split(":")[index];
