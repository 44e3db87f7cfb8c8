import { expect, test } from "vitest";
import {
  DocumentBucket,
  type DocumentBucketArgs,
} from "../../../components/document-bucket/document-bucket.ts";
import { recordsOf, statements } from "../../../testing/stacks/records.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/home";
const replication = { bucketArn: "arn:aws:s3:::acme-copies", region: "eu-west-1" };

const bucketRecords = (args: Partial<DocumentBucketArgs> = {}) =>
  recordsOf(() => new DocumentBucket("documents", { tenant: "acme", ...args }));

test("by default nothing is locked, copied or open to browsers", async () => {
  const records = await bucketRecords();
  for (const type of [
    "BucketObjectLockConfiguration",
    "BucketReplicationConfig",
    "BucketCorsConfiguration",
    "Role",
  ]) {
    expect(records.all(type)).toEqual([]);
  }
});

test.each([
  ["governance", "GOVERNANCE"],
  ["compliance", "COMPLIANCE"],
] as const)("in %s mode new objects are locked as %s, on a versioned bucket", async (mode, word) => {
  const records = await bucketRecords({ objectLock: { mode, days: 30 } });
  const lock = records.one("BucketObjectLockConfiguration");
  expect(lock.inputs).toEqual({
    bucket: records.one("Bucket").outputs.bucket,
    objectLockEnabled: "Enabled",
    rule: { defaultRetention: { mode: word, days: 30 } },
  });
  expect(lock.options.dependencies).toContain(records.one("BucketVersioning").urn);
  expect(lock.options).toMatchObject({ protect: false, retainOnDelete: false });
});

test("new objects are copied, deletions are not", async () => {
  const records = await bucketRecords({ replication });
  const configuration = records.one("BucketReplicationConfig");
  expect(configuration.inputs).toEqual({
    bucket: records.one("Bucket").outputs.bucket,
    role: records.one("Role").outputs.arn,
    rules: [
      {
        id: "all",
        status: "Enabled",
        priority: 0,
        filter: { prefix: "" },
        deleteMarkerReplication: { status: "Disabled" },
        destination: { bucket: replication.bucketArn, storageClass: "STANDARD" },
      },
    ],
  });
  expect(configuration.options.dependencies).toEqual(
    expect.arrayContaining([
      records.one("BucketVersioning").urn,
      records.one("RolePolicyAttachment").urn,
    ]),
  );
});

test("copies are encrypted, stored and hidden as asked for", async () => {
  const copies = "arn:aws:kms:eu-west-1:123456789012:key/copies";
  const records = await bucketRecords({
    encryption: { kmsKeyArn },
    replication: {
      ...replication,
      kmsKeyArn: copies,
      storageClass: "glacier-instant-retrieval",
      deletions: "repeat",
    },
  });
  expect(records.one("BucketReplicationConfig").inputs.rules).toMatchObject([
    {
      deleteMarkerReplication: { status: "Enabled" },
      destination: {
        storageClass: "GLACIER_IR",
        encryptionConfiguration: { replicaKmsKeyId: copies },
      },
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    },
  ]);
  expect(statements(records.one("Policy").inputs.policy).slice(-2)).toEqual([
    {
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [kmsKeyArn],
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    },
    {
      Effect: "Allow",
      Action: ["kms:Encrypt"],
      Resource: [copies],
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    },
  ]);
});

test("the role reads versions of the one bucket and writes copies to the other, as S3 only", async () => {
  const records = await bucketRecords({ replication });
  const arn = records.one("Bucket").outputs.arn;
  const granted = statements(records.one("Policy").inputs.policy);
  expect(granted.map(({ Resource }) => Resource)).toEqual([
    [arn],
    [`${arn}/*`],
    ["arn:aws:s3:::acme-copies/*"],
  ]);
  expect(granted.at(-1)?.Action).toEqual([
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
    "s3:ReplicateTags",
  ]);
  expect(String(records.one("Role").inputs.assumeRolePolicy)).toContain('"s3.amazonaws.com"');
});

test("named origins may upload and download, and see the entity tag", async () => {
  const corsOrigins = ["https://app.acme.example", "http://localhost:5173"];
  const records = await bucketRecords({ corsOrigins });
  expect(records.one("BucketCorsConfiguration").inputs).toEqual({
    bucket: records.one("Bucket").outputs.bucket,
    corsRules: [
      {
        allowedOrigins: corsOrigins,
        allowedMethods: ["GET", "HEAD", "POST"],
        allowedHeaders: ["content-type", "range"],
        exposeHeaders: ["ETag"],
        maxAgeSeconds: 3600,
      },
    ],
  });
});

test("transforms reach lock, replication and origins", async () => {
  const records = await bucketRecords({
    objectLock: { mode: "governance", days: 1 },
    replication,
    corsOrigins: ["https://app.acme.example"],
    transform: {
      objectLock: (args) => {
        args.expectedBucketOwner = "123456789012";
      },
      replication: (args) => {
        args.token = "t";
      },
      replicationRole: (args) => {
        args.description = "copies";
      },
      replicationPolicy: (args) => {
        args.description = "copies";
      },
      cors: (args) => {
        args.expectedBucketOwner = "123456789012";
      },
    },
  });
  expect(records.one("BucketObjectLockConfiguration").inputs.expectedBucketOwner).toBeDefined();
  expect(records.one("BucketReplicationConfig").inputs.token).toBe("t");
  expect(records.one("Role").inputs.description).toBe("copies");
  expect(records.one("Policy").inputs.description).toBe("copies");
  expect(records.one("BucketCorsConfiguration").inputs.expectedBucketOwner).toBeDefined();
});

test.each<[Partial<DocumentBucketArgs>, string]>([
  [
    { objectLock: { mode: "governance", days: 0 } },
    'DocumentBucket "documents": objectLock.days: found 0; allowed: a whole number from 1 to 36500',
  ],
  [
    { objectLock: { mode: "governance", days: 1 }, versioning: "off" },
    'versioning: found "off"; allowed: "on" where objects are locked',
  ],
  [{ replication, versioning: "off" }, 'versioning: found "off"; allowed: "on" for replication'],
  [
    { replication, encryption: { kmsKeyArn } },
    'DocumentBucket "documents": replication.kmsKeyArn: found "none"; allowed: a key in the copies\' region',
  ],
  [{ corsOrigins: ["*"] }, 'corsOrigins[0]: found "*"; allowed: "https://app.example.com"'],
  [{ corsOrigins: ["https://a.example", "https://*.example"] }, "corsOrigins[1]: found"],
  [{ corsOrigins: ["https://a.example/"] }, "corsOrigins[0]: found"],
  [{ corsOrigins: ["http://a.example"] }, "corsOrigins[0]: found"],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(bucketRecords(args)).rejects.toThrow(message);
});
