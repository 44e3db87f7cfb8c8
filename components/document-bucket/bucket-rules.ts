/** Which settings of a document bucket S3 refuses. */
import { arnFaults, arns, partitionFaults } from "../arn.ts";
import { type Fault, integerFaults } from "../fault.ts";
import { exactOrigins, isExactOrigin } from "../origins.ts";
import { allowedRegion, isRegion, otherPartitionFaults } from "../region.ts";
import type { ObjectLock } from "./bucket-options.ts";
import type { ReplicationSettings } from "./replication.ts";

export interface BucketChoices {
  readonly versioning?: "on" | "off";
  readonly noncurrentVersionDays?: number;
  readonly abandonedUploadDays?: number;
  readonly accessLogDays?: number;
  readonly objectLock?: "off" | ObjectLock;
  readonly replication?: "off" | ReplicationSettings;
  readonly corsOrigins?: readonly string[];
}

/**
 * @param hasKey whether a KMS key of the customer's encrypts the bucket.
 * @param region of the bucket, where it is known.
 */
export function* bucketFaults(
  bucket: BucketChoices,
  hasKey: boolean,
  region: string | undefined,
): Generator<Fault> {
  for (const name of ["noncurrentVersionDays", "abandonedUploadDays", "accessLogDays"] as const)
    yield* integerFaults(name, bucket[name], 1, 36_500);
  const { versioning, objectLock = "off", replication = "off", corsOrigins = [] } = bucket;
  if (objectLock !== "off") {
    yield* integerFaults("objectLock.days", objectLock.days, 1, 36_500);
    if (versioning === "off") yield ["versioning", versioning, '"on" where objects are locked'];
  }
  if (replication !== "off") {
    if (versioning === "off") yield ["versioning", versioning, '"on" for replication'];
    yield* replicationFaults(replication, hasKey, region);
  }
  for (const [index, origin] of corsOrigins.entries()) {
    if (!isExactOrigin(origin)) yield [`corsOrigins[${index}]`, origin, exactOrigins];
  }
}

function* replicationFaults(
  { bucketArn, region, kmsKeyArn }: ReplicationSettings,
  hasKey: boolean,
  home: string | undefined,
): Generator<Fault> {
  if (typeof bucketArn === "string" && !arns.bucket.pattern.test(bucketArn))
    yield ["replication.bucketArn", bucketArn, arns.bucket.what];
  yield* partitionFaults("replication.bucketArn", bucketArn, home);
  yield* otherPartitionFaults("replication.region", region, home);
  if (hasKey && kmsKeyArn === undefined) {
    const allowed = "a key in the copies' region, as the bucket has one";
    yield ["replication.kmsKeyArn", "none", allowed];
  }
  if (isRegion(region)) {
    const page = "S3 API reference, EncryptionConfiguration, ReplicaKmsKeyID";
    yield* arnFaults("replication.kmsKeyArn", kmsKeyArn, arns.kmsKey, region, page);
  } else {
    yield ["replication.region", region, allowedRegion];
  }
}
