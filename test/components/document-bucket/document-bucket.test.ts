import { expect, test } from "vitest";
import {
  DocumentBucket,
  type DocumentBucketArgs,
} from "../../../components/document-bucket/document-bucket.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const bucketRecords = (args: Partial<DocumentBucketArgs> = {}) =>
  recordsOf(() => new DocumentBucket("documents", { tenant: "acme", ...args }));

test("public access is blocked four ways and ACLs are off", async () => {
  const records = await bucketRecords();
  expect(records.one("BucketPublicAccessBlock").inputs).toMatchObject({
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  expect(records.one("BucketOwnershipControls").inputs.rule).toEqual({
    objectOwnership: "BucketOwnerEnforced",
  });
});

test("every setting names the tenant's bucket", async () => {
  const records = await bucketRecords();
  const bucket = records.one("Bucket");
  for (const type of [
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketLifecycleConfiguration",
    "BucketPolicy",
  ]) {
    const { inputs, propertyDependencies } = records.one(type);
    expect(inputs.bucket).toBe(bucket.outputs.bucket);
    expect(propertyDependencies.bucket).toEqual([bucket.urn]);
  }
});

test("requests without TLS are denied to everybody, on the bucket and its objects", async () => {
  const records = await bucketRecords();
  const arn = records.one("Bucket").outputs.arn;
  expect(JSON.parse(String(records.one("BucketPolicy").inputs.policy)).Statement).toEqual([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});

test("objects are encrypted by S3's own key by default, and keys of clients' own are refused", async () => {
  const { inputs } = (await bucketRecords()).one("BucketServerSideEncryptionConfiguration");
  expect(inputs.rules).toEqual([
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
      bucketKeyEnabled: false,
      blockedEncryptionTypes: ["SSE-C"],
    },
  ]);
});

test("a customer-managed key encrypts objects through a bucket key", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await bucketRecords({ encryption: { kmsKeyArn } });
  expect(records.one("BucketServerSideEncryptionConfiguration").inputs.rules).toMatchObject([
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
      bucketKeyEnabled: true,
    },
  ]);
});

test("versions are kept by default and old ones go after 30 days, abandoned uploads after 7", async () => {
  const records = await bucketRecords();
  expect(records.one("BucketVersioning").inputs.versioningConfiguration).toEqual({
    status: "Enabled",
  });
  expect(records.one("BucketLifecycleConfiguration").inputs.rules).toMatchObject([
    { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
    { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } },
    { status: "Enabled", filter: { prefix: "uploads/" }, expiration: { days: 1 } },
    { status: "Enabled", filter: { prefix: "history-requests/" }, expiration: { days: 2 } },
  ]);
});

test("versioning and both lifecycle periods follow the arguments", async () => {
  const records = await bucketRecords({
    versioning: "off",
    noncurrentVersionDays: 90,
    abandonedUploadDays: 1,
  });
  expect(records.one("BucketVersioning").inputs.versioningConfiguration).toEqual({
    status: "Suspended",
  });
  expect(records.one("BucketLifecycleConfiguration").inputs.rules).toMatchObject([
    { abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
    { noncurrentVersionExpiration: { noncurrentDays: 90 } },
    {},
    {},
  ]);
});

test("a lifecycle period below one day is refused", async () => {
  await expect(bucketRecords({ noncurrentVersionDays: 0 })).rejects.toThrow(
    'DocumentBucket "documents": noncurrentVersionDays: found 0; allowed: a whole number from 1 to 36500',
  );
});

test("a grant reaches the named prefixes only", async () => {
  const records = await recordsOf(() => ({
    grants: new DocumentBucket("documents", { tenant: "acme" }).grantReadWrite(
      "documents/",
      "uploads/",
    ),
  }));
  const arn = records.one("Bucket").outputs.arn;
  expect(records.one("Stack").outputs.grants).toEqual([
    {
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: [`${arn}/documents/*`, `${arn}/uploads/*`],
    },
    {
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [arn],
      Condition: { StringLike: { "s3:prefix": ["documents/*", "uploads/*"] } },
    },
  ]);
});
