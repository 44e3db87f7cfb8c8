/** A tenant's documents: one private S3 bucket, versioned, encrypted, and logged where that is wanted. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type BucketFolder, bucketFolders } from "../../app/resources/bucket.ts";
import { AccessLogBucket } from "../access-log-bucket.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import type { Encryption } from "../encryption.ts";
import type { PolicyStatement } from "../iam.ts";
import {
  createPrivateBucket,
  dropAbandonedUploads,
  dropNoncurrentVersions,
  dropObjects,
  type PrivateBucket,
  type PrivateBucketTransform,
} from "../private-bucket.ts";
import { homeRegion } from "../region.ts";
import { type BucketAccess, existingBucket } from "./bucket-access.ts";
import { createCors, createObjectLock, type ObjectLock } from "./bucket-options.ts";
import { bucketFaults } from "./bucket-rules.ts";
import {
  BucketReplication,
  type BucketReplicationTransform,
  type ReplicationSettings,
} from "./replication.ts";

export interface DocumentBucketArgs extends TenantComponentArgs {
  /** Default `"aws-owned"`: SSE-S3 (AES-256). With a KMS key, a bucket key keeps its cost down. */
  encryption?: Encryption;
  /** Keep overwritten and deleted objects. Default `"on"`. */
  versioning?: "on" | "off";
  /** Days after which overwritten and deleted versions go, at least 1. Default 30. */
  noncurrentVersionDays?: number;
  /** Days after which the parts of an abandoned multipart upload go, at least 1. Default 7. */
  abandonedUploadDays?: number;
  /**
   * Log every request to a bucket of its own. Default `"off"`. No monthly fee; the logs' storage
   * costs $0.023 per GB-month, about 0.5 KB a request.
   */
  accessLogs?: "off" | "on";
  /** Days to keep access logs, at least 1. Default 365. */
  accessLogDays?: number;
  /**
   * Locks new objects. Default `"off"`. If you turn it off again, new objects are no longer locked; locked
   * ones stay locked until their day, and the bucket can never go without versions. A lock applies to every
   * object in the bucket: documents, uploads that nobody completes, extracted text, long messages, and
   * conversations kept in S3. No reader sees what is deleted or erased, but its version stays, and is
   * billed, until its lock ends and `noncurrentVersionDays` are over. With `"compliance"` nobody can erase
   * a user's data earlier. Clients must send an upload's SHA-256, because S3 requires a checksum, and
   * `retain: "destroy"` cannot empty the bucket before the locks end. Free, except for the storage.
   * (Amazon S3 User Guide, "Locking objects with Object Lock".)
   */
  objectLock?: "off" | ObjectLock;
  /** Copies new objects to another bucket of the tenant's. Default `"off"`. */
  replication?: "off" | ReplicationSettings;
  /**
   * Origins whose pages may upload and download by presigned request, e.g.
   * `["https://app.acme.example"]`. Default none.
   */
  corsOrigins?: readonly string[];
  transform?: PrivateBucketTransform &
    BucketReplicationTransform & {
      objectLock?: Transform<aws.s3.BucketObjectLockConfigurationArgs>;
      cors?: Transform<aws.s3.BucketCorsConfigurationArgs>;
      logging?: Transform<aws.s3.BucketLoggingArgs>;
      accessLogs?: PrivateBucketTransform;
    };
}

export class DocumentBucket extends TenantComponent implements BucketAccess {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly nodes: PrivateBucket & {
    /** Absent while access logs are off. */
    readonly accessLogs?: AccessLogBucket;
    /** Absent while access logs are off. */
    readonly logging?: aws.s3.BucketLogging;
    /** Absent while objects are not locked. */
    readonly objectLock?: aws.s3.BucketObjectLockConfiguration;
    /** Absent without replication. */
    readonly replication?: BucketReplication;
    /** Absent unless origins are allowed. */
    readonly cors?: aws.s3.BucketCorsConfiguration;
  };
  readonly #encryption: Encryption;
  readonly #access: BucketAccess;

  constructor(name: string, args: DocumentBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("DocumentBucket", name, args, options);
    this.requireBucketName(name);
    const { noncurrentVersionDays = 30, abandonedUploadDays = 7, transform } = args;
    this.#encryption = args.encryption ?? "aws-owned";
    const [fault] = bucketFaults(args, this.#encryption !== "aws-owned", homeRegion());
    if (fault) this.refuse(...fault);

    const created = createPrivateBucket(
      name,
      {
        encryption: this.#encryption,
        versioning: args.versioning ?? "on",
        lifecycleRules: [
          dropAbandonedUploads(abandonedUploadDays),
          dropNoncurrentVersions(noncurrentVersionDays),
          ...expiringFolders(),
        ],
        forceDestroy: this.retain === "destroy",
        tags: this.tags,
        transform,
      },
      this.dataResource,
    );
    const logged = args.accessLogs === "on" ? this.#logAccess(name, args, created.bucket) : {};

    this.bucketName = created.bucket.bucket;
    this.bucketArn = created.bucket.arn;
    this.#access = existingBucket({
      bucketName: created.bucket.bucket,
      bucketArn: created.bucket.arn,
      encryption: this.#encryption,
      region: created.bucket.region,
    });
    this.nodes = {
      ...created,
      ...logged,
      objectLock: this.#lockObjects(name, args, created),
      replication: this.#replicate(name, args, created),
      cors: this.#allowOrigins(name, args, created),
    };
    this.register({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  /** Whether new objects are locked, so that S3 takes no upload without a checksum. */
  get locksObjects(): boolean {
    return this.nodes.objectLock !== undefined;
  }

  /**
   * Reading, writing and deleting the objects below some prefixes, and listing them.
   *
   * @param prefixes end in `/`, e.g. `"documents/"`.
   */
  grantReadWrite(...prefixes: readonly `${string}/`[]): PolicyStatement[] {
    return this.#access.grantReadWrite(...prefixes);
  }

  /** The same without writing, for an off-boarding tenant. */
  grantReadAndErase(...prefixes: readonly `${string}/`[]): PolicyStatement[] {
    return this.#access.grantReadAndErase(...prefixes);
  }

  /** Listing and deleting objects, without reading them. */
  grantErase(...prefixes: readonly `${string}/`[]): PolicyStatement[] {
    return this.#access.grantErase(...prefixes);
  }

  #logAccess(
    name: string,
    { accessLogDays, transform }: DocumentBucketArgs,
    source: aws.s3.Bucket,
  ) {
    const accessLogs = new AccessLogBucket(
      `${name}-logs`,
      {
        ...this.inherited,
        sourceBucketArn: source.arn,
        retentionDays: accessLogDays,
        transform: transform?.accessLogs,
      },
      { parent: this },
    );
    const logging = new aws.s3.BucketLogging(
      name,
      ...this.resource(
        {
          bucket: source.bucket,
          targetBucket: accessLogs.bucketName,
          targetPrefix: "requests/",
          // By day of the request, so that a query reads only the days it asks about.
          targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
        },
        transform?.logging,
        // Until the policy lets S3 write, it loses the logs.
        { dependsOn: [accessLogs.nodes.policy] },
      ),
    );
    return { accessLogs, logging };
  }

  #lockObjects(
    name: string,
    { objectLock = "off", transform }: DocumentBucketArgs,
    created: PrivateBucket,
  ): aws.s3.BucketObjectLockConfiguration | undefined {
    if (objectLock === "off") return undefined;
    return createObjectLock(name, objectLock, created, this.resource, transform?.objectLock);
  }

  #replicate(
    name: string,
    { replication = "off", transform }: DocumentBucketArgs,
    { bucket, versioning: sourceVersioning }: PrivateBucket,
  ): BucketReplication | undefined {
    if (replication === "off") return undefined;
    return new BucketReplication(
      `${name}-replication`,
      {
        ...this.inherited,
        ...replication,
        source: bucket,
        sourceVersioning,
        encryption: this.#encryption,
        transform,
      },
      { parent: this },
    );
  }

  #allowOrigins(
    name: string,
    { corsOrigins = [], transform }: DocumentBucketArgs,
    created: PrivateBucket,
  ): aws.s3.BucketCorsConfiguration | undefined {
    if (corsOrigins.length === 0) return undefined;
    return createCors(name, corsOrigins, created, this.resource, transform?.cors);
  }
}

/** What the app writes for a while only. */
function expiringFolders() {
  const folders: readonly BucketFolder[] = Object.values(bucketFolders);
  return folders.flatMap(({ prefix, expiresAfterDays }) =>
    expiresAfterDays === undefined ? [] : [dropObjects(prefix, expiresAfterDays)],
  );
}
