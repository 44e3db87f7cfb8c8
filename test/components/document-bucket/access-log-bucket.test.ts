import { expect, test } from "vitest";
import {
  DocumentBucket,
  type DocumentBucketArgs,
} from "../../../components/document-bucket/document-bucket.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const bucketRecords = (args: Partial<DocumentBucketArgs> = {}) =>
  recordsOf(() => new DocumentBucket("documents", { tenant: "acme", accessLogs: "on", ...args }));

test("by default nothing is logged", async () => {
  const records = await bucketRecords({ accessLogs: undefined });
  expect(records.all("BucketLogging")).toEqual([]);
  expect(records.all("Bucket")).toHaveLength(1);
});

test("requests are logged by day to a bucket of the tenant's own", async () => {
  const records = await bucketRecords();
  const logs = records.one("Bucket", "documents-logs");
  const logging = records.one("BucketLogging");
  expect(logging.inputs).toEqual({
    bucket: records.one("Bucket", "documents").outputs.bucket,
    targetBucket: logs.outputs.bucket,
    targetPrefix: "requests/",
    targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
  });
  expect(logging.propertyDependencies.targetBucket).toEqual([logs.urn]);
  expect(logging.options.dependencies).toContain(records.one("BucketPolicy", "documents-logs").urn);
});

test("only S3's log delivery for this bucket of this account may write, and only with TLS", async () => {
  const records = await bucketRecords();
  const arn = records.one("Bucket", "documents-logs").outputs.arn;
  const { policy } = records.one("BucketPolicy", "documents-logs").inputs;
  const [tlsOnly, delivery, ...others] = JSON.parse(String(policy)).Statement;
  expect(tlsOnly).toMatchObject({ Sid: "TlsOnly", Effect: "Deny", Resource: [arn, `${arn}/*`] });
  expect(delivery).toEqual({
    Sid: "AccessLogDelivery",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: ["s3:PutObject"],
    Resource: [`${arn}/*`],
    Condition: {
      ArnLike: { "aws:SourceArn": records.one("Bucket", "documents").outputs.arn },
      StringEquals: { "aws:SourceAccount": "123456789012" },
    },
  });
  expect(others).toEqual([]);
});

test("the log bucket is as private as the documents, but keeps S3's own key, as delivery demands", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await bucketRecords({ encryption: { kmsKeyArn } });
  expect(records.one("BucketPublicAccessBlock", "documents-logs").inputs).toMatchObject({
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  expect(records.one("BucketOwnershipControls", "documents-logs").inputs.rule).toEqual({
    objectOwnership: "BucketOwnerEnforced",
  });
  expect(records.one("BucketVersioning", "documents-logs").inputs).toMatchObject({
    versioningConfiguration: { status: "Enabled" },
  });
  const encryption = records.one("BucketServerSideEncryptionConfiguration", "documents-logs");
  expect(encryption.inputs.rules).toMatchObject([
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
  ]);
});

test("logs expire after a year, or after as many days as are asked for", async () => {
  const rules = async (args?: Partial<DocumentBucketArgs>) =>
    (await bucketRecords(args)).one("BucketLifecycleConfiguration", "documents-logs").inputs.rules;
  expect(await rules()).toMatchObject([
    { id: "expired-logs", status: "Enabled", expiration: { days: 365 } },
    { id: "noncurrent-versions", noncurrentVersionExpiration: { noncurrentDays: 30 } },
    { id: "delete-markers", expiration: { expiredObjectDeleteMarker: true } },
    { id: "abandoned-uploads", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
  ]);
  expect(await rules({ accessLogDays: 30 })).toContainEqual(
    expect.objectContaining({ id: "expired-logs", expiration: { days: 30 } }),
  );
});

test("a retention below one day is refused", async () => {
  await expect(bucketRecords({ accessLogDays: 0 })).rejects.toThrow(
    'DocumentBucket "documents": accessLogDays: found 0; allowed: a whole number from 1',
  );
});

test("logs can be turned off in production; the bucket that holds them stays in the account", async () => {
  const records = await bucketRecords();
  for (const type of ["Bucket", "BucketPolicy", "BucketPublicAccessBlock"]) {
    const { options } = records.one(type, "documents-logs");
    expect({ type, ...options }).toMatchObject({ type, protect: false, retainOnDelete: true });
  }
  const { options } = records.one("BucketLogging");
  expect(options).toMatchObject({ protect: false, retainOnDelete: false });
  expect(records.one("Bucket", "documents-logs").inputs.forceDestroy).toBe(false);
});

test("a late log does not keep a bucket that is to be destroyed: it is emptied, once S3 may no longer write", async () => {
  const records = await bucketRecords({ retain: "destroy" });
  const bucket = records.one("Bucket", "documents-logs");
  expect(bucket.inputs.forceDestroy).toBe(true);
  // The engine deletes what depends on a resource before the resource.
  for (const before of [
    records.one("BucketPolicy", "documents-logs"),
    records.one("BucketLogging"),
  ]) {
    expect(before.options.dependencies).toContain(bucket.urn);
    expect(before.options.retainOnDelete).toBe(false);
  }
});

test("transforms reach the logging and the log bucket, not the documents", async () => {
  const records = await bucketRecords({
    transform: {
      logging: (args) => {
        args.targetPrefix = "s3/";
      },
      accessLogs: {
        bucket: (args) => {
          args.bucket = "acme-logs";
        },
      },
    },
  });
  expect(records.one("BucketLogging").inputs.targetPrefix).toBe("s3/");
  expect(records.one("Bucket", "documents-logs").inputs.bucket).toBe("acme-logs");
  expect(records.one("Bucket", "documents").inputs).not.toHaveProperty("bucket");
});
