import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { encrypted, httpsOnly, tlsOnly } from "./rules.ts";

const topic = (props: object = {}) =>
  resource("aws:sns/topic:Topic", { ...props }, { name: "alarms" });

testRule(encrypted, {
  passes: { "a topic with a key": [topic({ kmsMasterKeyId: "alias/acme" })] },
  objects: {
    "there is none": [[topic()], "kmsMasterKeyId"],
    "the key is empty": [[topic({ kmsMasterKeyId: "" })], "kmsMasterKeyId"],
  },
});

const denial = {
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policyOf = (statement: object) =>
  settingOf(
    topic(),
    "aws:sns/topicPolicy:TopicPolicy",
    { policy: JSON.stringify({ Statement: statement }) },
    "arn",
  );

testRule(tlsOnly, {
  passes: {
    "a denial": [topic(), policyOf(denial)],
    "a denial that also holds without the key": [
      topic(),
      policyOf({ ...denial, Condition: { BoolIfExists: { "aws:SecureTransport": "false" } } }),
    ],
    "an inline one": [topic({ policy: JSON.stringify({ Statement: denial }) })],
  },
  objects: {
    "there is no policy": [[topic()], "policy"],
    "the policy denies something else": [
      [topic(), policyOf({ ...denial, Action: "sns:Subscribe" })],
      "policy",
    ],
    "the denial has a second condition": [
      [
        topic(),
        policyOf({
          ...denial,
          Condition: { ...denial.Condition, StringEquals: { "aws:PrincipalAccount": "1" } },
        }),
      ],
      "policy",
    ],
  },
});

const subscription = (protocol: unknown) => [
  resource("aws:sns/topicSubscription:TopicSubscription", { protocol }),
];
testRule(httpsOnly, {
  passes: { "over TLS": subscription("https"), "by mail": subscription("email") },
  objects: {
    "in the clear": [subscription("http"), "protocol"],
    "nobody knows how": [subscription(unknown), "cannot tell: protocol"],
  },
});
