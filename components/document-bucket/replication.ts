/** Copies each new object of a bucket to another, through a role that can do nothing else. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type Encryption, grantKeyUse } from "../encryption.ts";
import { type PolicyStatement, policyDocument } from "../iam.ts";

/**
 * No monthly fee: requests, $0.02 per GB across regions (US East), and what the copies cost to store.
 * Objects that are there already are not copied. Where objects are locked, the other bucket must have Object Lock on as well.
 * (Amazon S3 User Guide, "What does Amazon S3 replicate?".)
 */
export interface ReplicationSettings {
  /** ARN of a versioned bucket in another region or account, which only this tenant uses. */
  readonly bucketArn: pulumi.Input<string>;
  /** Region of that bucket, e.g. `"eu-west-1"`. */
  readonly region: string;
  /** ARN of a KMS key in that region that encrypts the copies. Required if the bucket has a key. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** How the copies are stored. Default `"standard"`. */
  readonly storageClass?: "standard" | "standard-infrequent-access" | "glacier-instant-retrieval";
  /**
   * Whether a deletion also applies to the copies: `"keep"` keeps them readable, `"repeat"` hides them too.
   * Versions are never deleted there. Default `"keep"`.
   */
  readonly deletions?: "keep" | "repeat";
}

export interface BucketReplicationArgs extends TenantComponentArgs, ReplicationSettings {
  /** The bucket whose objects are copied. */
  source: aws.s3.Bucket;
  /** Versioning of `source`: without it S3 refuses to replicate. */
  sourceVersioning: aws.s3.BucketVersioning;
  /** Encryption of `source`. */
  encryption: Encryption;
  transform?: BucketReplicationTransform;
}

export interface BucketReplicationTransform {
  replication?: Transform<aws.s3.BucketReplicationConfigArgs>;
  replicationRole?: Transform<aws.iam.RoleArgs>;
  replicationPolicy?: Transform<aws.iam.PolicyArgs>;
}

const storageClasses = {
  standard: "STANDARD",
  "standard-infrequent-access": "STANDARD_IA",
  "glacier-instant-retrieval": "GLACIER_IR",
} as const;

export class BucketReplication extends TenantComponent {
  readonly nodes: {
    readonly configuration: aws.s3.BucketReplicationConfig;
    readonly role: aws.iam.Role;
    readonly policy: aws.iam.Policy;
    readonly policyAttachment: aws.iam.RolePolicyAttachment;
  };

  constructor(
    name: string,
    args: BucketReplicationArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("BucketReplication", name, args, options);
    const { source, transform } = args;
    const isEncrypted = args.encryption !== "aws-owned";

    const role = new aws.iam.Role(
      name,
      ...this.resource(this.roleArgs("s3.amazonaws.com"), transform?.replicationRole),
    );
    const policy = new aws.iam.Policy(
      name,
      ...this.resource(
        { policy: policyDocument(replicationStatements(args)), tags: this.tags },
        transform?.replicationPolicy,
      ),
    );
    const policyAttachment = new aws.iam.RolePolicyAttachment(
      name,
      ...this.resource({ role: role.name, policyArn: policy.arn }),
    );
    const configuration = new aws.s3.BucketReplicationConfig(
      name,
      ...this.resource(
        { bucket: source.bucket, role: role.arn, rules: [replicationRule(args, isEncrypted)] },
        transform?.replication,
        { dependsOn: [args.sourceVersioning, policyAttachment] },
      ),
    );

    this.nodes = { configuration, role, policy, policyAttachment };
    this.register({});
  }
}

const replicationRule = (
  { bucketArn, kmsKeyArn, storageClass = "standard", deletions = "keep" }: ReplicationSettings,
  isEncrypted: boolean,
): aws.types.input.s3.BucketReplicationConfigRule => ({
  id: "all",
  status: "Enabled",
  priority: 0,
  // Empty: every object.
  filter: { prefix: "" },
  deleteMarkerReplication: { status: deletions === "repeat" ? "Enabled" : "Disabled" },
  destination: {
    bucket: bucketArn,
    storageClass: storageClasses[storageClass],
    ...(kmsKeyArn !== undefined && { encryptionConfiguration: { replicaKmsKeyId: kmsKeyArn } }),
  },
  // Without it S3 silently leaves out what a KMS key encrypts.
  ...(isEncrypted && {
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
  }),
});

/** Amazon S3 User Guide, "Setting up permissions for live replication". */
function replicationStatements(args: BucketReplicationArgs): PolicyStatement[] {
  const { source, encryption, bucketArn, region, kmsKeyArn } = args;
  return [
    {
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: [source.arn],
    },
    {
      Effect: "Allow",
      Action: [
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
      ],
      Resource: [pulumi.interpolate`${source.arn}/*`],
    },
    {
      Effect: "Allow",
      Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
      Resource: [pulumi.interpolate`${bucketArn}/*`],
    },
    ...grantKeyUse(encryption, "s3", source.region, ["kms:Decrypt"]),
    ...(kmsKeyArn === undefined ? [] : grantKeyUse({ kmsKeyArn }, "s3", region, ["kms:Encrypt"])),
  ];
}
