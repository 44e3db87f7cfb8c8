import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { bucketKey, noSseC, sseKms } from "./encryption.ts";

const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource(type, { bucket: "documents", ...props }, { name: "documents" });
const documents = bucket();

const defaults = { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:eu-west-1:1:key/acme" };
const rule = (byDefault: object = {}, more: object = {}) => ({
  applyServerSideEncryptionByDefault: { ...defaults, ...byDefault },
  bucketKeyEnabled: true,
  blockedEncryptionTypes: ["SSE-C"],
  ...more,
});
const configuration = (...rules: object[]) => [
  documents,
  settingOf(
    documents,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { rules },
  ),
];
const inline = (one: object) => bucket({ serverSideEncryptionConfiguration: { rule: one } });
const formerInline = bucket(
  {
    serverSideEncryptionConfigurations: [
      { rules: [{ applyServerSideEncryptionByDefaults: [defaults], bucketKeyEnabled: true }] },
    ],
  },
  "aws:s3/bucketV2:BucketV2",
);

/** Makes the bucket one that S3 delivers another bucket's access logs to. */
const logging = resource(
  "aws:s3/bucketLogging:BucketLogging",
  { bucket: unknown, targetBucket: unknown },
  { propertyDependencies: { targetBucket: [documents] } },
);

testRule(sseKms, {
  passes: {
    "S3's own key where logs are delivered": [
      ...configuration(rule({ sseAlgorithm: "AES256", kmsMasterKeyId: undefined })),
      logging,
    ],
    "a split rule with a key": configuration(rule()),
    "double encryption": configuration(rule({ sseAlgorithm: "aws:kms:dsse" })),
    "an inline rule with a key": [inline(rule())],
    "a former inline rule with a key": [formerInline],
  },
  objects: {
    "encryption is left to S3": [[documents], "BucketServerSideEncryptionConfiguration"],
    "there are no rules": [configuration(), "BucketServerSideEncryptionConfiguration"],
    "the key is S3's own": [
      configuration(rule({ sseAlgorithm: "AES256" })),
      "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
    ],
    "the rule names no algorithm": [
      configuration({ bucketKeyEnabled: true }),
      "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
    ],
    "the key is absent": [
      configuration(rule({ kmsMasterKeyId: undefined })),
      "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
    ],
    "the key is AWS's": [
      configuration(rule({ kmsMasterKeyId: "alias/aws/s3" })),
      "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
    ],
    "an inline key is S3's own": [
      [inline(rule({ sseAlgorithm: "AES256" }))],
      "serverSideEncryptionConfiguration.rule.0.applyServerSideEncryptionByDefault.sseAlgorithm",
    ],
    "logs cannot be delivered under a KMS key": [
      [...configuration(rule()), logging],
      "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
    ],
    "the key is unknown": [
      configuration(rule({ kmsMasterKeyId: unknown })),
      "cannot tell: rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
    ],
  },
});

testRule(bucketKey, {
  passes: {
    "a bucket key": configuration(rule()),
    "a former inline one": [formerInline],
    "encryption without KMS": configuration(
      rule({ sseAlgorithm: "AES256" }, { bucketKeyEnabled: false }),
    ),
  },
  objects: {
    "it is off": [configuration(rule({}, { bucketKeyEnabled: false })), "rules.0.bucketKeyEnabled"],
    "it is absent": [
      configuration(rule({}, { bucketKeyEnabled: undefined })),
      "rules.0.bucketKeyEnabled",
    ],
  },
});

const sseCDenial = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: "*",
  Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
};
const denySseC = (change: object = {}) =>
  settingOf(documents, "aws:s3/bucketPolicy:BucketPolicy", {
    policy: { Statement: { ...sseCDenial, ...change } },
  });
const unblocked = rule({}, { blockedEncryptionTypes: undefined });

testRule(noSseC, {
  passes: {
    "a rule that blocks it": configuration(rule()),
    "a policy that denies it": [...configuration(unblocked), denySseC()],
    "a policy that denies it among other statements": [
      ...configuration(unblocked),
      settingOf(documents, "aws:s3/bucketPolicy:BucketPolicy", {
        policy: { Statement: [{ Effect: "Allow" }, sseCDenial] },
      }),
    ],
  },
  objects: {
    "there is no rule": [[documents], "BucketServerSideEncryptionConfiguration"],
    "the rule blocks nothing": [configuration(unblocked), "rules.0.blockedEncryptionTypes"],
    "the rule blocks something else": [
      configuration(rule({}, { blockedEncryptionTypes: ["NONE"] })),
      "rules.0.blockedEncryptionTypes",
    ],
    "the policy denies it under a condition": [
      [
        ...configuration(unblocked),
        denySseC({
          Condition: { ...sseCDenial.Condition, Bool: { "aws:ViaAWSService": "true" } },
        }),
      ],
      "rules.0.blockedEncryptionTypes",
    ],
    "the policy allows it": [
      [...configuration(unblocked), denySseC({ Effect: "Allow" })],
      "rules.0.blockedEncryptionTypes",
    ],
    "the policy denies everything but it": [
      [
        ...configuration(unblocked),
        denySseC({
          Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "true" } },
        }),
      ],
      "rules.0.blockedEncryptionTypes",
    ],
  },
});
