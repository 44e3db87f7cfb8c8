import { resource, settingOf, testRule, unknown } from "../testing.ts";
import {
  noForceDestroy,
  noInlineLegacy,
  objectLock,
  replication,
  versioning,
} from "./retention.ts";

const former = "aws:s3/bucketV2:BucketV2";
const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource(type, { bucket: "documents", ...props }, { name: "documents" });
const documents = bucket();
const configured = (type: string, props: Record<string, unknown>) => [
  documents,
  settingOf(documents, type, props),
];

const versioned = (status?: unknown) =>
  configured("aws:s3/bucketVersioning:BucketVersioning", { versioningConfiguration: { status } });

testRule(versioning, {
  passes: {
    "a split setting": versioned("Enabled"),
    "a former split setting": configured("aws:s3/bucketVersioningV2:BucketVersioningV2", {
      versioningConfiguration: { status: "Enabled" },
    }),
    "an inline block": [bucket({ versioning: { enabled: true } })],
    "a former inline block": [bucket({ versionings: [{ enabled: true }] }, former)],
  },
  objects: {
    "versions are suspended": [versioned("Suspended"), "versioningConfiguration.status"],
    "the status is absent": [versioned(), "versioningConfiguration.status"],
    "the status is unknown": [versioned(unknown), "cannot tell: versioningConfiguration.status"],
    "the inline block is off": [[bucket({ versioning: { enabled: false } })], "BucketVersioning"],
    "there is neither": [[documents], "BucketVersioning"],
    "the inline block is for the provider to compute": [
      [bucket({ versioning: unknown })],
      "BucketVersioning",
    ],
  },
});

const locked = (rule?: object) =>
  configured("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", { rule });

testRule(objectLock, {
  passes: {
    "a retention in days": locked({ defaultRetention: { mode: "GOVERNANCE", days: 30 } }),
    "a retention in years": locked({ defaultRetention: { mode: "COMPLIANCE", years: 1 } }),
    "an inline one": [
      bucket({ objectLockConfiguration: { rule: { defaultRetention: { days: 7 } } } }),
    ],
  },
  objects: {
    "there is none": [[documents], "BucketObjectLockConfiguration"],
    "it has no rule": [locked(), "rule.defaultRetention"],
    "it lasts no time": [locked({ defaultRetention: { days: 0 } }), "rule.defaultRetention"],
    "it lasts less than a week": [
      locked({ defaultRetention: { days: 6 } }),
      "rule.defaultRetention",
    ],
  },
});

const copy = resource("aws:s3/bucket:Bucket", { bucket: "copy" }, { name: "copy" });
const replicated = (...statuses: (string | undefined)[]) => [
  documents,
  copy,
  resource(
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    {
      bucket: unknown,
      rules: statuses.map((status) => ({ status, destination: { bucket: unknown } })),
    },
    { propertyDependencies: { bucket: [documents], rules: [copy] } },
  ),
];

const encrypted = settingOf(
  documents,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
);
const copying = (sourceSelectionCriteria?: object) => [
  documents,
  encrypted,
  settingOf(documents, "aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
    rules: [{ status: "Enabled", sourceSelectionCriteria }],
  }),
];
const encryptedToo = "rules.0.sourceSelectionCriteria.sseKmsEncryptedObjects.status";

testRule(replication, {
  passes: {
    "a bucket that is copied, and its copy": replicated("Enabled"),
    "objects under a KMS key as well": copying({ sseKmsEncryptedObjects: { status: "Enabled" } }),
    "a rule that is enabled beside one that is not": replicated("Disabled", "Enabled"),
    "an inline rule": [bucket({ replicationConfiguration: { rules: [{ status: "Enabled" }] } })],
  },
  objects: {
    "there is none": [[documents], "BucketReplicationConfig"],
    "the rule is disabled": [replicated("Disabled"), "rules.0.status"],
    "the status is absent": [replicated(undefined), "rules.0.status"],
    "objects under a KMS key are left out": [copying(), encryptedToo],
    "they are left out by name": [
      copying({ sseKmsEncryptedObjects: { status: "Disabled" } }),
      encryptedToo,
    ],
  },
});

testRule(noForceDestroy, {
  passes: { "a bucket that keeps its objects": [bucket(), bucket({ forceDestroy: false })] },
  objects: {
    "it would be emptied": [[bucket({ forceDestroy: true })], "forceDestroy"],
    "that is unknown": [[bucket({ forceDestroy: unknown })], "cannot tell: forceDestroy"],
  },
});

testRule(noInlineLegacy, {
  passes: { "a bucket without inline blocks": [bucket({ tags: {}, forceDestroy: false })] },
  objects: {
    "versions are set inline": [[bucket({ versioning: { enabled: true } })], "versioning"],
    "a former bucket is encrypted inline": [
      [bucket({ serverSideEncryptionConfigurations: [] }, former)],
      "serverSideEncryptionConfigurations",
    ],
    "an inline policy is unknown": [[bucket({ policy: unknown })], "policy"],
  },
});
