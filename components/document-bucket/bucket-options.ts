/** What a bucket may have beside what every bucket has: locked objects, and browsers that may call. */
import * as aws from "@pulumi/aws";
import type { DescribeResource, Transform } from "../component.ts";
import type { PrivateBucket } from "../private-bucket.ts";

/**
 * How long new objects cannot be deleted or overwritten:
 *
 * - `"governance"`: principals with `s3:BypassGovernanceRetention` still can.
 * - `"compliance"`: irreversible. Nobody can delete them or shorten the time, not even AWS.
 */
export interface ObjectLock {
  readonly mode: "governance" | "compliance";
  /** 1–36500. */
  readonly days: number;
}

export const createObjectLock = (
  name: string,
  { mode, days }: ObjectLock,
  { bucket, versioning }: PrivateBucket,
  resource: DescribeResource,
  transform: Transform<aws.s3.BucketObjectLockConfigurationArgs> | undefined,
): aws.s3.BucketObjectLockConfiguration =>
  new aws.s3.BucketObjectLockConfiguration(
    name,
    ...resource(
      {
        bucket: bucket.bucket,
        objectLockEnabled: "Enabled",
        rule: { defaultRetention: { mode: mode.toUpperCase(), days } },
      },
      transform,
      // Turns the lock on where it is not yet, which S3 refuses without versions.
      { dependsOn: [versioning] },
    ),
  );

export const createCors = (
  name: string,
  origins: readonly string[],
  { bucket }: PrivateBucket,
  resource: DescribeResource,
  transform: Transform<aws.s3.BucketCorsConfigurationArgs> | undefined,
): aws.s3.BucketCorsConfiguration =>
  new aws.s3.BucketCorsConfiguration(
    name,
    ...resource(
      {
        bucket: bucket.bucket,
        corsRules: [
          {
            allowedOrigins: [...origins],
            // What the app signs: forms that upload, and downloads.
            allowedMethods: ["GET", "HEAD", "POST"],
            allowedHeaders: ["content-type", "range"],
            exposeHeaders: ["ETag"],
            maxAgeSeconds: 3600,
          },
        ],
      },
      transform,
    ),
  );
