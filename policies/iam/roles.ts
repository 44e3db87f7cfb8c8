import { hipaa } from "../frameworks.ts";
import { pins, pinsToken } from "../reading/conditions.ts";
import type { Statement } from "../reading/policy-document.ts";
import { coversAction, isOpen, statementsOf } from "../reading/policy-document.ts";
import { at } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";
import { roles } from "./documents.ts";

export const trust = resourceRule({
  id: "iam-trust",
  service: "IAM",
  description: "Roles must say exactly who may assume them.",
  reason: "Who may assume the role has what it has; an account means everybody in it.",
  fix: "name services or roles; give an account a condition (sts:ExternalId, aws:PrincipalArn), an identity provider one on its subject or audience.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.308(a)(4)(ii)(B)", "164.312(a)(1)"),
  config: {
    accounts: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Account ids that may assume roles without a condition.",
    },
  },
  types: [roles],
  judge({ props }, report, { accounts }) {
    const statements = statementsOf(at(props, "assumeRolePolicy"));
    for (const statement of statements) {
      const where = `assumeRolePolicy ${statement.label} Principal`;
      if (isOpen(statement, statements)) report(where, "anybody", "services or roles");
      // What only adds tags or a source identity to a session lets nobody in.
      if (statement.effect !== "Allow" || !isAssumable(statement)) continue;
      for (const principal of statement.principals) {
        const fault = faultOf(principal, statement, accounts);
        if (fault !== undefined) report(where, principal, fault);
      }
    }
  },
});

const isAssumable = (statement: Statement): boolean =>
  ["", "WithSAML", "WithWebIdentity"].some((way) =>
    coversAction(statement, `sts:AssumeRole${way}`),
  ) ||
  (statement.actions.length === 0 && statement.notActions.length === 0);

/** What is missing for the principal to be trusted. */
function faultOf(
  principal: string,
  statement: Statement,
  accounts: readonly string[],
): string | undefined {
  const [, kind, name = ""] = /^(\w+):(.*)$/.exec(principal) ?? [];
  if (kind === "Service") return /[*?]/.test(name) ? "a service by name" : undefined;
  if (kind === "Federated")
    return pinsToken(statement)
      ? undefined
      : "a condition on whose tokens count (sub), or for whom";
  const [, account] = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name) ?? [];
  if (account === undefined || accounts.includes(account)) return undefined;
  if (pins(statement, "identity-of-account")) return undefined;
  return "a condition such as sts:ExternalId, or a role of the account";
}

export const boundary = resourceRule({
  id: "iam-boundary",
  service: "IAM",
  description: "Roles must have a permissions boundary.",
  reason: "A policy that is attached later, by mistake or by an intruder, would count in full.",
  fix: "set permissionsBoundary to the ARN of the platform's boundary.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: hipaa("164.308(a)(4)(ii)(B)"),
  types: [roles, "aws:iam/user:User"],
  judge({ props }, report) {
    const found = at(props, "permissionsBoundary");
    if (found === undefined || found === "") report("permissionsBoundary", undefined, "an ARN");
  },
});
