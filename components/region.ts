/** Regions of AWS, and which of them belong together. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "./fault.ts";
import { partitionOf } from "./partition.ts";

/** As `@pulumi/aws` lists them: a new region comes with an update of that package. */
export const regions: readonly string[] = Object.values(aws.Region);

export const isRegion = (name: string): boolean => regions.includes(name);

/** `eu-central-1` is of the area `eu`, `us-gov-west-1` of `us-gov`. */
export const areaOf = (region: string): string => region.split("-").slice(0, -2).join("-");

export const allowedRegion = 'an AWS region, e.g. "eu-west-1"';

/** The running stack's `aws:region`. Undefined if an environment variable sets the region. */
export const homeRegion = (): string | undefined => new pulumi.Config("aws").get("region");

/** Where a stack is made, as far as its config says so. */
export interface Home {
  readonly region: string | undefined;
  /** Ids of the accounts that it may be of; none where no config says so. */
  readonly accounts: readonly string[];
}

/**
 * @param config of the stack, by namespaced key, values as the engine hands them over.
 * @param boundary ARN of the policy that caps the stack's roles: one of the same account.
 */
export function homeIn(config: Readonly<Record<string, string>>, boundary = ""): Home {
  const role = config["aws:assumeRoles"] ?? config["aws:assumeRole"] ?? "";
  // The account of the last role of a chain is where the provider ends up.
  const assumed = [...role.matchAll(/:iam::(\d{12}):role/g)].slice(-1).map(([, id = ""]) => id);
  const allowed = (config["aws:allowedAccountIds"] ?? "").match(/\d{12}/g) ?? [];
  const bounded = /^arn:[\w-]+:iam::(\d{12}):/.exec(boundary)?.slice(1) ?? [];
  const accounts = [assumed, allowed, bounded].find((ids) => ids.length > 0) ?? [];
  return { region: config["aws:region"], accounts };
}

/** The running stack's. */
export const home = (): Home => homeIn(pulumi.runtime.allConfig());

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
