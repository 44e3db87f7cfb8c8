/**
 * What every bucket of a tenant is: private, TLS-only, owner-enforced, encrypted. Each setting is a
 * resource of its own, as AWS's API has it, and each outlives the stack with the bucket: a retained
 * bucket whose public-access block or TLS policy was deleted with the stack would be worse than none.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "./component.ts";
import { type Encryption, kmsKeyArn } from "./encryption.ts";
import { policyDocument, type ResourceStatement, tlsOnly } from "./iam.ts";

export interface PrivateBucketArgs {
  readonly encryption: Encryption;
  readonly versioning: "on" | "off";
  readonly lifecycleRules: aws.types.input.s3.BucketLifecycleConfigurationRule[];
  /** Empties the bucket when the stack deletes it. */
  readonly forceDestroy: boolean;
  readonly tags: Record<string, pulumi.Input<string>>;
  /** Statements of the bucket's policy beside the one that denies requests without TLS. */
  readonly statements?: (bucketArn: pulumi.Output<string>) => ResourceStatement[];
  readonly transform?: PrivateBucketTransform;
}

export interface PrivateBucketTransform {
  bucket?: Transform<aws.s3.BucketArgs>;
  publicAccessBlock?: Transform<aws.s3.BucketPublicAccessBlockArgs>;
  ownershipControls?: Transform<aws.s3.BucketOwnershipControlsArgs>;
  versioning?: Transform<aws.s3.BucketVersioningArgs>;
  encryption?: Transform<aws.s3.BucketServerSideEncryptionConfigurationArgs>;
  lifecycle?: Transform<aws.s3.BucketLifecycleConfigurationArgs>;
  policy?: Transform<aws.s3.BucketPolicyArgs>;
}

export interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  readonly publicAccessBlock: aws.s3.BucketPublicAccessBlock;
  readonly ownershipControls: aws.s3.BucketOwnershipControls;
  readonly versioning: aws.s3.BucketVersioning;
  readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
  readonly lifecycle: aws.s3.BucketLifecycleConfiguration;
  readonly policy: aws.s3.BucketPolicy;
}

export function createPrivateBucket(
  name: string,
  args: PrivateBucketArgs,
  resource: DescribeResource,
): PrivateBucket {
  const { transform } = args;
  const bucket = new aws.s3.Bucket(
    name,
    ...resource({ forceDestroy: args.forceDestroy, tags: args.tags }, transform?.bucket),
  );
  const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
    name,
    ...resource(
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      transform?.publicAccessBlock,
    ),
  );
  const ownershipControls = new aws.s3.BucketOwnershipControls(
    name,
    ...resource(
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      transform?.ownershipControls,
    ),
  );
  const versioning = new aws.s3.BucketVersioning(
    name,
    ...resource(
      {
        bucket: bucket.bucket,
        versioningConfiguration: { status: args.versioning === "off" ? "Suspended" : "Enabled" },
      },
      transform?.versioning,
    ),
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    ...resource(
      { bucket: bucket.bucket, rules: [encryptionRule(args.encryption)] },
      transform?.encryption,
    ),
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    name,
    ...resource(
      { bucket: bucket.bucket, rules: args.lifecycleRules },
      transform?.lifecycle,
      // Rules on noncurrent versions are refused while versioning is not yet on.
      { dependsOn: [versioning] },
    ),
  );
  const policy = new aws.s3.BucketPolicy(
    name,
    ...resource(
      {
        bucket: bucket.bucket,
        policy: policyDocument([
          // Amazon S3 User Guide, "Security best practices": encryption of data in transit.
          tlsOnly("s3", [bucket.arn, pulumi.interpolate`${bucket.arn}/*`]),
          ...(args.statements?.(bucket.arn) ?? []),
        ]),
      },
      transform?.policy,
      // Put while public policies are still allowed, S3 may answer with a conflict.
      { dependsOn: [publicAccessBlock] },
    ),
  );
  return {
    bucket,
    publicAccessBlock,
    ownershipControls,
    versioning,
    encryption,
    lifecycle,
    policy,
  };
}

/** Drops the parts of uploads that nobody finished: invisible in listings, billed for ever. */
export const dropAbandonedUploads = (
  days: number,
): aws.types.input.s3.BucketLifecycleConfigurationRule => ({
  id: "abandoned-uploads",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: days },
});

/** Drops overwritten and deleted versions of objects. */
export const dropNoncurrentVersions = (
  days: number,
): aws.types.input.s3.BucketLifecycleConfigurationRule => ({
  id: "noncurrent-versions",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays: days },
});

/** Drops what lies below a prefix for so many days. */
export const dropObjects = (
  prefix: `${string}/`,
  days: number,
): aws.types.input.s3.BucketLifecycleConfigurationRule => ({
  id: `expire-${prefix.slice(0, -1)}`,
  status: "Enabled",
  filter: { prefix },
  expiration: { days },
});

function encryptionRule(
  encryption: Encryption,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  const key = kmsKeyArn(encryption);
  return {
    applyServerSideEncryptionByDefault:
      key === undefined
        ? { sseAlgorithm: "AES256" }
        : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
    bucketKeyEnabled: key !== undefined,
    // Keys that clients bring along (SSE-C) leave objects that nobody here can read or restore.
    blockedEncryptionTypes: ["SSE-C"],
  };
}
