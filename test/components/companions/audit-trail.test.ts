import { expect, test } from "vitest";
import { AuditTrail, type AuditTrailArgs } from "../../../components/companions/audit-trail.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const tableArn = "arn:aws:dynamodb:us-east-1:123456789012:table/chat";
const bucketArn = "arn:aws:s3:::documents";
const trailRecords = (args: Partial<AuditTrailArgs> = {}) =>
  recordsOf(
    () =>
      new AuditTrail("audit", {
        tenant: "acme",
        tableArns: [tableArn],
        bucketArns: [bucketArn],
        ...args,
      }),
  );
type Selectors = { name: string; fieldSelectors: { field: string }[] }[];

test("it keeps every data event of the tables and buckets it is given, and of no others", async () => {
  const { inputs } = (await trailRecords()).one("Trail");
  expect(inputs.advancedEventSelectors).toEqual([
    {
      name: "items",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::DynamoDB::Table"] },
        { field: "resources.ARN", equals: [tableArn] },
      ],
    },
    {
      name: "objects",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        { field: "resources.ARN", startsWiths: [`${bucketArn}/`] },
      ],
    },
  ]);
  expect(inputs).toMatchObject({
    enableLogFileValidation: true,
    isMultiRegionTrail: false,
    includeGlobalServiceEvents: false,
  });
});

test("reads are left out where only writes are asked for", async () => {
  const { inputs } = (await trailRecords({ events: "writes", bucketArns: [] })).one("Trail");
  const [items, ...others] = inputs.advancedEventSelectors as Selectors;
  expect(items!.fieldSelectors).toContainEqual({ field: "readOnly", equals: ["false"] });
  expect(others).toEqual([]);
});

test("only this trail of this account may write to the bucket, and only with TLS", async () => {
  const records = await trailRecords();
  const trail = records.one("Trail");
  const { policy } = records.one("BucketPolicy").inputs;
  const [tlsOnly, looks, writes] = JSON.parse(String(policy)).Statement;
  const arn = `arn:aws:cloudtrail:us-east-1:123456789012:trail/${trail.inputs.name}`;
  const bucket = records.one("Bucket").outputs.arn;
  expect(tlsOnly.Effect).toBe("Deny");
  expect(looks).toMatchObject({ Condition: { StringEquals: { "aws:SourceArn": arn } } });
  expect(writes).toMatchObject({
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Resource: [`${bucket}/AWSLogs/123456789012/*`],
    Condition: { StringEquals: { "aws:SourceArn": arn } },
  });
  expect(trail.options.dependencies).toContain(records.one("BucketPolicy").urn);
});

test("events expire after a year, or after as many days as are asked for; the bucket outlives the stack", async () => {
  const rule = async (args?: Partial<AuditTrailArgs>) =>
    (await trailRecords(args)).one("BucketLifecycleConfiguration").inputs.rules;
  const expiring = (days: number) => expect.objectContaining({ expiration: { days } });
  expect(await rule()).toContainEqual(expiring(365));
  expect(await rule({ retentionDays: 30 })).toContainEqual(expiring(30));
  const records = await trailRecords();
  // Retained and not protected, so that the trail can be turned off.
  expect(records.one("Bucket").options).toMatchObject({ protect: false, retainOnDelete: true });
});

test.each([
  [{ retentionDays: 0 }, "retentionDays: found 0; allowed: a whole number from 1 to 36500"],
  [{ tableArns: [], bucketArns: [] }, "tableArns: found []; allowed: one or more ARNs"],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(trailRecords(args)).rejects.toThrow(`AuditTrail "audit": ${message}`);
});

test("transforms reach the trail and its bucket", async () => {
  const records = await trailRecords({
    transform: {
      trail: (args) => {
        args.kmsKeyId = "arn:aws:kms:us-east-1:123456789012:key/k";
      },
      bucket: (args) => {
        args.bucket = "acme-audit";
      },
    },
  });
  expect(records.one("Trail").inputs.kmsKeyId).toMatch(/^arn:aws:kms/);
  expect(records.one("Trail").inputs.s3BucketName).toBe("acme-audit");
});

test("a key encrypts events and bucket, and access to the bucket is logged, where that is asked for", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await trailRecords({ encryption: { kmsKeyArn }, accessLogs: "on" });
  expect(records.one("Trail").inputs.kmsKeyId).toBe(kmsKeyArn);
  const { rules } = records.one("BucketServerSideEncryptionConfiguration", "audit").inputs;
  expect(rules).toMatchObject([
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn } },
  ]);
  expect(records.one("BucketLogging").inputs).toMatchObject({
    bucket: records.one("Bucket", "audit").outputs.bucket,
    targetBucket: records.one("Bucket", "audit-logs").outputs.bucket,
  });
  expect((await trailRecords()).all("BucketLogging")).toEqual([]);
});
