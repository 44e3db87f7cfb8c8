/** `policies/iam/actions/`: what single actions give away, and which of them name no resource. */
import { checkov, hipaa } from "../../frameworks.ts";
import { isUnnamed } from "../../reading/arn.ts";
import { pins } from "../../reading/conditions.ts";
import { coversAction } from "../../reading/policy-document.ts";
import { resourceRule } from "../../rule.ts";
import { grantsOf, holders } from "../documents.ts";

/** Actions that answer with credentials: Service Authorization Reference, by their descriptions. */
const answering = [
  "chime:CreateApiKey",
  "codeartifact:GetAuthorizationToken",
  "cognito-identity:GetCredentialsForIdentity",
  "cognito-identity:GetOpenIdToken",
  "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
  "connect:GetFederationToken",
  "ec2:GetPasswordData",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential",
  "lightsail:GetInstanceAccessDetails",
  "lightsail:GetRelationalDatabaseMasterUserPassword",
  "rds-db:connect",
  "redshift:GetClusterCredentials",
  "redshift-serverless:GetCredentials",
  "secretsmanager:GetSecretValue",
  "sso:GetRoleCredentials",
  "sts:GetFederationToken",
  "sts:GetSessionToken",
];

export const credentials = resourceRule({
  id: "iam-credentials",
  service: "IAM",
  description: "Policies must not hand out credentials of anybody.",
  reason: "A credential that leaves works anywhere, until somebody notices.",
  fix: "name the secrets, users, databases or clusters; remove what is not needed.",
  severity: "high",
  level: "mandatory",
  frameworks: [...checkov("CKV_AWS_107", "CKV_AWS_287"), ...hipaa("164.312(a)(1)", "164.312(d)")],
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Actions that may answer with anybody's credentials.",
    },
  },
  types: holders,
  judge(resource, report, { allowed }) {
    for (const { where, statement } of grantsOf(resource)) {
      if (pins(statement, "tag")) continue;
      if (statement.notResources.length === 0 && !statement.resources.some(isUnnamed)) continue;
      const found = answering.filter(
        (action) => !allowed.includes(action) && coversAction(statement, action),
      );
      if (found.length > 0) report(`${where} Action`, found.join(", "), "named resources");
    }
  },
});
