import { checkov, cis, hipaa, nag, securityHub } from "../frameworks.ts";
import { isUnnamed } from "../reading/arn.ts";
import { pins } from "../reading/conditions.ts";
import type { Statement } from "../reading/policy-document.ts";
import { coversAction } from "../reading/policy-document.ts";
import { resourceRule } from "../rule.ts";
import { namesNoResource } from "./actions/unscoped.ts";
import { attachmentsOf, attachmentTypes } from "./attachments.ts";
import { grantsOf, holders, isEverything } from "./documents.ts";

const leastPrivilege = hipaa("164.308(a)(3)(i)", "164.308(a)(4)(ii)(B)", "164.312(a)(1)");

export const noAdmin = resourceRule({
  id: "iam-no-admin",
  service: "IAM",
  description: "Policies must not allow every action on every resource.",
  reason: "Whoever takes over the identity owns the account, and all its tenants.",
  fix: "name the actions and the resources that are needed.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-IAMPolicyNoStatementsWithAdminAccess", "AwsSolutions-IAM5"),
    ...securityHub("IAM.1"),
    ...cis("1.16"),
    ...leastPrivilege,
  ],
  config: {
    administrators: {
      type: "array",
      items: { type: "string" },
      default: ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"],
      description: "AWS's own policies that amount to the same.",
    },
  },
  types: [...new Set([...holders, ...attachmentTypes])],
  judge(resource, report, { administrators }) {
    for (const { where, statement } of grantsOf(resource))
      if (allowsEveryAction(statement) && coversEverything(statement))
        report(where, "every action on every resource", "named actions on named resources");
    for (const { path, arn } of attachmentsOf(resource))
      if (administrators.some((name) => arn.endsWith(`:aws:policy/${name}`)))
        report(path, arn, "a policy of its own");
  },
});

/** With `NotAction`, everything but some. */
function allowsEveryAction({ actions, notActions }: Statement): boolean {
  return notActions.length > 0 || actions.some((action) => /^\*+(:\*+)?$/.test(action));
}

function coversEverything({ resources, notResources }: Statement): boolean {
  return notResources.length > 0 || resources.some(isEverything);
}

export const starAction = resourceRule({
  id: "iam-star-action",
  service: "IAM",
  description: "Policies must allow actions by name.",
  reason: "A wildcard allows what nobody thought of, and whatever AWS adds to the service.",
  fix: "list the actions; replace NotAction by Action.",
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...nag(
      "AwsSolutions-IAM5",
      "HIPAA.Security-IAMPolicyNoStatementsWithFullAccess",
      "Serverless-LambdaStarPermissions",
    ),
    ...securityHub("IAM.21"),
    ...leastPrivilege,
  ],
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Actions with wildcards that may stand, as they are written.",
    },
  },
  types: holders,
  judge(resource, report, { allowed }) {
    for (const { where, statement } of grantsOf(resource)) {
      if (statement.notActions.length > 0)
        report(`${where} NotAction`, statement.notActions.join(", "), "Action with names");
      for (const action of statement.actions)
        if (/[*?]/.test(action) && !allowed.includes(action))
          report(`${where} Action`, action, "actions by name");
    }
  },
});

export const starResource = resourceRule({
  id: "iam-star-resource",
  service: "IAM",
  description: "Policies must allow actions on resources by name.",
  reason: "A pattern that names nothing covers the resources of every tenant in the account.",
  fix: "list ARNs, or at least the beginning of a name; replace NotResource by Resource.",
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-IAM5", "Serverless-LambdaStarPermissions"),
    ...checkov(
      "CKV_AWS_108",
      "CKV_AWS_109",
      "CKV_AWS_111",
      "CKV_AWS_288",
      "CKV_AWS_289",
      "CKV_AWS_290",
    ),
    ...leastPrivilege,
  ],
  config: {
    unscoped: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "Actions that may be allowed on any resource, beside those that AWS allows on no single one.",
    },
  },
  types: holders,
  judge(resource, report, { unscoped }) {
    const added = unscoped.map((action) => action.toLowerCase());
    for (const { where, statement } of grantsOf(resource)) {
      if (statement.notResources.length > 0)
        report(`${where} NotResource`, statement.notResources.join(", "), "Resource with names");
      const { actions } = statement;
      const needNone =
        actions.length > 0 &&
        actions.every((one) => namesNoResource(one) || added.includes(one.toLowerCase()));
      if (needNone || pins(statement, "tag")) continue;
      for (const pattern of statement.resources.filter(isUnnamed))
        report(`${where} Resource`, pattern, "ARNs that name resources");
    }
  },
});

/**
 * Whether a statement is for AWS Backup's restores: DynamoDB asks the role that restores to scan the new
 * table, whose name is made up then ("Using IAM with DynamoDB backup and restore").
 */
const isRestore = ({ actions, resources, notResources }: Statement): boolean =>
  actions.includes("dynamodb:RestoreTableFromAwsBackup") &&
  notResources.length === 0 &&
  resources.length > 0 &&
  resources.every((arn) => /:table\/([^*?]+-at|awsbackup-restore-test)-\*$/.test(arn));

export const noScan = resourceRule({
  id: "iam-no-scan",
  service: "IAM",
  description: "Policies must not allow reading a table whole.",
  reason:
    "One forgotten key condition would read all users' conversations; scans also cost the whole table.",
  fix: "allow dynamodb:Query and dynamodb:GetItem by name; read whole tables from exports.",
  severity: "high",
  level: "mandatory",
  frameworks: leastPrivilege,
  config: {
    actions: {
      type: "array",
      items: { type: "string" },
      default: [
        "dynamodb:Scan",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLUpdate",
      ],
      description: "Actions that no policy may allow. PartiQL scans where its text names no key.",
    },
  },
  types: holders,
  judge(resource, report, { actions }) {
    for (const { where, statement, document } of grantsOf(resource)) {
      const allowed = actions.filter(
        (action) =>
          coversAction(statement, action) &&
          !document.some((other) => denies(other, action)) &&
          !(action === "dynamodb:Scan" && isRestore(statement)),
      );
      if (allowed.length > 0) report(`${where} Action`, allowed.join(", "), "queries by key");
    }
  },
});

/** Whether nothing is left of an action, whatever else allows it. */
function denies(statement: Statement, action: string): boolean {
  return (
    statement.effect === "Deny" &&
    statement.conditions.length === 0 &&
    statement.notResources.length === 0 &&
    statement.resources.some(isEverything) &&
    coversAction(statement, action)
  );
}
