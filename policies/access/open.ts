import { checkov, hipaa, prowler, securityHub } from "../frameworks.ts";
import { pins, pinsToken } from "../reading/conditions.ts";
import type { Statement } from "../reading/policy-document.ts";
import { isOpen } from "../reading/policy-document.ts";
import { at } from "../reading/read.ts";
import type { Framework, ResourceRule } from "../rule.ts";
import { resourceRule } from "../rule.ts";
import { openByNature, policyHolders, policyOf, policyPath } from "./holders.ts";

interface Open {
  readonly id: string;
  readonly service: string;
  /** `Bucket policies`. */
  readonly what: string;
  readonly reason: string;
  readonly fix: string;
  readonly frameworks: readonly Framework[];
  readonly types: readonly string[];
}

/** Policies of one service's resources must not let everybody in. */
export function openRule({ what, ...rule }: Open): ResourceRule {
  return resourceRule({
    ...rule,
    description: `${what} must not allow everybody.`,
    severity: "critical",
    level: "mandatory",
    judge(resource, report) {
      // Nobody outside its network reaches a domain that lies in one.
      if (at(resource.props, "vpcOptions") !== undefined) return;
      const statements = policyOf(resource);
      for (const statement of statements)
        if (isOpen(statement, statements) || isAnybodysUser(statement))
          report(`${policyPath(resource)} ${statement.label} Principal`, "*", "named principals");
    },
  });
}

/** Providers that AWS knows without being told vouch for the users of all AWS customers ("Principal: Federated"). */
const isAnybodysUser = (statement: Statement): boolean =>
  statement.effect === "Allow" &&
  statement.principals.some((name) => webIdentities.test(name)) &&
  !pinsToken(statement) &&
  !pins(statement, "caller");

const webIdentities =
  /^Federated:(cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/;

/** Services whose rule of this kind is their own; `kms-lockout`, which needs the stack, comes too late for keys. */
const ofOwnRules =
  /^aws:(dynamodb|s3|sqs)\/(resourcePolicy|accessPoint|bucket|bucketV2|bucketPolicy|bucketPolicyV2|queue|queuePolicy):/;

export const policyOpen = openRule({
  id: "policy-open",
  service: "Resource policies",
  what: "Policies of topics, secrets, vaults, buses, logs, repositories and all other resources",
  reason:
    "A wildcard principal without a pinned caller is every AWS customer, or the whole internet.",
  fix: "name the principals, or pin the caller by account, organisation, source or endpoint in a condition with fixed values.",
  frameworks: [
    ...securityHub("SNS.4"),
    ...checkov("CKV_AWS_32", "CKV_AWS_169", "CKV_AWS_167"),
    ...prowler(
      "sns_topics_not_publicly_accessible",
      "secretsmanager_not_publicly_accessible",
      "eventbridge_bus_exposed",
      "cloudwatch_log_group_not_publicly_accessible",
      "ecr_repositories_not_publicly_accessible",
      "glacier_vaults_policy_public_access",
      "efs_not_publicly_accessible",
      "opensearch_service_domains_not_publicly_accessible",
    ),
    ...hipaa("164.312(a)(1)"),
  ],
  types: policyHolders.filter((type) => !openByNature.includes(type) && !ofOwnRules.test(type)),
});
