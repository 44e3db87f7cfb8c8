import { hipaa, prowler } from "../frameworks.ts";
import { pins } from "../reading/conditions.ts";
import { statementsOf } from "../reading/policy-document.ts";
import { at } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";
import { roles } from "./documents.ts";

/**
 * Services that name the source for which they assume a role, each with the page that shows or recommends a trust policy
 * with it. Others are left out: AWS Backup's page speaks of topics and keys alone, Firehose's of `sts:ExternalId`. Checked
 * 2026-11.
 */
const sources: Readonly<Record<string, string>> = {
  "bedrock.amazonaws.com":
    'Amazon Bedrock User Guide, "Create a service role for Amazon Bedrock Agents"',
  "bedrock-agentcore.amazonaws.com":
    'Amazon Bedrock AgentCore Developer Guide, "Permissions for AgentCore Runtime"',
  "pipes.amazonaws.com":
    'Amazon EventBridge User Guide, "Cross-service confused deputy prevention in Amazon EventBridge"',
  "scheduler.amazonaws.com":
    'EventBridge Scheduler User Guide, "Confused deputy prevention in EventBridge Scheduler"',
  "states.amazonaws.com":
    'AWS Step Functions Developer Guide, "Creating an IAM role for your state machine"',
  "vpc-flow-logs.amazonaws.com":
    'Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs"',
  "logs.amazonaws.com": 'Amazon CloudWatch Logs User Guide, "Confused deputy prevention"',
};

export const trustSource = resourceRule({
  id: "iam-trust-source",
  service: "IAM",
  description: "Roles that a service assumes should say on whose behalf it may.",
  reason: "Such a service acts for every AWS customer, with a role that anybody may name to it.",
  fix: "add a condition on aws:SourceAccount or aws:SourceArn to the role's trust.",
  severity: "medium",
  level: "advisory",
  frameworks: [
    ...prowler(
      "iam_role_cross_service_confused_deputy_prevention",
      "iam_role_service_trust_restricts_source_to_account",
    ),
    ...hipaa("164.312(a)(1)"),
  ],
  config: {
    services: {
      type: "array",
      items: { type: "string" },
      default: Object.keys(sources),
      description: "Services that name the source for which they assume a role.",
    },
  },
  types: [roles],
  judge({ props }, report, { services }) {
    for (const statement of statementsOf(at(props, "assumeRolePolicy"))) {
      if (
        statement.effect !== "Allow" ||
        pins(statement, "source") ||
        pins(statement, "external-id")
      )
        continue;
      for (const principal of statement.principals) {
        const service = principal.replace(/^Service:/, "").replace(/\.[a-z]+-[a-z]+-\d(?=\.)/, "");
        if (principal.startsWith("Service:") && services.includes(service))
          report(
            `assumeRolePolicy ${statement.label} Condition`,
            `no source of ${service}`,
            "an account, or ARNs in one",
          );
      }
    }
  },
});
