/**
 * Records who read or wrote which item and object of a tenant: CloudTrail's data events of its table and
 * buckets, in a bucket of their own, with digests that show whether somebody changed them. Events contain
 * DynamoDB's keys, but no items and messages.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AccessLogBucket } from "../access-log-bucket.ts";
import { atMost, awsLimits } from "../aws-limits.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type Encryption, kmsKeyArn } from "../encryption.ts";
import type { ResourceStatement } from "../iam.ts";
import {
  createPrivateBucket,
  dropAbandonedUploads,
  dropNoncurrentVersions,
  type PrivateBucket,
  type PrivateBucketTransform,
} from "../private-bucket.ts";

/**
 * No monthly fee: $0.10 per 100,000 events (AWS CloudTrail pricing), about as much as what they tell
 * of: a chat message makes two. `events: "writes"` leaves out most. A region has five trails and no
 * more, so this is for the few tenants whose contract asks for it.
 */
export interface AuditTrailArgs extends TenantComponentArgs {
  /** ARNs of the tables whose events are kept. */
  tableArns: readonly pulumi.Input<string>[];
  /** ARNs of the buckets whose objects' events are kept. */
  bucketArns: readonly pulumi.Input<string>[];
  /** Default `"all"`. */
  events?: "all" | "writes";
  /** Days to keep events, at least 1. Default 365. */
  retentionDays?: number;
  /** Encrypts the events. Default `"aws-owned"`; a key must let CloudTrail use it, as a `TenantKey` does. */
  encryption?: Encryption;
  /** Log every request to the events' bucket to a bucket of its own. Default `"off"`. */
  accessLogs?: "off" | "on";
  transform?: PrivateBucketTransform & { trail?: Transform<aws.cloudtrail.TrailArgs> };
}

export class AuditTrail extends TenantComponent {
  readonly trailArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly nodes: PrivateBucket & { readonly trail: aws.cloudtrail.Trail };

  constructor(name: string, args: AuditTrailArgs, options?: pulumi.ComponentResourceOptions) {
    super("AuditTrail", name, args, options);
    this.requireBucketName(name);
    const { retentionDays = 365, encryption = "aws-owned", transform } = args;
    this.requireInteger("retentionDays", retentionDays, 1, 36500);
    if (args.tableArns.length + args.bucketArns.length === 0) {
      this.refuse("tableArns", args.tableArns, "one or more ARNs here or in bucketArns");
    }
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    const { region } = aws.getRegionOutput({}, { parent: this });
    // Chosen here, because the bucket's policy names the trail and the trail needs the policy first.
    const trailName = `chatstack-${pulumi.getStack()}-${name}`;
    const { trailName: limit } = awsLimits;
    if (/[._-]{2}/.test(trailName) || trailName.length > limit.most) {
      const length = atMost(limit, "characters, the stack's name among them");
      const allowed = `one after which no trail's name has two of . _ - in a row, ${length}`;
      this.refuse("name", trailName, allowed);
    }
    const trailArn = pulumi.interpolate`arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName}`;

    const created = createPrivateBucket(
      name,
      {
        encryption,
        versioning: "on",
        lifecycleRules: [
          {
            id: "expired-events",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: retentionDays },
          },
          dropNoncurrentVersions(30),
          dropAbandonedUploads(7),
        ],
        forceDestroy: this.retain === "destroy",
        tags: this.tags,
        statements: (bucketArn) => trailDelivery(bucketArn, trailArn, accountId),
        transform,
      },
      this.dataResource,
    );
    const key = kmsKeyArn(encryption);
    if (args.accessLogs === "on") this.#logAccess(name, created.bucket);
    const trail = new aws.cloudtrail.Trail(
      name,
      ...this.resource(
        {
          name: trailName,
          s3BucketName: created.bucket.bucket,
          ...(key !== undefined && { kmsKeyId: key }),
          enableLogFileValidation: true,
          // The events of a table and a bucket are their region's own.
          isMultiRegionTrail: false,
          includeGlobalServiceEvents: false,
          advancedEventSelectors: selectors(args),
          tags: this.tags,
        },
        transform?.trail,
        // CloudTrail tries to write while it is made.
        { dependsOn: [created.policy] },
      ),
    );

    this.trailArn = trail.arn;
    this.bucketName = created.bucket.bucket;
    this.nodes = { ...created, trail };
    this.register({ trailArn: trail.arn, bucketName: this.bucketName });
  }

  #logAccess(name: string, { arn, bucket }: aws.s3.Bucket): void {
    const logs = new AccessLogBucket(
      `${name}-logs`,
      { ...this.inherited, sourceBucketArn: arn },
      { parent: this },
    );
    new aws.s3.BucketLogging(
      name,
      ...this.resource(
        {
          bucket,
          targetBucket: logs.bucketName,
          targetPrefix: "requests/",
          targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
        },
        undefined,
        // Until the policy lets S3 write, it loses the logs.
        { dependsOn: [logs.nodes.policy] },
      ),
    );
  }
}

type Selector = aws.types.input.cloudtrail.TrailAdvancedEventSelector;
type Condition = aws.types.input.cloudtrail.TrailAdvancedEventSelectorFieldSelector;

/** CloudTrail refuses a selector without ARNs. */
function selectors({ tableArns, bucketArns, events = "all" }: AuditTrailArgs): Selector[] {
  const selector = (name: string, type: string, resources: Condition): Selector => ({
    name,
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: [type] },
      ...(events === "writes" ? [{ field: "readOnly", equals: ["false"] }] : []),
      resources,
    ],
  });
  const items = { field: "resources.ARN", equals: [...tableArns] };
  const objects = {
    field: "resources.ARN",
    startsWiths: bucketArns.map((arn) => pulumi.interpolate`${arn}/`),
  };
  return [
    ...(tableArns.length > 0 ? [selector("items", "AWS::DynamoDB::Table", items)] : []),
    ...(bucketArns.length > 0 ? [selector("objects", "AWS::S3::Object", objects)] : []),
  ];
}

/** AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
const trailDelivery = (
  bucketArn: pulumi.Output<string>,
  trailArn: pulumi.Output<string>,
  accountId: pulumi.Output<string>,
): ResourceStatement[] => {
  const cloudtrail = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "TrailLooks",
      Effect: "Allow",
      Principal: cloudtrail,
      Action: ["s3:GetBucketAcl"],
      Resource: [bucketArn],
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "TrailWrites",
      Effect: "Allow",
      Principal: cloudtrail,
      Action: ["s3:PutObject"],
      Resource: [pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`],
      Condition: {
        StringEquals: {
          "aws:SourceArn": trailArn,
          "s3:x-amz-acl": "bucket-owner-full-control",
        },
      },
    },
  ];
};
