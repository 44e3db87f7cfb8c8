/** Throughput of a table: paid per request, or provisioned and scaled with the load. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { IndexDescription } from "../../app/resources/table.ts";

export type Capacity = OnDemandCapacity | ProvisionedCapacity;

export interface OnDemandCapacity {
  readonly mode: "on-demand";
  /**
   * Most read units a second: requests beyond are throttled, which limits the cost. Default 40,000, the
   * most that AWS gives a table unless the account's quota is raised.
   */
  readonly maxReadUnits?: number;
  /** The same for write units. Default 40,000. */
  readonly maxWriteUnits?: number;
}

/**
 * Units a second that a table, or an index, reads and writes by default at most (DynamoDB Developer Guide,
 * "Quotas in Amazon DynamoDB").
 */
export const tableUnits = 40_000;

/** Applies to the table and to each index on its own. */
export interface ProvisionedCapacity {
  readonly mode: "provisioned";
  readonly read: ScaledUnits;
  readonly write: ScaledUnits;
}

export interface ScaledUnits {
  /** Units a second, at least 1. */
  readonly min: number;
  /** Units a second, at least `min`. */
  readonly max: number;
  /** Percentage of the units in use that scaling aims at, 20–90. Default 70. */
  readonly targetUtilization?: number;
}

/** Arguments and options of the two resources behind each scaled dimension, as the owner wants them. */
interface ScalingResources {
  target(args: aws.appautoscaling.TargetArgs): ResourceParts<aws.appautoscaling.TargetArgs>;
  policy(args: aws.appautoscaling.PolicyArgs): ResourceParts<aws.appautoscaling.PolicyArgs>;
}

type ResourceParts<Args> = [Args, pulumi.CustomResourceOptions];

/**
 * Target tracking on table and indexes: a table that scales over an index that does not is throttled
 * by the index (DynamoDB Developer Guide, "Using auto scaling with global secondary indexes").
 */
export function scaleTable(
  name: string,
  tableName: pulumi.Output<string>,
  capacity: ProvisionedCapacity,
  indexes: readonly IndexDescription[],
  resources: ScalingResources,
): { targets: aws.appautoscaling.Target[]; policies: aws.appautoscaling.Policy[] } {
  const targets: aws.appautoscaling.Target[] = [];
  const policies: aws.appautoscaling.Policy[] = [];
  const scaled = [
    { suffix: "", kind: "table", resourceId: pulumi.interpolate`table/${tableName}` },
    ...indexes.map((index) => ({
      suffix: `-${index.name}`,
      kind: "index",
      resourceId: pulumi.interpolate`table/${tableName}/index/${index.name}`,
    })),
  ];
  for (const { suffix, kind, resourceId } of scaled) {
    for (const direction of ["Read", "Write"] as const) {
      const units = direction === "Read" ? capacity.read : capacity.write;
      const childName = `${name}${suffix}-${direction.toLowerCase()}`;
      const dimension = `dynamodb:${kind}:${direction}CapacityUnits`;
      const target = new aws.appautoscaling.Target(
        childName,
        ...resources.target({
          serviceNamespace: "dynamodb",
          resourceId,
          scalableDimension: dimension,
          minCapacity: units.min,
          maxCapacity: units.max,
        }),
      );
      const policy = new aws.appautoscaling.Policy(
        childName,
        ...resources.policy({
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          resourceId: target.resourceId,
          scalableDimension: target.scalableDimension,
          targetTrackingScalingPolicyConfiguration: {
            targetValue: units.targetUtilization ?? 70,
            predefinedMetricSpecification: {
              predefinedMetricType: `DynamoDB${direction}CapacityUtilization`,
            },
          },
        }),
      );
      targets.push(target);
      policies.push(policy);
    }
  }
  return { targets, policies };
}
