import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { encrypted, policyPrincipal, tlsOnly } from "./rules.ts";

const queue = (props: object = {}) =>
  resource("aws:sqs/queue:Queue", { ...props }, { name: "failed" });
const arn = "arn:aws:sqs:eu-west-1:1:failed";

testRule(encrypted, {
  passes: {
    "a key": [queue({ kmsMasterKeyId: "arn:aws:kms:eu-west-1:1:key/acme" })],
    "SQS's own key": [queue({ sqsManagedSseEnabled: true })],
  },
  objects: {
    "both are absent": [[queue()], "sqsManagedSseEnabled"],
    "it is off": [
      [queue({ sqsManagedSseEnabled: false, kmsMasterKeyId: "" })],
      "sqsManagedSseEnabled",
    ],
    "the key is unknown": [[queue({ kmsMasterKeyId: unknown })], "cannot tell: kmsMasterKeyId"],
  },
});

const policyOf = (...Statement: object[]) =>
  settingOf(
    queue(),
    "aws:sqs/queuePolicy:QueuePolicy",
    { policy: JSON.stringify({ Statement }) },
    "queueUrl",
  );
const send = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: arn };

testRule(policyPrincipal, {
  passes: {
    "a queue without a policy": [queue()],
    "a service": [policyOf({ ...send, Principal: { Service: "events.amazonaws.com" } })],
    "anybody on behalf of one rule": [
      policyOf({
        ...send,
        Condition: {
          ArnEquals: { "aws:SourceArn": "arn:aws:events:eu-west-1:123456789012:rule/nightly" },
        },
      }),
    ],
  },
  objects: {
    "anybody may send": [[policyOf(send)], "policy statement 0 Principal"],
    "the queue itself says so": [
      [queue({ policy: JSON.stringify({ Statement: send }) })],
      "policy statement 0 Principal",
    ],
  },
});

const denyPlaintext = {
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: arn,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

testRule(tlsOnly, {
  passes: {
    "a policy that denies requests without TLS": [queue(), policyOf(denyPlaintext)],
    "an inline policy": [queue({ policy: { Statement: denyPlaintext } })],
  },
  objects: {
    "there is no policy": [[queue()], "policy"],
    "it denies receiving only": [
      [queue(), policyOf({ ...denyPlaintext, Action: "sqs:ReceiveMessage" })],
      "policy",
    ],
    "it denies requests with TLS": [
      [
        queue(),
        policyOf({ ...denyPlaintext, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ],
      "policy",
    ],
    "the policy is another queue's": [
      [
        queue({ id: "https://sqs/1/failed" }),
        resource("aws:sqs/queuePolicy:QueuePolicy", {
          queueUrl: "https://sqs/1/other",
          policy: { Statement: denyPlaintext },
        }),
      ],
      "policy",
    ],
  },
});
