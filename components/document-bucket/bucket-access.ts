import * as pulumi from "@pulumi/pulumi";
import { type Encryption, grantKeyUse, kmsKeyArn } from "../encryption.ts";
import { type PolicyStatement, regionOf } from "../iam.ts";

/** What a `ChatApi` needs of a bucket of documents: a `DocumentBucket`, or `existingBucket(…)`. */
export interface BucketAccess {
  readonly bucketName: pulumi.Input<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** Whether new objects are locked, so that S3 takes no upload without a checksum. */
  readonly locksObjects: boolean;
  /**
   * Reading, writing and deleting the objects below some prefixes, and listing them.
   *
   * @param prefixes end in `/`, e.g. `"documents/"`.
   */
  grantReadWrite(...prefixes: readonly `${string}/`[]): PolicyStatement[];
  /** The same without writing, for an off-boarding tenant. */
  grantReadAndErase(...prefixes: readonly `${string}/`[]): PolicyStatement[];
  /** Listing and deleting objects, without reading them. */
  grantErase(...prefixes: readonly `${string}/`[]): PolicyStatement[];
}

export interface ExistingBucket {
  readonly bucketName: pulumi.Input<string>;
  readonly bucketArn: pulumi.Input<string>;
  /** Key that the bucket is encrypted with, for the grants. Default `"aws-owned"`. */
  readonly encryption?: Encryption;
  /** Default: that of the key. */
  readonly region?: pulumi.Input<string>;
  /** Whether new objects are locked. Default false. */
  readonly locksObjects?: boolean;
}

/** A bucket that is there already, made by another program or by hand. */
export function existingBucket(bucket: ExistingBucket): BucketAccess {
  const { bucketName, encryption = "aws-owned", locksObjects = false } = bucket;
  const bucketArn = pulumi.output(bucket.bucketArn);
  const onKey = (actions: readonly `kms:${string}`[]): PolicyStatement[] => {
    const key = kmsKeyArn(encryption);
    if (key === undefined || actions.length === 0) return [];
    return grantKeyUse(encryption, "s3", bucket.region ?? regionOf(pulumi.output(key)), actions);
  };
  const grant = (
    onObjects: readonly `s3:${string}`[],
    keyActions: readonly `kms:${string}`[],
    prefixes: readonly `${string}/`[],
  ): PolicyStatement[] => {
    if (prefixes.length === 0) return [];
    return [
      {
        Effect: "Allow",
        Action: onObjects,
        Resource: prefixes.map((prefix) => pulumi.interpolate`${bucketArn}/${prefix}*`),
      },
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [bucketArn],
        Condition: { StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) } },
      },
      ...onKey(keyActions),
    ];
  };
  return {
    bucketName,
    bucketArn,
    locksObjects,
    grantReadWrite: (...prefixes) =>
      grant(
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        ["kms:Decrypt", "kms:GenerateDataKey"],
        prefixes,
      ),
    grantReadAndErase: (...prefixes) =>
      grant(["s3:DeleteObject", "s3:GetObject"], ["kms:Decrypt"], prefixes),
    grantErase: (...prefixes) => grant(["s3:DeleteObject"], [], prefixes),
  };
}
