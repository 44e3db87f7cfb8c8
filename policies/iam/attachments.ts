import { cis, compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { at, listAt, textAt, textsAt } from "../reading/read.ts";
import type { Resource } from "../rule.ts";
import { resourceRule } from "../rule.ts";
import { roles } from "./documents.ts";

const userAttachments = "aws:iam/userPolicyAttachment:UserPolicyAttachment";
const anyAttachments = "aws:iam/policyAttachment:PolicyAttachment";

/** Whatever gives an identity a managed policy by its ARN. */
export const attachmentTypes = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  userAttachments,
  anyAttachments,
  roles,
];

/** The policies that the resource attaches. */
export function attachmentsOf({ props }: Resource): { path: string; arn: string }[] {
  return ["policyArn", "policyArns", "managedPolicyArns"].flatMap((path) =>
    textsAt(props, path).map((arn) => ({ path, arn })),
  );
}

export const managed = resourceRule({
  id: "iam-managed",
  service: "IAM",
  description: "Identities must not use AWS's own policies.",
  reason: "They allow whole services on every resource, and AWS adds to them unasked.",
  fix: "write an aws.iam.Policy with the actions and resources that are needed.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: nag("AwsSolutions-IAM4"),
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      // API Gateway refuses an account role without the first ("Permissions for CloudWatch logging" in its developer
      // guide); the second follows what AWS Backup must do to take a copy ("Service roles" in its developer guide).
      default: [
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        "service-role/AWSBackupServiceRolePolicyForBackup",
      ],
      description: "AWS's policies that may be used: what follows `policy/` in their ARN.",
    },
  },
  types: attachmentTypes,
  judge(resource, report, { allowed }) {
    for (const { path, arn } of attachmentsOf(resource)) {
      const [, name] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
      if (name !== undefined && !allowed.includes(name)) report(path, arn, "a policy of its own");
    }
  },
});

export const inline = resourceRule({
  id: "iam-inline",
  service: "IAM",
  description: "Policies should be managed, not inline.",
  reason: "An inline policy has no versions to go back to and no ARN to find it by.",
  fix: "move the document into an aws.iam.Policy and attach it.",
  severity: "low",
  level: "advisory",
  frameworks: nag("HIPAA.Security-IAMNoInlinePolicy"),
  types: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/userPolicy:UserPolicy",
    roles,
  ],
  judge({ type, props }, report) {
    if (type !== roles) report("policy", "inline", "an attached policy");
    // An empty block removes whatever was inline.
    for (const [index, block] of listAt(props, "inlinePolicies").entries())
      if (at(block, "policy") !== undefined)
        report(`inlinePolicies.${index}`, "inline", "an attached policy");
  },
});

export const users = resourceRule({
  id: "iam-users",
  service: "IAM",
  description: "Nobody must work as an IAM user.",
  reason: "Users' keys and passwords do not expire; they leak in laptops and repositories.",
  fix: "let people sign in through IAM Identity Center and machines assume roles.",
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-IAMUserNoPolicies", "HIPAA.Security-IAMUserGroupMembership"),
    ...securityHub("IAM.2", "IAM.3"),
    ...cis("1.15"),
    ...compliance(
      "aws.iam.PolicyAttachment.onlyPermissionsViaGroups",
      "aws.iam.UserPolicyAttachment.onlyPermissionsViaGroups",
    ),
    ...hipaa("164.312(d)"),
  ],
  types: [
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/userLoginProfile:UserLoginProfile",
    "aws:iam/userPolicy:UserPolicy",
    userAttachments,
    anyAttachments,
  ],
  judge({ type, props }, report) {
    if (type !== anyAttachments) report("type", type, "roles");
    else if (listAt(props, "users").length > 0) report("users", textAt(props, "users.0"), "roles");
  },
});
