/**
 * `testing/aws/backup/`: backups and restores as DynamoDB and AWS Backup speak of them, and refuse them.
 *
 * Roles of a stack as a service would assume them: what their policies allow, call by call.
 */
import type { ResourceRecord } from "../../../offline/record.ts";
import {
  coversAction,
  coversResource,
  type Statement,
  statementsOf,
} from "../../../policies/reading/policy-document.ts";

export interface AssumedRole {
  readonly arn: string;
  /** Services that may assume it, e.g. `backup.amazonaws.com`. */
  readonly services: readonly string[];
  readonly statements: readonly Statement[];
}

/** What AWS's own policies allow, as far as a stack attaches them. */
const managed: Readonly<Record<string, object>> = {
  "service-role/AWSBackupServiceRolePolicyForBackup": {
    Statement: [
      {
        Effect: "Allow",
        Action: ["dynamodb:StartAwsBackupJob", "dynamodb:DescribeTable"],
        Resource: "arn:aws:dynamodb:*:*:table/*",
      },
    ],
  },
};

/** By ARN. */
export function rolesOf(records: readonly ResourceRecord[]): ReadonlyMap<string, AssumedRole> {
  const ofType = (type: string) => records.filter((record) => record.type === type);
  const policies = new Map(
    ofType("aws:iam/policy:Policy").map(({ outputs, inputs }) => [outputs.arn, inputs.policy]),
  );
  const attachments = ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  return new Map(
    ofType("aws:iam/role:Role").map(({ inputs, outputs }) => {
      const own = attachments.filter(({ inputs: { role } }) => role === outputs.name);
      const documents = own.map(({ inputs: { policyArn } }) => {
        const [, name = ""] = String(policyArn).split(":policy/");
        return policies.get(policyArn) ?? managed[name];
      });
      const trust = statementsOf(inputs.assumeRolePolicy).flatMap(({ principals }) => principals);
      const arn = String(outputs.arn);
      return [
        arn,
        {
          arn,
          services: trust.map((principal) => principal.replace(/^Service:/, "")),
          statements: documents.flatMap((document) => statementsOf(document)),
        },
      ];
    }),
  );
}

/** @param context values of condition keys, in lower case. */
export function mayCall(
  { statements }: AssumedRole,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): boolean {
  return statements.some(
    (statement) =>
      statement.effect === "Allow" &&
      coversAction(statement, action) &&
      coversResource(statement, resource) &&
      statement.conditions.every(
        ({ operator, key, values }) =>
          ["StringEquals", "Bool"].includes(operator) && values.includes(context[key] ?? ""),
      ),
  );
}
