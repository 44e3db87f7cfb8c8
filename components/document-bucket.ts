/**
 * A tenant's documents: one private S3 bucket. Every setting is a resource of its own, as AWS's API
 * has it, and each outlives the stack with the bucket: a retained bucket whose public-access block
 * or TLS policy was deleted with the stack would be worse than none.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "./component.ts";
import { type Encryption, grantKeyUse, kmsKeyArn } from "./encryption.ts";
import type { PolicyStatement } from "./iam.ts";

export interface DocumentBucketArgs extends TenantComponentArgs {
  /** Default `"aws-owned"`: SSE-S3 (AES-256). With a KMS key, a bucket key keeps its cost down. */
  encryption?: Encryption;
  /** Keep overwritten and deleted objects. Default `"on"`. */
  versioning?: "on" | "off";
  /** Days after which overwritten and deleted versions go, at least 1. Default 30. */
  noncurrentVersionDays?: number;
  /** Days after which the parts of an abandoned multipart upload go, at least 1. Default 7. */
  abandonedUploadDays?: number;
  transform?: {
    bucket?: Transform<aws.s3.BucketArgs>;
    publicAccessBlock?: Transform<aws.s3.BucketPublicAccessBlockArgs>;
    ownershipControls?: Transform<aws.s3.BucketOwnershipControlsArgs>;
    versioning?: Transform<aws.s3.BucketVersioningArgs>;
    encryption?: Transform<aws.s3.BucketServerSideEncryptionConfigurationArgs>;
    lifecycle?: Transform<aws.s3.BucketLifecycleConfigurationArgs>;
    policy?: Transform<aws.s3.BucketPolicyArgs>;
  };
}

export class DocumentBucket extends TenantComponent {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly nodes: {
    readonly bucket: aws.s3.Bucket;
    readonly publicAccessBlock: aws.s3.BucketPublicAccessBlock;
    readonly ownershipControls: aws.s3.BucketOwnershipControls;
    readonly versioning: aws.s3.BucketVersioning;
    readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
    readonly lifecycle: aws.s3.BucketLifecycleConfiguration;
    readonly policy: aws.s3.BucketPolicy;
  };
  readonly #encryption: Encryption;

  constructor(name: string, args: DocumentBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("DocumentBucket", name, args, options);
    const { noncurrentVersionDays = 30, abandonedUploadDays = 7, transform } = args;
    this.requireInteger("noncurrentVersionDays", noncurrentVersionDays, 1, 36500);
    this.requireInteger("abandonedUploadDays", abandonedUploadDays, 1, 36500);
    this.#encryption = args.encryption ?? "aws-owned";

    const bucket = new aws.s3.Bucket(
      name,
      ...this.dataResource(
        { forceDestroy: this.retain === "destroy", tags: this.tags },
        transform?.bucket,
      ),
    );
    const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
      name,
      ...this.dataResource(
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
      ...this.dataResource(
        { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
        transform?.ownershipControls,
      ),
    );
    const versioning = new aws.s3.BucketVersioning(
      name,
      ...this.dataResource(
        {
          bucket: bucket.bucket,
          versioningConfiguration: { status: args.versioning === "off" ? "Suspended" : "Enabled" },
        },
        transform?.versioning,
      ),
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      ...this.dataResource(
        { bucket: bucket.bucket, rules: [encryptionRule(this.#encryption)] },
        transform?.encryption,
      ),
    );
    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      name,
      ...this.dataResource(
        {
          bucket: bucket.bucket,
          rules: [
            {
              id: "abandoned-uploads",
              status: "Enabled",
              filter: { prefix: "" },
              abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedUploadDays },
            },
            {
              id: "noncurrent-versions",
              status: "Enabled",
              filter: { prefix: "" },
              noncurrentVersionExpiration: { noncurrentDays: noncurrentVersionDays },
            },
          ],
        },
        transform?.lifecycle,
        // Rules on noncurrent versions are refused while versioning is not yet on.
        { dependsOn: [versioning] },
      ),
    );
    const policy = new aws.s3.BucketPolicy(
      name,
      ...this.dataResource(
        { bucket: bucket.bucket, policy: tlsOnlyPolicy(bucket.arn) },
        transform?.policy,
        // Put while public policies are still allowed, S3 may answer with a conflict.
        { dependsOn: [publicAccessBlock] },
      ),
    );

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.nodes = {
      bucket,
      publicAccessBlock,
      ownershipControls,
      versioning,
      encryption,
      lifecycle,
      policy,
    };
    this.register({ bucketName: bucket.bucket, bucketArn: bucket.arn });
  }

  /**
   * Reading, writing and deleting the objects below one prefix, and listing them.
   *
   * @param prefix ends in `/`, e.g. `"documents/"`.
   */
  grantReadWrite(prefix: `${string}/`): PolicyStatement[] {
    return [
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: [pulumi.interpolate`${this.bucketArn}/${prefix}*`],
      },
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [this.bucketArn],
        Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
      },
      ...grantKeyUse(
        this.#encryption,
        pulumi.interpolate`s3.${this.nodes.bucket.region}.amazonaws.com`,
        ["kms:Decrypt", "kms:GenerateDataKey"],
      ),
    ];
  }
}

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

/** Amazon S3 User Guide, "Security best practices": enforce encryption of data in transit. */
const tlsOnlyPolicy = (bucketArn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
