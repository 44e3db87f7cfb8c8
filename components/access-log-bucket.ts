/**
 * Who read, wrote or deleted what in a tenant's bucket: S3's server access logs, in a bucket of the
 * tenant's own that nobody but S3's log delivery writes to and that forgets after a while. S3 delivers
 * logs for hours after a request. Where `retain` is `"destroy"`, a late one does not keep the bucket: the
 * policy that lets S3 write is deleted before it, and the provider empties it until S3 takes the deletion.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs } from "./component.ts";
import type { ResourceStatement } from "./iam.ts";
import {
  createPrivateBucket,
  dropAbandonedUploads,
  dropNoncurrentVersions,
  type PrivateBucket,
  type PrivateBucketTransform,
} from "./private-bucket.ts";

export interface AccessLogBucketArgs extends TenantComponentArgs {
  /** ARN of the bucket whose requests are logged, in the same account and region. */
  sourceBucketArn: pulumi.Input<string>;
  /** Days after which a log expires, at least 1; 30 more until it is gone. Default 365. */
  retentionDays?: number;
  transform?: PrivateBucketTransform;
}

export class AccessLogBucket extends TenantComponent {
  readonly bucketName: pulumi.Output<string>;
  readonly nodes: PrivateBucket;

  constructor(name: string, args: AccessLogBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("AccessLogBucket", name, args, options);
    const { sourceBucketArn, retentionDays = 365 } = args;
    this.requireInteger("retentionDays", retentionDays, 1, 36500);
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });

    this.nodes = createPrivateBucket(
      name,
      {
        // Log delivery supports no other default (Amazon S3 User Guide, "Enabling Amazon S3 server
        // access logging"): with a KMS key it loses the logs, and says nothing.
        encryption: "aws-owned",
        versioning: "on",
        lifecycleRules: [
          {
            id: "expired-logs",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: retentionDays },
          },
          // An expired log is a version first: a month in which an overwritten one can be missed.
          dropNoncurrentVersions(30),
          {
            id: "delete-markers",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { expiredObjectDeleteMarker: true },
          },
          dropAbandonedUploads(7),
        ],
        forceDestroy: this.retain === "destroy",
        tags: this.tags,
        statements: (bucketArn) => [logDelivery(bucketArn, sourceBucketArn, accountId)],
        transform: args.transform,
      },
      this.dataResource,
    );
    this.bucketName = this.nodes.bucket.bucket;
    this.register({ bucketName: this.bucketName });
  }
}

/** Amazon S3 User Guide, "Permissions for log delivery"; without the conditions any account could write. */
const logDelivery = (
  bucketArn: pulumi.Output<string>,
  sourceBucketArn: pulumi.Input<string>,
  accountId: pulumi.Input<string>,
): ResourceStatement => ({
  Sid: "AccessLogDelivery",
  Effect: "Allow",
  Principal: { Service: "logging.s3.amazonaws.com" },
  Action: ["s3:PutObject"],
  Resource: [pulumi.interpolate`${bucketArn}/*`],
  Condition: {
    ArnLike: { "aws:SourceArn": sourceBucketArn },
    StringEquals: { "aws:SourceAccount": accountId },
  },
});
