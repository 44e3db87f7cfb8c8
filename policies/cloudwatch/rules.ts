/** Rules about logs and alarms. */
import { hipaa, nag, securityHub } from "../frameworks.ts";
import { at, listAt, numberAt, textAt } from "../reading/read.ts";
import type { AnyRule } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";

const logGroups = ["aws:cloudwatch/logGroup:LogGroup"];

/** What CloudWatch Logs accepts, in days ("PutRetentionPolicy" in its API reference). */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

export const logRetention = resourceRule({
  id: "log-retention",
  service: "CloudWatch",
  description: "Log groups must expire their entries, but not too soon.",
  reason:
    "Kept for ever, logs cost more than the data and hold what users asked to delete; dropped too soon, they explain nothing.",
  fix: "set retentionInDays.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-CloudWatchLogGroupRetentionPeriod"),
    ...securityHub("CloudWatch.16"),
    ...hipaa("164.312(b)"),
  ],
  config: {
    minimum: {
      type: "integer",
      default: 7,
      minimum: 1,
      description: "Shortest retention, in days.",
    },
    maximum: {
      type: "integer",
      default: 3653,
      minimum: 1,
      description: "Longest retention, in days.",
    },
  },
  types: logGroups,
  judge({ props }, report, { minimum, maximum }) {
    // Entries of this class leave after two days, and CloudWatch takes no other retention for it.
    if (at(props, "logGroupClass") === "DELIVERY") return;
    const days = numberAt(props, "retentionInDays");
    // 0 is "never expire".
    if (days === undefined || days < minimum || days > maximum)
      report("retentionInDays", days, `${minimum} to ${maximum}`);
  },
  remediate(props, { minimum }) {
    props.retentionInDays = retentions.find((days) => days >= minimum);
  },
});

export const logCmk = resourceRule({
  id: "log-cmk",
  service: "CloudWatch",
  description: "Log groups must be encrypted with a customer-managed key.",
  reason: "Logs name users and conversations; their key must be revocable as well.",
  fix: "set kmsKeyId to the tenant's key.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [...nag("HIPAA.Security-CloudWatchLogGroupEncrypted"), ...hipaa("164.312(a)(2)(iv)")],
  types: logGroups,
  judge({ props }, report) {
    const key = textAt(props, "kmsKeyId");
    if (!key) report("kmsKeyId", key, "the ARN of a customer-managed key");
  },
});

export const alarmAction = stackRule({
  id: "alarm-action",
  service: "CloudWatch",
  description: "Alarms must reach somebody.",
  reason: "An alarm that nobody hears is found after the outage.",
  fix: "set alarmActions, to a topic with a subscription if this stack makes the topic.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-CloudWatchAlarmAction"),
    ...securityHub("CloudWatch.15", "CloudWatch.17"),
  ],
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"],
  judge(alarm, report, _config, stack) {
    if (at(alarm.props, "actionsEnabled") === false) report("actionsEnabled", false, "true");
    if (listAt(alarm.props, "alarmActions").length === 0)
      return report("alarmActions", undefined, "at least one");
    const topics = alarm.propertyDependencies.alarmActions ?? [];
    for (const topic of topics.filter(({ type }) => type === "aws:sns/topic:Topic")) {
      const listeners = [
        ...stack.namedBy(topic, "topic", "aws:sns/topicSubscription:TopicSubscription"),
        ...stack.namedBy(topic, "snsTopicArns", "aws:chatbot/*"),
      ];
      if (listeners.length === 0)
        report("alarmActions", `${topic.name} without subscription`, "a topic with one");
    }
  },
});

export const cloudwatchRules: readonly AnyRule[] = [logRetention, logCmk, alarmAction];
