import { checkov, hipaa, prowler } from "../../frameworks.ts";
import { isUnnamed } from "../../reading/arn.ts";
import { pins } from "../../reading/conditions.ts";
import type { Statement } from "../../reading/policy-document.ts";
import { coversAction } from "../../reading/policy-document.ts";
import { resourceRule } from "../../rule.ts";
import { grantsOf, holders, isEverything } from "../documents.ts";

/**
 * Sets of actions by which an identity gives itself more than it has, where no resource is named: "AWS IAM privilege
 * escalation methods" by Rhino Security Labs, and what AWS has added since in which a role is passed to code. Every action but `iam:PassRole`, which is a permission
 * alone, is an operation of botocore's service models (1.44.8).
 */
const paths: readonly (readonly string[])[] = [
  ["iam:CreatePolicyVersion"],
  ["iam:SetDefaultPolicyVersion"],
  ["iam:AttachUserPolicy"],
  ["iam:AttachGroupPolicy"],
  ["iam:AttachRolePolicy"],
  ["iam:PutUserPolicy"],
  ["iam:PutGroupPolicy"],
  ["iam:PutRolePolicy"],
  ["iam:AddUserToGroup"],
  ["iam:UpdateAssumeRolePolicy"],
  ["iam:CreateAccessKey"],
  ["iam:CreateLoginProfile"],
  ["iam:UpdateLoginProfile"],
  ["iam:DeleteRolePermissionsBoundary"],
  ["iam:PutRolePermissionsBoundary"],
  ["sts:AssumeRole"],
  ["lambda:UpdateFunctionCode"],
  ["lambda:UpdateFunctionConfiguration"],
  ["glue:UpdateDevEndpoint"],
  ["ssm:SendCommand"],
  ["ssm:StartSession"],
  ["iam:PassRole", "ec2:RunInstances"],
  ["iam:PassRole", "lambda:CreateFunction"],
  ["iam:PassRole", "cloudformation:CreateStack"],
  ["iam:PassRole", "cloudformation:UpdateStack"],
  ["iam:PassRole", "codebuild:CreateProject"],
  ["iam:PassRole", "datapipeline:CreatePipeline"],
  ["iam:PassRole", "ecs:RegisterTaskDefinition"],
  ["iam:PassRole", "ecs:RunTask"],
  ["iam:PassRole", "glue:CreateDevEndpoint"],
  ["iam:PassRole", "glue:CreateJob"],
  ["iam:PassRole", "sagemaker:CreateNotebookInstance"],
  ["iam:PassRole", "sagemaker:CreateProcessingJob"],
  ["iam:PassRole", "sagemaker:CreateTrainingJob"],
  ["iam:PassRole", "scheduler:CreateSchedule"],
  ["iam:PassRole", "states:CreateStateMachine"],
  ["iam:PassRole", "bedrock-agentcore:CreateCodeInterpreter"],
  ["iam:PassRole", "apprunner:CreateService"],
  ["iam:PassRole", "apprunner:UpdateService"],
  ["iam:PassRole", "autoscaling:CreateLaunchConfiguration"],
  ["iam:PassRole", "batch:RegisterJobDefinition"],
  ["iam:PassRole", "bedrock-agentcore:CreateAgentRuntime"],
  ["iam:PassRole", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
  ["iam:PassRole", "codebuild:UpdateProject"],
  ["iam:PassRole", "ec2:AssociateIamInstanceProfile"],
  ["iam:PassRole", "ec2:RequestSpotInstances"],
  ["iam:PassRole", "ecs:StartTask"],
  ["iam:PassRole", "elasticmapreduce:RunJobFlow"],
  ["iam:PassRole", "emr-serverless:StartJobRun"],
  ["iam:PassRole", "glue:UpdateJob"],
  ["iam:PassRole", "ssm:StartAutomationExecution"],
  ["sagemaker:CreatePresignedNotebookInstanceUrl"],
];

export const escalation = resourceRule({
  id: "iam-escalation",
  service: "IAM",
  description: "Policies must not let an identity give itself more permissions.",
  reason: "Whoever takes over the identity becomes administrator in one or two calls.",
  fix: "name the roles, policies or functions that the actions may touch, iam:PassRole first of all.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...checkov("CKV_AWS_110", "CKV_AWS_286"),
    ...prowler(
      "iam_policy_allows_privilege_escalation",
      "iam_inline_policy_allows_privilege_escalation",
      "iam_no_custom_policy_permissive_role_assumption",
    ),
    ...hipaa("164.308(a)(3)(i)", "164.308(a)(4)(ii)(B)", "164.312(a)(1)"),
  ],
  types: holders,
  judge(resource, report) {
    const grants = grantsOf(resource).filter(({ statement }) => isUnlimited(statement));
    if (grants.length === 0) return;
    const isAllowed = (action: string) =>
      grants.find(
        ({ statement, document }) =>
          coversAction(statement, action) && !document.some((other) => denies(other, action)),
      );
    for (const path of paths) {
      const allowing = path.map(isAllowed);
      const [first] = allowing;
      if (first && allowing.every((grant) => grant !== undefined))
        return report(`${first.where} Action`, path.join(" with "), "named resources");
    }
  },
});

/** Whether the statement limits what it allows neither to names, to tags nor to a service that a role is passed to. */
function isUnlimited(statement: Statement): boolean {
  const { resources, notResources } = statement;
  const isBound = pins(statement, "tag") || pins(statement, "permission");
  return !isBound && (notResources.length > 0 || resources.some(isUnnamed));
}

function denies(statement: Statement, action: string): boolean {
  return (
    statement.effect === "Deny" &&
    statement.conditions.length === 0 &&
    statement.resources.some(isEverything) &&
    coversAction(statement, action)
  );
}
