import {
  BucketVersioningStatus,
  EncryptionType,
  ExpirationStatus,
  ObjectLockRetentionMode,
  ObjectOwnership,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  ServerSideEncryption,
  TransitionStorageClass,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { type Provision, provision } from "./resource.ts";

/**
 * The settings that `@pulumi/aws` splits from a bucket, each a resource whose id is the bucket's name.
 * S3 replaces a setting as a whole, so creating and adopting are one call.
 */
export const bucketSettings: Readonly<Record<string, Provision>> = {
  "aws:s3/bucketVersioning:BucketVersioning": setting(
    "PutBucketVersioning",
    z.object({
      bucket: z.string(),
      versioningConfiguration: z.object({ status: z.enum(BucketVersioningStatus) }),
    }),
    (s3, { bucket: Bucket, versioningConfiguration: { status: Status } }) =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } })),
  ),

  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "PutBucketEncryption",
    z.object({
      bucket: z.string(),
      rules: z.array(
        z.object({
          applyServerSideEncryptionByDefault: z.object({
            sseAlgorithm: z.enum(ServerSideEncryption),
            kmsMasterKeyId: z.string().optional(),
          }),
          bucketKeyEnabled: z.boolean().optional(),
          blockedEncryptionTypes: z.array(z.enum(EncryptionType)).optional(),
        }),
      ),
    }),
    (s3, { bucket: Bucket, rules }) => {
      const Rules = rules.map((rule) => ({
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: rule.applyServerSideEncryptionByDefault.sseAlgorithm,
          KMSMasterKeyID: rule.applyServerSideEncryptionByDefault.kmsMasterKeyId,
        },
        BucketKeyEnabled: rule.bucketKeyEnabled,
        ...(rule.blockedEncryptionTypes && {
          BlockedEncryptionTypes: { EncryptionType: rule.blockedEncryptionTypes },
        }),
      }));
      const ServerSideEncryptionConfiguration = { Rules };
      return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    },
  ),

  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "PutPublicAccessBlock",
    z.object({
      bucket: z.string(),
      blockPublicAcls: z.boolean().optional(),
      blockPublicPolicy: z.boolean().optional(),
      ignorePublicAcls: z.boolean().optional(),
      restrictPublicBuckets: z.boolean().optional(),
    }),
    (s3, block) =>
      s3.send(
        new PutPublicAccessBlockCommand({
          Bucket: block.bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: block.blockPublicAcls,
            BlockPublicPolicy: block.blockPublicPolicy,
            IgnorePublicAcls: block.ignorePublicAcls,
            RestrictPublicBuckets: block.restrictPublicBuckets,
          },
        }),
      ),
  ),

  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting(
    "PutBucketOwnershipControls",
    z.object({
      bucket: z.string(),
      rule: z.object({ objectOwnership: z.enum(ObjectOwnership) }),
    }),
    (s3, { bucket: Bucket, rule }) => {
      const OwnershipControls = { Rules: [{ ObjectOwnership: rule.objectOwnership }] };
      return s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    },
  ),

  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": setting(
    "PutBucketCors",
    z.object({
      bucket: z.string(),
      corsRules: z.array(
        z.object({
          id: z.string().optional(),
          allowedOrigins: z.array(z.string()),
          allowedMethods: z.array(z.string()),
          allowedHeaders: z.array(z.string()).optional(),
          exposeHeaders: z.array(z.string()).optional(),
          maxAgeSeconds: z.number().optional(),
        }),
      ),
    }),
    (s3, { bucket: Bucket, corsRules }) => {
      const CORSRules = corsRules.map((rule) => ({
        ID: rule.id,
        AllowedOrigins: rule.allowedOrigins,
        AllowedMethods: rule.allowedMethods,
        AllowedHeaders: rule.allowedHeaders,
        ExposeHeaders: rule.exposeHeaders,
        MaxAgeSeconds: rule.maxAgeSeconds,
      }));
      return s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    },
  ),

  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting(
    "PutObjectLockConfiguration",
    z.object({
      bucket: z.string(),
      rule: z.object({
        defaultRetention: z.object({ mode: z.enum(ObjectLockRetentionMode), days: z.number() }),
      }),
    }),
    (s3, { bucket: Bucket, rule: { defaultRetention } }) => {
      const { mode: Mode, days: Days } = defaultRetention;
      return s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode, Days } },
          },
        }),
      );
    },
  ),

  "aws:s3/bucketPolicy:BucketPolicy": provision(
    z.object({ bucket: z.string(), policy: z.string() }),
    async ({ bucket: Bucket, policy }, request) => {
      const { clients, optional, isPlainS3, omit } = request;
      const kept = isPlainS3 ? withoutTlsOnly(policy) : policy;
      if (kept !== policy) omit("policy (TLS only)");
      const done =
        kept !== undefined &&
        (await optional("PutBucketPolicy", () =>
          clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: kept })),
        ));
      return { id: Bucket, action: done ? "created" : "absent", outputs: {} };
    },
  ),

  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "PutBucketLifecycleConfiguration",
    z.object({ bucket: z.string(), rules: z.array(lifecycleRuleSchema()) }),
    (s3, { bucket: Bucket, rules }) => {
      const LifecycleConfiguration = { Rules: rules.map(lifecycleRule) };
      return s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }),
      );
    },
  ),
};

const policySchema = z.looseObject({ Statement: z.array(z.looseObject({})) });

/** Undefined where nothing else is in the policy. */
function withoutTlsOnly(policy: string): string | undefined {
  const document = policySchema.parse(JSON.parse(policy));
  const kept = document.Statement.filter(
    (one) => !JSON.stringify(one).includes("aws:SecureTransport"),
  );
  if (kept.length === document.Statement.length) return policy;
  return kept.length === 0 ? undefined : JSON.stringify({ ...document, Statement: kept });
}

function setting<Schema extends z.ZodObject<{ bucket: z.ZodString }>>(
  call: string,
  schema: Schema,
  put: (s3: S3Client, args: z.output<Schema>) => Promise<unknown>,
): Provision {
  return provision(schema, async (args, { clients, optional }) => {
    const done = await optional(call, () => put(clients.s3, args));
    return { id: args.bucket, action: done ? "created" : "absent", outputs: {} };
  });
}

function lifecycleRuleSchema() {
  const days = z.object({
    noncurrentDays: z.number(),
    newerNoncurrentVersions: z.number().optional(),
  });
  return z.object({
    id: z.string(),
    status: z.enum(ExpirationStatus),
    filter: z.object({ prefix: z.string().optional() }).optional(),
    abortIncompleteMultipartUpload: z.object({ daysAfterInitiation: z.number() }).optional(),
    expiration: z
      .object({ days: z.number().optional(), expiredObjectDeleteMarker: z.boolean().optional() })
      .optional(),
    noncurrentVersionExpiration: days.optional(),
    transitions: z
      .array(
        z.object({ days: z.number().optional(), storageClass: z.enum(TransitionStorageClass) }),
      )
      .optional(),
    noncurrentVersionTransitions: z
      .array(days.extend({ storageClass: z.enum(TransitionStorageClass) }))
      .optional(),
  });
}

function lifecycleRule(rule: z.output<ReturnType<typeof lifecycleRuleSchema>>) {
  const { abortIncompleteMultipartUpload: abort, expiration } = rule;
  const { noncurrentVersionExpiration: noncurrent } = rule;
  return {
    ID: rule.id,
    Status: rule.status,
    Filter: { Prefix: rule.filter?.prefix ?? "" },
    ...(abort && {
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort.daysAfterInitiation },
    }),
    ...(expiration && {
      Expiration: {
        Days: expiration.days,
        ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
      },
    }),
    ...(noncurrent && {
      NoncurrentVersionExpiration: {
        NoncurrentDays: noncurrent.noncurrentDays,
        NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
      },
    }),
    Transitions: rule.transitions?.map(({ days: Days, storageClass: StorageClass }) => ({
      Days,
      StorageClass,
    })),
    NoncurrentVersionTransitions: rule.noncurrentVersionTransitions?.map((transition) => ({
      NoncurrentDays: transition.noncurrentDays,
      NewerNoncurrentVersions: transition.newerNoncurrentVersions,
      StorageClass: transition.storageClass,
    })),
  };
}
