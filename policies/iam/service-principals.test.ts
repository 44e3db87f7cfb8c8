import { resource, testRule, unknown } from "../testing.ts";
import { serviceActions, serviceSource } from "./service-principals.ts";

const policyOf = (type: string, statement: object) =>
  resource(type, { policy: JSON.stringify({ Statement: { Effect: "Allow", ...statement } }) });

const delivery = {
  Sid: "Logs",
  Principal: { Service: "logging.s3.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: "arn:aws:s3:::logs/*",
};
const account = { StringEquals: { "aws:SourceAccount": "123456789012" } };
const onBucket = (change: object) => [
  policyOf("aws:s3/bucketPolicy:BucketPolicy", { ...delivery, Condition: account, ...change }),
];

const groups = {
  ArnLike: {
    "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
  },
};
const onKey = (change: object) => [
  policyOf("aws:kms/key:Key", {
    Principal: { Service: "logs.eu-west-1.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: "*",
    Condition: groups,
    ...change,
  }),
];
const onQueue = (change: object) => [
  policyOf("aws:sqs/queuePolicy:QueuePolicy", {
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "*",
    ...change,
  }),
];
const onTopic = (Service: string) => [
  policyOf("aws:sns/topicPolicy:TopicPolicy", {
    Principal: { Service },
    Action: "sns:Publish",
    Resource: "*",
  }),
];
const sourceArn = (arn: unknown, operator = "ArnLike") => ({
  Condition: { [operator]: { "aws:SourceArn": arn } },
});
const rule = "arn:aws:events:eu-west-1:123456789012:rule/nightly";
const open = { Condition: undefined };
const condition = "policy statement 0 Condition";

testRule(serviceSource, {
  passes: {
    "an account": onBucket({}),
    "an account beside a bucket": onBucket({
      Condition: { ...account, ...sourceArn("arn:aws:s3:::documents").Condition },
    }),
    "an organisation": onBucket({ Condition: { StringEquals: { "aws:SourceOrgID": "o-1" } } }),
    "ARNs in one account": onQueue(sourceArn([rule, `${rule}-*`])),
    "a key's log groups": onKey({}),
    "a key's one bucket": onKey({
      Condition: { StringEquals: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::documents" } },
    }),
    "a key's context that is no ARN": onKey({
      Condition: { StringEquals: { "kms:EncryptionContext:tenant": "acme" } },
    }),
    "EventBridge, which cannot use a key otherwise": onKey({
      ...open,
      Principal: { Service: "events.amazonaws.com" },
    }),
    "EventBridge, which cannot tell a topic otherwise": onTopic("events.amazonaws.com"),
    "a role, which is somebody's": onBucket({
      ...open,
      Principal: { AWS: "arn:aws:iam::123456789012:role/acme" },
    }),
    "a denial": onBucket({ ...open, Effect: "Deny" }),
    "a bucket without a policy": [resource("aws:s3/bucket:Bucket", {})],
  },
  objects: {
    "a bucket's policy has no condition": [onBucket(open), "policy statement Logs Condition"],
    "a key's has none": [onKey(open), condition],
    "a queue's has none, for EventBridge too": [onQueue(open), condition],
    "a topic's has none": [onTopic("cloudwatch.amazonaws.com"), condition],
    "a vault's has none": [
      [
        policyOf("aws:backup/vaultPolicy:VaultPolicy", {
          Principal: { Service: "backup.amazonaws.com" },
          Action: "backup:CopyIntoBackupVault",
          Resource: "*",
        }),
      ],
      condition,
    ],
    "the condition is about something else": [
      onBucket({ Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } } }),
      "policy statement Logs Condition",
    ],
    "the source may be absent": [onQueue(sourceArn(rule, "ArnLikeIfExists")), condition],
    "it is negated": [onQueue(sourceArn(rule, "ArnNotLike")), condition],
    "it is anything": [onQueue(sourceArn("*")), condition],
    "it is anything in any account": [onQueue(sourceArn("arn:aws:events:*:*:rule/*")), condition],
    "one of its values is anything": [onQueue(sourceArn([rule, "*"])), condition],
    "it has no values": [onQueue(sourceArn([])), condition],
    "it is a bucket alone": [onQueue(sourceArn("arn:aws:s3:::documents")), condition],
    "the account is a pattern": [
      onQueue({ Condition: { StringLike: { "aws:SourceAccount": "*" } } }),
      condition,
    ],
    "the encryption context is anything": [
      onKey({ Condition: { StringLike: { "kms:EncryptionContext:tenant": "*" } } }),
      condition,
    ],
    "one service of two has none": [
      onKey({ ...open, Principal: { Service: ["events.amazonaws.com", "logs.amazonaws.com"] } }),
      condition,
    ],
    "the policy is unknown": [
      [resource("aws:s3/bucketPolicy:BucketPolicy", { policy: unknown })],
      "cannot tell: policy",
    ],
  },
});

testRule(serviceSource, {
  config: { spared: [] },
  passes: {
    "EventBridge with a source": onKey({ Principal: { Service: "events.amazonaws.com" } }),
  },
  objects: {
    "EventBridge is not spared": [
      onKey({ ...open, Principal: { Service: "events.amazonaws.com" } }),
      condition,
    ],
  },
});

testRule(serviceActions, {
  passes: {
    "one action on the bucket's objects": onBucket({}),
    "one action on the bucket": onBucket({
      Action: "s3:GetBucketAcl",
      Resource: "arn:aws:s3:::logs",
    }),
    "actions on a key": onKey({}),
    "a key's uses, shortened as AWS does": onKey({
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
    }),
    "sending to the queue that the policy is of": onQueue({}),
    "a role with all actions": onBucket({
      Principal: { AWS: "arn:aws:iam::123456789012:role/acme" },
      Action: "s3:*",
    }),
  },
  objects: {
    "a bucket's policy allows everything": [
      onBucket({ Action: "*" }),
      "policy statement Logs Action",
    ],
    "it allows every action of S3": [onBucket({ Action: "s3:*" }), "policy statement Logs Action"],
    "it allows to put whatever there is": [
      onBucket({ Action: ["s3:PutObject", "s3:Put*"] }),
      "policy statement Logs Action",
    ],
    "it allows all actions but some": [
      onBucket({ Action: undefined, NotAction: "s3:DeleteObject" }),
      "policy statement Logs NotAction",
    ],
    "it names no bucket": [onBucket({ Resource: "*" }), "policy statement Logs Resource"],
    "it names all buckets": [
      onBucket({ Resource: "arn:aws:s3:::*" }),
      "policy statement Logs Resource",
    ],
    "it names all but one": [
      onBucket({ Resource: undefined, NotResource: "arn:aws:s3:::logs" }),
      "policy statement Logs Resource",
    ],
    "a key's policy allows to manage the key": [
      onKey({ Action: "kms:*" }),
      "policy statement 0 Action",
    ],
    "it allows to make grants": [onKey({ Action: "kms:Create*" }), "policy statement 0 Action"],
    "a queue's policy allows to read": [onQueue({ Action: "sqs:*" }), "policy statement 0 Action"],
    "the policy is unknown": [
      [resource("aws:kms/keyPolicy:KeyPolicy", { policy: unknown })],
      "cannot tell: policy",
    ],
  },
});
