/** Rules about topics. */
import { checkov, hipaa, nag, prowler, securityHub } from "../frameworks.ts";
import { isComputed } from "../reading/computed.ts";
import { deniesPlaintext, statementsOf } from "../reading/policy-document.ts";
import { at, textAt } from "../reading/read.ts";
import type { AnyRule } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";

const topics = ["aws:sns/topic:Topic"];

export const encrypted = resourceRule({
  id: "sns-encrypted",
  service: "SNS",
  description: "Topics should be encrypted with a KMS key.",
  reason: "Messages wait on disks until they are delivered.",
  fix: "set kmsMasterKeyId to a key that the publishing services may use.",
  severity: "low",
  level: "advisory",
  frameworks: [
    ...nag("HIPAA.Security-SNSEncryptedKMS"),
    ...securityHub("SNS.1"),
    ...checkov("CKV_AWS_26"),
    ...prowler("sns_topics_kms_encryption_at_rest_enabled"),
  ],
  types: topics,
  judge({ props }, report) {
    const key = textAt(props, "kmsMasterKeyId");
    if (!key) report("kmsMasterKeyId", key, "a key");
  },
});

export const tlsOnly = stackRule({
  id: "sns-tls-only",
  service: "SNS",
  description: "Topic policies must deny messages without TLS.",
  reason: "Alarms would travel in the clear.",
  fix: 'deny sns:Publish on the topic to "*" when aws:SecureTransport is "false".',
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [...nag("AwsSolutions-SNS3"), ...hipaa("164.312(e)(1)")],
  types: topics,
  judge(topic, report, _config, stack) {
    const policies = stack.namedBy(topic, "arn", "aws:sns/topicPolicy:TopicPolicy");
    const holders = policies.length > 0 ? policies : [topic];
    const statements = holders
      .filter((holder) => !isComputed(holder, "policy"))
      .flatMap(({ props }) => statementsOf(at(props, "policy")));
    if (!statements.some((one) => deniesPlaintext(one, ["sns:Publish"])))
      report("policy", undefined, "a Deny without TLS", holders[0]);
  },
});

export const httpsOnly = resourceRule({
  id: "sns-https-only",
  service: "SNS",
  description: "Subscriptions must not be delivered over HTTP.",
  reason: "Whoever is on the way reads the messages, and the confirmation that subscribes.",
  fix: 'set protocol: "https" and an https:// endpoint.',
  severity: "high",
  level: "mandatory",
  frameworks: [...prowler("sns_subscription_not_using_http_endpoints"), ...hipaa("164.312(e)(1)")],
  types: ["aws:sns/topicSubscription:TopicSubscription"],
  judge({ props }, report) {
    const protocol = at(props, "protocol");
    if (protocol === "http") report("protocol", protocol, "https");
  },
});

export const snsRules: readonly AnyRule[] = [encrypted, tlsOnly, httpsOnly];
