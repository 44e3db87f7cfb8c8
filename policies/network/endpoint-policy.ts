import { hipaa } from "../frameworks.ts";
import { isUnnamed } from "../reading/arn.ts";
import { isComputed } from "../reading/computed.ts";
import { pins } from "../reading/conditions.ts";
import type { Statement } from "../reading/policy-document.ts";
import { coversAction, statementsOf } from "../reading/policy-document.ts";
import { at, textAt } from "../reading/read.ts";
import { stackRule } from "../rule.ts";

const endpoints = "aws:ec2/vpcEndpoint:VpcEndpoint";
const policies = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";

export const endpointPolicy = stackRule({
  id: "net-endpoint-policy",
  service: "Network",
  description: "VPC endpoints must not let data pass to every account.",
  reason:
    "Code that was tampered with would copy documents through the endpoint to a bucket of its own.",
  fix: "give the endpoint a policy with a condition on aws:ResourceAccount or aws:ResourceOrgID, or with named resources.",
  severity: "medium",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  reach: "tenant",
  types: [endpoints],
  judge(endpoint, report, _config, stack) {
    const split = stack.namedBy(endpoint, "vpcEndpointId", policies);
    const holders = split.length > 0 ? split : [endpoint];
    for (const holder of holders) {
      const policy = isComputed(holder, "policy") ? undefined : at(holder.props, "policy");
      // Endpoints of S3 and DynamoDB lead to every bucket and table; of others the service itself says whose.
      const isGateway = (textAt(endpoint.props, "vpcEndpointType") ?? "Gateway") === "Gateway";
      if (policy === undefined || policy === "") {
        if (isGateway) report("policy", undefined, "a policy with named resources", holder);
        continue;
      }
      for (const statement of statementsOf(policy))
        if (isWideOpen(statement))
          report(`policy ${statement.label}`, "everything", "named resources", holder);
    }
  },
});

/** Who calls does not matter: the code that was tampered with is the network's own. */
function isWideOpen(statement: Statement): boolean {
  const { effect, actions, notActions, resources, notResources } = statement;
  return (
    effect === "Allow" &&
    !pins(statement, "owner") &&
    (notActions.length > 0 ||
      actions.some((action) => /^(\*|[\w-]+:\*)$/.test(action)) ||
      storing.some((action) => coversAction(statement, action))) &&
    (notResources.length > 0 || resources.some(isAnybodys))
  );
}

/** What takes data to a bucket or table that anybody may own. */
const storing = [
  "s3:PutObject",
  "s3:ReplicateObject",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:BatchWriteItem",
];

const isAnybodys = (pattern: string): boolean =>
  isUnnamed(pattern) && !/^\d{12}$/.test(pattern.split(":")[4] ?? "");
