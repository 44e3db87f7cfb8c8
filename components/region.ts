/** Regions of AWS, and which of them belong together. */
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

/** A region of another partition than the one that a tenant is in: nothing is copied between them. */
export function* otherPartitionFaults(
  argument: string,
  region: string,
  home: string | undefined,
): Generator<Fault> {
  if (home === undefined || !isRegion(region)) return;
  const { partition } = partitionOf(home);
  if (partitionOf(region).partition !== partition)
    yield [argument, region, `a region of the partition ${partition}, as ${home} is (${page})`];
}

const page = 'AWS General Reference, "AWS Regions and endpoints"';
