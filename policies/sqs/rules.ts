/** Rules about queues. */

import { openRule } from "../access/open.ts";
import { hipaa, nag, securityHub } from "../frameworks.ts";
import { isComputed } from "../reading/computed.ts";
import { deniesPlaintext, statementsOf } from "../reading/policy-document.ts";
import { at } from "../reading/read.ts";
import type { AnyRule } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";

const queues = "aws:sqs/queue:Queue";
const splitPolicies = "aws:sqs/queuePolicy:QueuePolicy";

/** Whatever holds a queue's policy. */
export const queuePolicies = [queues, splitPolicies];

export const encrypted = resourceRule({
  id: "sqs-encrypted",
  service: "SQS",
  description: "Queues must be encrypted.",
  reason: "Failed events carry what users wrote.",
  fix: "set kmsMasterKeyId, or sqsManagedSseEnabled: true.",
  severity: "medium",
  level: "mandatory",
  frameworks: [...nag("AwsSolutions-SQS2"), ...securityHub("SQS.1"), ...hipaa("164.312(a)(2)(iv)")],
  types: [queues],
  judge({ props }, report) {
    const key = at(props, "kmsMasterKeyId");
    const managed = at(props, "sqsManagedSseEnabled");
    if ((key === undefined || key === "") && managed !== true)
      report("sqsManagedSseEnabled", managed, "true, or a kmsMasterKeyId");
  },
});

export const policyPrincipal = openRule({
  id: "sqs-policy-principal",
  service: "SQS",
  what: "Queue policies",
  reason: "Strangers could read failed events, or flood the queue that hides them.",
  fix: "name the principals, or pin the caller by aws:SourceArn in a condition.",
  frameworks: [...securityHub("SQS.3"), ...hipaa("164.312(a)(1)")],
  types: queuePolicies,
});

export const tlsOnly = stackRule({
  id: "sqs-tls-only",
  service: "SQS",
  description: "Queue policies must deny requests without TLS.",
  reason: "Messages would travel in the clear.",
  fix: 'deny sqs:* on the queue to "*" when aws:SecureTransport is "false".',
  severity: "medium",
  level: "mandatory",
  frameworks: [...nag("AwsSolutions-SQS4"), ...hipaa("164.312(e)(1)")],
  types: [queues],
  judge(queue, report, _config, stack) {
    const policies = stack.namedBy(queue, "queueUrl", splitPolicies);
    const holders = policies.length > 0 ? policies : [queue];
    const statements = holders
      .filter((holder) => !isComputed(holder, "policy"))
      .flatMap(({ props }) => statementsOf(at(props, "policy")));
    if (!statements.some((one) => deniesPlaintext(one, ["sqs:SendMessage", "sqs:ReceiveMessage"])))
      report("policy", undefined, "a Deny without TLS", holders[0]);
  },
});

export const sqsRules: readonly AnyRule[] = [encrypted, policyPrincipal, tlsOnly];
