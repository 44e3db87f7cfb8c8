import { resource, testRule, unknown } from "../testing.ts";
import { inline, managed, users } from "./attachments.ts";

const attachment = (policyArn: unknown, kind = "rolePolicyAttachment:RolePolicyAttachment") =>
  resource(`aws:iam/${kind}`, { policyArn });
const role = (props: object) => resource("aws:iam/role:Role", { ...props });
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const basic = "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

testRule(managed, {
  passes: {
    "a policy of its own": [attachment("arn:aws:iam::123456789012:policy/acme-api")],
    "the one that API Gateway requires": [
      attachment("arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"),
    ],
    "the one that AWS Backup's role needs": [
      attachment("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"),
    ],
    "a role without": [role({})],
  },
  objects: {
    "a role has one attached": [[attachment(readOnly)], "policyArn"],
    "it is a service role's in another partition": [[attachment(basic)], "policyArn"],
    "a user has one": [
      [attachment(readOnly, "userPolicyAttachment:UserPolicyAttachment")],
      "policyArn",
    ],
    "a group has one": [
      [attachment(readOnly, "groupPolicyAttachment:GroupPolicyAttachment")],
      "policyArn",
    ],
    "an attachment of several has one": [
      [attachment(readOnly, "policyAttachment:PolicyAttachment")],
      "policyArn",
    ],
    "a role names two": [
      [role({ managedPolicyArns: [readOnly, basic] })],
      "managedPolicyArns",
      "managedPolicyArns",
    ],
    "a list of all attachments has one": [
      [
        resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
          policyArns: [readOnly],
        }),
      ],
      "policyArns",
    ],
    "the policy is unknown": [[attachment(unknown)], "cannot tell: policyArn"],
  },
});

testRule(managed, {
  config: { allowed: ["ReadOnlyAccess"] },
  passes: { "what the config allows": [attachment(readOnly)] },
  objects: { "the config does not list it": [[attachment(basic)], "policyArn"] },
});

testRule(inline, {
  passes: {
    "a role without": [role({})],
    "a block that removes them": [role({ inlinePolicies: [{}] })],
    "a managed policy": [resource("aws:iam/policy:Policy", { policy: "{}" })],
  },
  objects: {
    "a role policy stands by itself": [
      [resource("aws:iam/rolePolicy:RolePolicy", { policy: "{}" })],
      "policy",
    ],
    "a group policy does": [
      [resource("aws:iam/groupPolicy:GroupPolicy", { policy: "{}" })],
      "policy",
    ],
    "a role holds one": [
      [role({ inlinePolicies: [{ name: "x", policy: "{}" }] })],
      "inlinePolicies.0",
    ],
  },
});

testRule(users, {
  passes: {
    "a policy attached to roles": [
      resource("aws:iam/policyAttachment:PolicyAttachment", { roles: ["app"] }),
    ],
    "a role": [role({})],
  },
  objects: {
    ...Object.fromEntries(
      [
        "user:User",
        "accessKey:AccessKey",
        "userLoginProfile:UserLoginProfile",
        "userPolicy:UserPolicy",
        "userPolicyAttachment:UserPolicyAttachment",
      ].map((kind) => [`there is a ${kind}`, [[resource(`aws:iam/${kind}`, {})], "type"]]),
    ),
    "a policy is attached to users": [
      [resource("aws:iam/policyAttachment:PolicyAttachment", { users: ["alice"] })],
      "users",
    ],
  },
});
