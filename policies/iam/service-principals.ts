import { hipaa } from "../frameworks.ts";
import { keyPolicies } from "../kms/rules.ts";
import { isUnnamed } from "../reading/arn.ts";
import type { Condition, Statement } from "../reading/policy-document.ts";
import { isEquality, statementsOf } from "../reading/policy-document.ts";
import { at } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";
import { bucketPolicies } from "../s3/bucket.ts";
import { queuePolicies } from "../sqs/rules.ts";

const topicPolicies = ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"];

/** Resources whose policies invite AWS services; those of functions are `fn-permission-source`'s. */
const resourcePolicies = [
  ...bucketPolicies,
  ...keyPolicies,
  ...queuePolicies,
  ...topicPolicies,
  "aws:backup/vaultPolicy:VaultPolicy",
];

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
  judge({ type, props }, report, { spared }) {
    const here = sparing.includes(type) ? spared : [];
    for (const statement of invitations(props)) {
      if (statement.conditions.some(pinsSource)) continue;
      const [service] = servicesIn(statement).filter((name) => !here.includes(name));
      if (service !== undefined)
        report(
          `policy ${statement.label} Condition`,
          `no source of ${service}`,
          "an account, or ARNs in one",
        );
    }
  },
});

/** Statements that allow something to AWS services. */
function invitations(props: unknown): readonly Statement[] {
  return statementsOf(at(props, "policy")).filter(
    (statement) => statement.effect === "Allow" && servicesIn(statement).length > 0,
  );
}

const servicesIn = ({ principals }: Statement): readonly string[] =>
  principals
    .filter((principal) => principal.startsWith("Service:"))
    .map((principal) => principal.replace("Service:", ""));

/**
 * Whether the condition leaves the service one account or organisation to act for. A bucket's ARN has no account:
 * once deleted, anybody may take its name. (IAM User Guide, "Cross-service confused deputy prevention".)
 */
function pinsSource({ operator, key, values }: Condition): boolean {
  const [, pinned] = Object.entries(sources).find(([prefix]) => key.startsWith(prefix)) ?? [];
  return isEquality(operator) && values.length > 0 && pinned !== undefined && values.every(pinned);
}

const hasAccount = (arn: string) => /^\d{12}$/.test(arn.split(":")[4] ?? "");

const sources: Readonly<Record<string, (value: string) => boolean>> = {
  "aws:sourceaccount": (value) => /^\d{12}$/.test(value),
  "aws:sourcearn": hasAccount,
  "aws:sourceorg": (value) => value.startsWith("o-"),
  // Not always an ARN; services name what they encrypt as they please.
  "kms:encryptioncontext:": (value) =>
    value.startsWith("arn:") ? hasAccount(value) || !isUnnamed(value) : !/^[*?]/.test(value),
};

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
  judge({ type, props }, report) {
    for (const { label, actions, notActions, resources, notResources } of invitations(props)) {
      const wide = actions.find((action) => /[*?]/.test(action) && !usesOfKeys.test(action));
      if (wide !== undefined) report(`policy ${label} Action`, wide, "actions by name");
      if (notActions.length > 0) report(`policy ${label} NotAction`, "set", "Action");
      // Other policies speak of one resource only; a bucket's also of what lies in it.
      if (!bucketPolicies.includes(type)) continue;
      const unnamed = notResources.length > 0 ? "NotResource" : resources.find(isUnnamed);
      if (unnamed !== undefined) report(`policy ${label} Resource`, unnamed, "the bucket's ARN");
    }
  },
});
