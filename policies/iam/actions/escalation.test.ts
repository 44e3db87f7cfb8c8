import { resource, testRule } from "../../testing.ts";
import { trustSource } from "../trust-source.ts";
import { credentials } from "./credentials.ts";
import { escalation } from "./escalation.ts";

const policy = (...Statement: object[]) => [
  resource("aws:iam/policy:Policy", { policy: JSON.stringify({ Statement }) }),
];
const allow = (Action: unknown, Resource: unknown = "*", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const role = "arn:aws:iam::123456789012:role/acme-app";
const action = "policy statement 0 Action";

testRule(escalation, {
  passes: {
    "a role that is passed by name": policy(
      allow("iam:PassRole", role),
      allow("lambda:CreateFunction"),
    ),
    "a role that is passed to one service": policy(
      allow("iam:PassRole", "*", {
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
      allow("lambda:CreateFunction"),
    ),
    "one half only": policy(allow("lambda:CreateFunction")),
    "what is denied again": policy(allow("iam:*"), allow("iam:*", "*", { Effect: "Deny" })),
    "code of one function": policy(
      allow("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-1:1:function:acme"),
    ),
    reading: policy(allow(["iam:Get*", "iam:List*"])),
  },
  objects: {
    ...Object.fromEntries(
      [
        "iam:CreatePolicyVersion",
        "iam:AttachRolePolicy",
        "iam:PutUserPolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:CreateAccessKey",
        "iam:Create*",
        "iam:*",
        "*",
        "lambda:UpdateFunctionCode",
        "ssm:SendCommand",
        "sts:AssumeRole",
      ].map((name) => [`${name} is allowed on anything`, [policy(allow(name)), action]]),
    ),
    "any role may be passed to a new function": [
      policy(allow(["iam:PassRole", "lambda:CreateFunction"])),
      action,
    ],
    ...Object.fromEntries(
      ["ecs:StartTask", "glue:UpdateJob", "ssm:StartAutomationExecution"].map((name) => [
        `any role may be passed with ${name}`,
        [policy(allow(["iam:PassRole", name])), action],
      ]),
    ),
    "a change set is made and executed": [
      policy(allow(["iam:PassRole", "cloudformation:*ChangeSet"])),
      action,
    ],
    "two statements allow it together": [
      policy(allow("iam:PassRole", "arn:aws:iam::123456789012:role/*"), allow("ec2:RunInstances")),
      action,
    ],
    ...Object.fromEntries(
      [
        { StringLike: { "iam:PassedToService": "*" } },
        { StringNotEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
        { StringEqualsIfExists: { "iam:PassedToService": "ec2.amazonaws.com" } },
        { StringEquals: { "aws:ResourceAccount": "123456789012" } },
      ].map((Condition) => [
        `a role is passed under ${JSON.stringify(Condition)}`,
        [policy(allow(["iam:PassRole", "ec2:RunInstances"], "*", { Condition })), action],
      ]),
    ),
    "a policy of AWS's own is attached": [
      policy(
        allow("iam:AttachRolePolicy", "*", {
          Condition: { ArnLike: { "iam:PolicyARN": "arn:aws:iam::aws:policy/*" } },
        }),
      ),
      action,
    ],
    "all but some resources are meant": [
      policy({ Effect: "Allow", Action: "iam:PutRolePolicy", NotResource: role }),
      action,
    ],
  },
});

testRule(credentials, {
  passes: {
    "one secret": policy(
      allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:1:secret:acme-*"),
    ),
    "a registry's token": policy(allow("ecr:GetAuthorizationToken")),
    "secrets with a tag": policy(
      allow("secretsmanager:GetSecretValue", "*", {
        Condition: { StringEquals: { "aws:ResourceTag/tenant": "acme" } },
      }),
    ),
  },
  objects: {
    "every secret": [policy(allow("secretsmanager:GetSecretValue")), action],
    "federated users": [policy(allow("sts:GetFederationToken")), action],
    "keys of any user": [policy(allow("iam:CreateAccessKey", "arn:aws:iam::1:user/*")), action],
  },
});

const trusting = (Service: string, Condition?: object) => [
  resource("aws:iam/role:Role", {
    assumeRolePolicy: JSON.stringify({
      Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service }, Condition },
    }),
  }),
];
const pipes = "pipes.amazonaws.com";
testRule(trustSource, {
  passes: {
    "the account is pinned": trusting(pipes, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
    }),
    "a service that tells no source": trusting("lambda.amazonaws.com"),
  },
  objects: {
    "there is no source": [trusting(pipes), "assumeRolePolicy statement 0 Condition"],
    "a region's service has none": [
      trusting("logs.eu-west-1.amazonaws.com"),
      "assumeRolePolicy statement 0 Condition",
    ],
    "the source is anybody's": [
      trusting(pipes, { StringLike: { "aws:SourceAccount": "*" } }),
      "assumeRolePolicy statement 0 Condition",
    ],
  },
});
