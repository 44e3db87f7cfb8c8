import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { alarmAction, logCmk, logRetention } from "./rules.ts";

const logs = (props: object = {}) =>
  resource("aws:cloudwatch/logGroup:LogGroup", {
    retentionInDays: 30,
    kmsKeyId: "arn:aws:kms:eu-west-1:1:key/acme",
    ...props,
  });

testRule(logRetention, {
  passes: {
    "a log group that expires its entries": [logs(), logs({ retentionInDays: 7 })],
    "a log group whose class decides": [logs({ logGroupClass: "DELIVERY", retentionInDays: 2 })],
  },
  objects: {
    "retention is absent": [[logs({ retentionInDays: undefined })], "retentionInDays"],
    "entries never expire": [[logs({ retentionInDays: 0 })], "retentionInDays"],
    "they expire too soon": [[logs({ retentionInDays: 5 })], "retentionInDays"],
    "retention is unknown": [[logs({ retentionInDays: unknown })], "cannot tell: retentionInDays"],
  },
});

testRule(logRetention, {
  config: { minimum: 365, maximum: 731 },
  passes: {
    "what the config allows": [365, 400, 731].map((retentionInDays) => logs({ retentionInDays })),
  },
  objects: {
    "they expire sooner than configured": [[logs({ retentionInDays: 180 })], "retentionInDays"],
    "they stay longer than configured": [[logs({ retentionInDays: 1096 })], "retentionInDays"],
  },
});

testRule(logCmk, {
  passes: { "a log group with a key": [logs()] },
  objects: {
    "the key is absent": [[logs({ kmsKeyId: undefined })], "kmsKeyId"],
    "the key is empty": [[logs({ kmsKeyId: "" })], "kmsKeyId"],
    "the key is unknown": [[logs({ kmsKeyId: unknown })], "cannot tell: kmsKeyId"],
  },
});

const topic = resource("aws:sns/topic:Topic", { arn: unknown }, { name: "operators" });
const alarm = (props: object = {}) =>
  resource(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    { alarmActions: [unknown], ...props },
    { propertyDependencies: { alarmActions: [topic] } },
  );
const subscription = settingOf(topic, "aws:sns/topicSubscription:TopicSubscription", {}, "topic");

testRule(alarmAction, {
  passes: {
    "a topic with a subscription": [alarm(), topic, subscription],
    "a topic that a chat channel follows": [
      alarm(),
      topic,
      settingOf(
        topic,
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        {},
        "snsTopicArns",
      ),
    ],
    "a topic of another stack": [
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", {
        alarmActions: ["arn:aws:sns:eu-west-1:1:operators"],
      }),
    ],
  },
  objects: {
    "actions are absent": [
      [alarm({ alarmActions: undefined }), topic, subscription],
      "alarmActions",
    ],
    "actions are empty": [[alarm({ alarmActions: [] }), topic, subscription], "alarmActions"],
    "actions are off": [[alarm({ actionsEnabled: false }), topic, subscription], "actionsEnabled"],
    "nobody subscribed": [[alarm(), topic], "alarmActions"],
    "a composite alarm has none": [
      [resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", {})],
      "alarmActions",
    ],
  },
});
