import { openByNature, policyHolders, policyOf, policyPath } from "../access/holders.ts";
import { hipaa } from "../frameworks.ts";
import { keyPolicies } from "../kms/rules.ts";
import { isUnnamed } from "../reading/arn.ts";
import { pins } from "../reading/conditions.ts";
import type { Statement } from "../reading/policy-document.ts";
import type { Resource } from "../rule.ts";
import { resourceRule } from "../rule.ts";
import { bucketPolicies } from "../s3/bucket.ts";

const topicPolicies = ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"];

/** Resources whose policies invite AWS services; permissions of functions are `fn-permission-source`'s. */
const resourcePolicies = policyHolders.filter((type) => !openByNature.includes(type));

/** What EventBridge, say, uses without telling for which rule. */
const sparing = [...keyPolicies, ...topicPolicies];

export const serviceSource = resourceRule({
  id: "iam-service-source",
  service: "IAM",
  description: "Resource policies must say on whose behalf an AWS service may act.",
  reason:
    "A service acts for every AWS customer: without a source, anybody's may write to the bucket or use the key as if it were the tenant's own.",
  fix: "add a condition on aws:SourceArn (for a bucket's ARN on aws:SourceAccount as well), aws:SourceAccount, aws:SourceOrgID, or a key's encryption context.",
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  config: {
    spared: {
      type: "array",
      items: { type: "string" },
      // EventBridge sends to encrypted topics without either key (Amazon SNS Developer Guide, "Key management").
      default: ["events.amazonaws.com"],
      description:
        "Services that policies of keys and topics may name without a condition, because they fail with one.",
    },
  },
  types: resourcePolicies,
  judge(resource, report, { spared }) {
    const here = sparing.includes(resource.type) ? spared : [];
    for (const statement of invitations(resource)) {
      if (pins(statement, "source") || delivers(statement)) continue;
      const [service] = servicesIn(statement).filter((name) => !here.includes(name));
      if (service !== undefined)
        report(
          `${policyPath(resource)} ${statement.label} Condition`,
          `no source of ${service}`,
          "an account, or ARNs in one",
        );
    }
  },
});

/** Statements that allow something to AWS services. */
function invitations(resource: Resource): readonly Statement[] {
  return policyOf(resource).filter(
    (statement) => statement.effect === "Allow" && servicesIn(statement).length > 0,
  );
}

const servicesIn = ({ principals }: Statement): readonly string[] =>
  principals
    .filter((principal) => principal.startsWith("Service:"))
    .map((principal) => principal.replace("Service:", ""));

/**
 * Logs that a service delivers for an account lie under its id, so that a bucket which takes no others is written to
 * for that account alone ("Enable access logs" in the guides of Elastic Load Balancing).
 */
const delivers = ({ resources }: Statement): boolean =>
  resources.length > 0 && resources.every((arn) => /\/AWSLogs\/\d{12}\//.test(arn));

/** All beginnings that AWS's own examples shorten, and none that manages a key: "Encrypt log data using AWS KMS". */
const usesOfKeys = /^kms:(Decrypt|Describe|Encrypt|GenerateDataKey|ReEncrypt)\*$/i;

export const serviceActions = resourceRule({
  id: "iam-service-actions",
  service: "IAM",
  description: "Resource policies must name what an AWS service may do, and with which objects.",
  reason:
    "A wildcard lets a service that only delivers also read and delete, and rewrite the policy that restrains it.",
  fix: "list the actions that the service's documentation asks for, e.g. s3:PutObject, and in a bucket's policy its ARN with the prefix.",
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: resourcePolicies,
  judge(resource, report) {
    const path = policyPath(resource);
    for (const { label, actions, notActions, resources, notResources } of invitations(resource)) {
      const wide = actions.find((action) => /[*?]/.test(action) && !usesOfKeys.test(action));
      if (wide !== undefined) report(`${path} ${label} Action`, wide, "actions by name");
      if (notActions.length > 0) report(`${path} ${label} NotAction`, "set", "Action");
      // Other policies speak of one resource only; a bucket's also of what lies in it.
      if (!bucketPolicies.includes(resource.type)) continue;
      const unnamed = notResources.length > 0 ? "NotResource" : resources.find(isUnnamed);
      if (unnamed !== undefined) report(`${path} ${label} Resource`, unnamed, "the bucket's ARN");
    }
  },
});
