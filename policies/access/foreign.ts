import { compliance, hipaa, prowler, securityHub } from "../frameworks.ts";
import { isComputed } from "../reading/computed.ts";
import { callersIn, pins } from "../reading/conditions.ts";
import type { Statement } from "../reading/policy-document.ts";
import { isAnybody, statementsOf } from "../reading/policy-document.ts";
import { at, textsAt } from "../reading/read.ts";
import type { Report, StackResource } from "../rule.ts";
import { stackRule } from "../rule.ts";
import { policyHolders, policyPath, principalProperties } from "./holders.ts";
import { accountOf, isOwn, loadBalancing } from "./trusted.ts";

const roles = "aws:iam/role:Role";

export const foreign = stackRule({
  id: "policy-foreign",
  service: "Resource policies",
  description:
    "Policies, permissions, grants and roles must let in no account that is not trusted.",
  reason: "What another account may do here nobody here can revoke, watch or even see.",
  fix: "remove the account, or list it in the policy's config (accounts, organizations); a role may ask a third party for its sts:ExternalId instead.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...securityHub("S3.6"),
    ...compliance("aws.lambda.Function.disallowUnknownCrossAccountAccess"),
    ...prowler(
      "s3_bucket_cross_account_access",
      "dynamodb_table_cross_account_access",
      "eventbridge_bus_cross_account_access",
    ),
    ...hipaa("164.308(a)(4)(ii)(B)", "164.312(a)(1)"),
  ],
  config: {
    accounts: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Trusted accounts, by their twelve digits; the stack's own is trusted anyway.",
    },
    organizations: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Trusted organisations, o-…; where none is listed, one that a policy names.",
    },
  },
  types: [...policyHolders, roles, ...Object.keys(principalProperties)],
  judge(resource, report, { accounts, organizations }, stack) {
    const isTrusted: IsTrusted = (name) => {
      if (name.startsWith("o-")) return organizations.length === 0 || organizations.includes(name);
      const account = accountOf(name);
      if (account === undefined || accounts.includes(account)) return true;
      return loadBalancing.includes(account) || isOwn(account, stack);
    };
    for (const property of principalProperties[resource.type] ?? [])
      for (const name of textsAt(resource.props, property))
        if (!isTrusted(name)) report(property, name, allowed);
    const path = documentPath(resource);
    if (path === undefined || isComputed(resource, path)) return;
    for (const statement of statementsOf(at(resource.props, path)))
      judgeStatement(statement, path, isTrusted, report);
  },
});

type IsTrusted = (name: string) => boolean;

const allowed = "this stack's account, or a trusted one";

function documentPath(resource: StackResource): string | undefined {
  if (resource.type === roles) return "assumeRolePolicy";
  return policyHolders.includes(resource.type) ? policyPath(resource) : undefined;
}

function judgeStatement(
  statement: Statement,
  path: string,
  isTrusted: IsTrusted,
  report: Report,
): void {
  if (statement.effect !== "Allow") return;
  const callers = callersIn(statement);
  // Conditions are joined by "and": one that leaves trusted callers only is enough.
  const isLimited = callers.some((names) => names.every((name) => isTrusted(name)));
  const foreigner = callers.flat().find((name) => !isTrusted(name));
  const invitesOthers = isAnybody(statement) || statement.principals.some(isService);
  if (invitesOthers && !isLimited && foreigner !== undefined)
    report(`${path} ${statement.label} Condition`, foreigner, allowed);
  // An organisation that is pinned, or an agreed secret, says that the account is meant.
  const isAgreed = pins(statement, "external-id") || (pins(statement, "organization") && isLimited);
  for (const principal of statement.principals) {
    const name = principal.replace(/^AWS:/, "");
    if (principal !== name && !isAgreed && !isTrusted(name))
      report(`${path} ${statement.label} Principal`, name, allowed);
  }
}

const isService = (principal: string): boolean => principal.startsWith("Service:");
