import { resource, testRule, unknown } from "../testing.ts";
import { deletionProtection, replicaParity, resourcePolicy, sseCmk } from "./protection.ts";
import { dynamodbRules } from "./rules.ts";

const key = "arn:aws:kms:eu-west-1:1:key/acme";
const replica = (props: object = {}) => ({
  regionName: "eu-central-1",
  pointInTimeRecovery: true,
  deletionProtectionEnabled: true,
  propagateTags: true,
  kmsKeyArn: "arn:aws:kms:eu-central-1:1:key/acme",
  ...props,
});
const table = (props: object = {}) =>
  resource("aws:dynamodb/table:Table", {
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: true,
    serverSideEncryption: { enabled: true, kmsKeyArn: key },
    tags: {},
    replicas: [replica()],
    ...props,
  });

testRule(deletionProtection, {
  passes: { "a protected table": [table()] },
  objects: {
    "it is off": [[table({ deletionProtectionEnabled: false })], "deletionProtectionEnabled"],
    "it is absent": [
      [table({ deletionProtectionEnabled: undefined })],
      "deletionProtectionEnabled",
    ],
    "it is unknown": [
      [table({ deletionProtectionEnabled: unknown })],
      "cannot tell: deletionProtectionEnabled",
    ],
  },
});

testRule(dynamodbRules.find(({ id }) => id === "ddb-protect")!, {
  passes: {
    "a table with the option": [
      resource("aws:dynamodb/table:Table", {}, { opts: { protect: true, ignoreChanges: [] } }),
    ],
  },
  objects: { "the option is absent": [[table()], "protect"] },
});

testRule(sseCmk, {
  passes: { "a table with a key of its own": [table()] },
  objects: {
    "the block is absent": [
      [table({ serverSideEncryption: undefined })],
      "serverSideEncryption.enabled",
    ],
    "it is off": [
      [table({ serverSideEncryption: { enabled: false, kmsKeyArn: key } })],
      "serverSideEncryption.enabled",
    ],
    "no key is named": [
      [table({ serverSideEncryption: { enabled: true } })],
      "serverSideEncryption.kmsKeyArn",
    ],
    "the key is AWS's": [
      [
        table({
          serverSideEncryption: {
            enabled: true,
            kmsKeyArn: "arn:aws:kms:eu-west-1:1:alias/aws/dynamodb",
          },
        }),
      ],
      "serverSideEncryption.kmsKeyArn",
    ],
    "the key is unknown": [
      [table({ serverSideEncryption: { enabled: true, kmsKeyArn: unknown } })],
      "cannot tell: serverSideEncryption.kmsKeyArn",
    ],
  },
});

const splitReplica = (props: object = {}) =>
  resource("aws:dynamodb/tableReplica:TableReplica", {
    pointInTimeRecovery: true,
    deletionProtectionEnabled: true,
    ...props,
  });

testRule(replicaParity, {
  passes: {
    "a replica with everything its table has": [table()],
    "a replica without what its table lacks": [
      resource("aws:dynamodb/table:Table", { replicas: [{ regionName: "eu-central-1" }] }),
    ],
    "a table without replicas": [table({ replicas: undefined })],
    "a split replica with everything": [splitReplica()],
  },
  objects: {
    "recovery is absent": [
      [table({ replicas: [replica(), replica({ pointInTimeRecovery: undefined })] })],
      "replicas.1.pointInTimeRecovery",
    ],
    "deletion protection is off": [
      [table({ replicas: [replica({ deletionProtectionEnabled: false })] })],
      "replicas.0.deletionProtectionEnabled",
    ],
    "tags stay behind": [
      [table({ replicas: [replica({ propagateTags: undefined })] })],
      "replicas.0.propagateTags",
    ],
    "the key is absent": [
      [table({ replicas: [replica({ kmsKeyArn: undefined })] })],
      "replicas.0.kmsKeyArn",
    ],
    "a split replica lacks recovery": [
      [splitReplica({ pointInTimeRecovery: false })],
      "pointInTimeRecovery",
    ],
    "a split replica lacks protection": [
      [splitReplica({ deletionProtectionEnabled: undefined })],
      "deletionProtectionEnabled",
    ],
  },
});

const policy = (statement: object) =>
  resource("aws:dynamodb/resourcePolicy:ResourcePolicy", {
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Sid: "Read",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::1:role/reader" },
        Action: ["dynamodb:GetItem"],
        Resource: "*",
        ...statement,
      },
    }),
  });

testRule(resourcePolicy, {
  passes: {
    "named principals and actions": [policy({})],
    "everybody of one organisation": [
      policy({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    ],
    "denying everything to everybody": [
      policy({ Effect: "Deny", Principal: "*", Action: "dynamodb:*" }),
    ],
  },
  objects: {
    "everybody is allowed": [[policy({ Principal: "*" })], "policy statement Read Principal"],
    "every account is allowed": [
      [policy({ Principal: { AWS: ["*"] } })],
      "policy statement Read Principal",
    ],
    "everybody but one is allowed": [
      [policy({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::1:root" } })],
      "policy statement Read Principal",
    ],
    "the condition pins nothing": [
      [policy({ Principal: "*", Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } })],
      "policy statement Read Principal",
    ],
    "all actions are allowed": [[policy({ Action: "dynamodb:*" })], "policy statement Read Action"],
    "all actions but some are allowed": [
      [policy({ Action: undefined, NotAction: "dynamodb:DeleteTable" })],
      "policy statement Read Action",
    ],
    "the policy is unknown": [
      [resource("aws:dynamodb/resourcePolicy:ResourcePolicy", { policy: unknown })],
      "cannot tell: policy",
    ],
  },
});
