// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like templates.
/**
 * Policies that look pinned and are open, and policies that look open and are pinned. A reader of keys alone, of
 * beginnings, or of one statement at a time is wrong about some of them.
 */
import { describe, expect, test } from "vitest";
import { rules } from "../rules.ts";
import { judge, resource } from "../testing.ts";

const own = "123456789012";
const organization = "o-a1b2c3d4e5";

const holders = {
  bucket: ["aws:s3/bucketPolicy:BucketPolicy", "policy"],
  endpoint: ["aws:ec2/vpcEndpoint:VpcEndpoint", "policy"],
  identity: ["aws:iam/policy:Policy", "policy"],
  key: ["aws:kms/keyPolicy:KeyPolicy", "policy"],
  queue: ["aws:sqs/queuePolicy:QueuePolicy", "policy"],
  role: ["aws:iam/role:Role", "assumeRolePolicy"],
  secret: ["aws:secretsmanager/secretPolicy:SecretPolicy", "policy"],
  topic: ["aws:sns/topicPolicy:TopicPolicy", "policy"],
} as const;

type Holder = keyof typeof holders;
type Variant = readonly [holder: Holder, what: string, ...statements: object[]];

/** Rules about whom a policy lets in, to what, and for whom. */
const asked = rules.filter(({ id }) =>
  /^(iam-(escalation|service-(source|actions)|star-(action|resource)|trust)|kms-lockout|net-endpoint-policy|policy-(foreign|open)|(s3|sqs)-policy-principal|s3-policy-tls)$/.test(
    id,
  ),
);

const root = { Effect: "Allow", Principal: { AWS: own }, Action: "kms:*", Resource: "*" };
const tls = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::acme", "arn:aws:s3:::acme/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
/** What other rules want beside the statements. */
const given: Partial<Record<Holder, readonly object[]>> = { bucket: [tls], key: [root] };

function findings([holder, , ...statements]: Variant): string[] {
  const [type, property] = holders[holder];
  const Statement = [...(given[holder] ?? []), ...statements];
  const provider = resource("pulumi:providers:aws", { allowedAccountIds: JSON.stringify([own]) });
  const subject = resource(type, { [property]: JSON.stringify({ Statement }) });
  return asked
    .filter(({ types }) => types.includes(type))
    .flatMap((rule) => judge(rule, [provider, subject]))
    .map(({ rule, property: where }) => `${rule}: ${where}`);
}

const allow = (more: object) => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::acme/*",
  ...more,
});
const deny = (more: object) => allow({ Effect: "Deny", Action: "s3:*", ...more });
const when = (Condition: object, more: object = {}) => allow({ Condition, ...more });
const to = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const trust = (Principal: unknown, Condition: object = {}, Action = "sts:AssumeRole") => ({
  Effect: "Allow",
  Principal,
  Action,
  Condition,
});
const github = "token.actions.githubusercontent.com";
const web = (condition: object) =>
  trust(
    { Federated: `arn:aws:iam::${own}:oidc-provider/${github}` },
    condition,
    "sts:AssumeRoleWithWebIdentity",
  );
const passing = to(["iam:PassRole", "lambda:CreateFunction"], "*");

const insecure: readonly Variant[] = [
  [
    "bucket",
    "everybody but one account",
    allow({ Principal: undefined, NotPrincipal: { AWS: own } }),
  ],
  ["bucket", "one name among which is a star", allow({ Principal: { AWS: [own, "*"] } })],
  ["bucket", "another account, written as a number", allow({ Principal: { AWS: 999988887777 } })],
  ["bucket", "everybody as a map", allow({ Principal: { "*": "*" } })],
  [
    "bucket",
    "elements in lower case",
    { effect: "Allow", principal: "*", action: "s3:GetObject", resource: "arn:aws:s3:::acme/*" },
  ],
  ["bucket", "any organisation", when({ Null: { "aws:PrincipalOrgID": "false" } })],
  [
    "bucket",
    "the whole of IPv4 in two halves",
    when({ IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }),
  ],
  [
    "bucket",
    "the whole of IPv6 in two halves",
    when({ IpAddress: { "aws:SourceIp": ["::/1", "8000::/1"] } }),
  ],
  [
    "bucket",
    "the whole of IPv4 in sixteen parts",
    when({ IpAddress: { "aws:SourceIp": [...Array(128).keys()].map((n) => `${n * 2}.0.0.0/8`) } }),
  ],
  [
    "bucket",
    "the whole of IPv4 within IPv6",
    when({ IpAddress: { "aws:SourceIp": "::ffff:0.0.0.0/96" } }),
  ],
  [
    "bucket",
    "all of global IPv6 beside one network",
    when({ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2000::/3"] } }),
  ],
  ["bucket", "a referer", when({ StringLike: { "aws:Referer": "https://acme.example/*" } })],
  [
    "bucket",
    "a tag that the caller's administrator sets",
    when({ StringEquals: { "aws:PrincipalTag/tenant": "acme" } }),
  ],
  [
    "bucket",
    "the caller's own organisation",
    when({ StringEquals: { "aws:PrincipalOrgID": "${aws:PrincipalOrgID}" } }),
  ],
  [
    "bucket",
    "the caller's own account in an ARN",
    when({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app" } }),
  ],
  [
    "bucket",
    "an account that a star reaches past, in a text",
    when({ StringLike: { "aws:PrincipalArn": `arn:aws:iam:*:${own}:role/*` } }),
  ],
  [
    "bucket",
    "paths of all organisations",
    when({
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-ab12/ou-ab12-11111111/*" },
    }),
  ],
  [
    "bucket",
    "paths that an absent key satisfies",
    when({ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": `${organization}/*` } }),
  ],
  ["bucket", "any service of AWS", when({ Bool: { "aws:PrincipalIsAWSService": "true" } })],
  [
    "bucket",
    "an endpoint, if there is one",
    when({ StringEqualsIfExists: { "AWS:SourceVpce": "vpce-1a2b3c4d" } }),
  ],
  [
    "bucket",
    "whatever ACL it puts",
    when(
      { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      { Action: "s3:PutObject" },
    ),
  ],
  [
    "bucket",
    "any user of any identity pool",
    allow({ Principal: { Federated: "cognito-identity.amazonaws.com" } }),
  ],
  [
    "bucket",
    "a denial of fewer characters than are allowed",
    allow({ Action: "s3:GetObject*" }),
    deny({
      Action: "s3:GetObject?",
      Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } },
    }),
  ],
  [
    "bucket",
    "a denial of fewer objects than are allowed",
    allow({}),
    deny({
      Resource: "arn:aws:s3:::acme/?",
      Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } },
    }),
  ],
  [
    "bucket",
    "a denial that any endpoint escapes",
    allow({}),
    deny({
      Condition: {
        StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" },
        Null: { "aws:SourceVpce": "true" },
      },
    }),
  ],
  [
    "bucket",
    "a denial to federated users only",
    allow({}),
    deny({
      Principal: { Federated: "*" },
      Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } },
    }),
  ],
  [
    "bucket",
    "a denial that spares an open set",
    allow({}),
    deny({
      Condition: {
        StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" },
        StringNotLike: { "aws:PrincipalOrgID": "o-*" },
      },
    }),
  ],
  [
    "bucket",
    "a network of another organisation's",
    when({ StringEquals: { "aws:PrincipalOrgID": [organization, "${aws:SourceOrgID}"] } }),
  ],
  [
    "bucket",
    "an account by name among wildcards",
    allow({ Principal: { AWS: "arn:aws:iam::*:role/app" } }),
  ],
  [
    "key",
    "any caller through a service",
    when(
      { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      { Action: "kms:Decrypt" },
    ),
  ],
  [
    "key",
    "a context that the caller names",
    when({ StringEquals: { "kms:EncryptionContext:tenant": "acme" } }, { Action: "kms:Decrypt" }),
  ],
  [
    "key",
    "grants for resources of AWS",
    when({ Bool: { "kms:GrantIsForAWSResource": "true" } }, { Action: "kms:CreateGrant" }),
  ],
  [
    "key",
    "an account with a wildcard within",
    when({ StringLike: { "kms:CallerAccount": "1234*9012" } }, { Action: "kms:Decrypt" }),
  ],
  [
    "key",
    "a service for everybody's log groups",
    when(
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:log-group:acme" } },
      { Principal: { Service: "logs.eu-west-1.amazonaws.com" }, Action: "kms:Decrypt" },
    ),
  ],
  [
    "queue",
    "topics of every account",
    when({ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:orders" } }, { Action: "sqs:SendMessage" }),
  ],
  [
    "queue",
    "a service by everything but some actions",
    allow({
      Principal: { Service: "sns.amazonaws.com" },
      Action: undefined,
      NotAction: "sqs:DeleteQueue",
      Condition: { StringEquals: { "aws:SourceAccount": own } },
    }),
  ],
  [
    "topic",
    "subscribers by an address",
    when({ StringLike: { "sns:Endpoint": "*@acme.example" } }, { Action: "sns:Subscribe" }),
  ],
  [
    "topic",
    "owners but one",
    when({ StringNotEquals: { "AWS:SourceOwner": own } }, { Action: "sns:Publish" }),
  ],
  [
    "topic",
    "a service for accounts that begin alike",
    when(
      { StringLike: { "aws:SourceAccount": "1234*" } },
      { Principal: { Service: "s3.amazonaws.com" }, Action: "sns:Publish" },
    ),
  ],
  [
    "secret",
    "the newest version",
    when(
      { StringEquals: { "secretsmanager:VersionStage": "AWSCURRENT" } },
      { Action: "secretsmanager:GetSecretValue" },
    ),
  ],
  [
    "secret",
    "another account among one's own",
    allow({
      Principal: { AWS: [own, "arn:aws:iam::999988887777:root"] },
      Action: "secretsmanager:GetSecretValue",
    }),
  ],
  [
    "secret",
    "who brings a second factor",
    when(
      { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      { Action: "secretsmanager:GetSecretValue" },
    ),
  ],
  [
    "endpoint",
    "everything over TLS",
    when({ Bool: { "aws:SecureTransport": "true" } }, { Action: "*", Resource: "*" }),
  ],
  [
    "endpoint",
    "one's own callers to any bucket",
    when(
      { StringEquals: { "aws:PrincipalOrgID": organization } },
      { Action: "s3:*", Resource: "*" },
    ),
  ],
  [
    "endpoint",
    "any bucket by its objects",
    allow({ Action: "s3:*", Resource: "arn:aws:s3:::*/*" }),
  ],
  ["endpoint", "any bucket in any partition", allow({ Action: "s3:*", Resource: "arn:*:s3:::*" })],
  [
    "endpoint",
    "any account's tables",
    allow({ Action: "dynamodb:*", Resource: "arn:aws:dynamodb:*:*:table/*" }),
  ],
  [
    "endpoint",
    "writing into any bucket",
    allow({ Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" }),
  ],
  [
    "endpoint",
    "resources of accounts that begin alike",
    when({ StringLike: { "aws:ResourceAccount": "*" } }, { Action: "*", Resource: "*" }),
  ],
  [
    "endpoint",
    "resources of all accounts but one",
    when({ StringNotEquals: { "aws:ResourceAccount": own } }, { Action: "*", Resource: "*" }),
  ],
  [
    "role",
    "anybody with the external id",
    trust({ AWS: "*" }, { StringEquals: { "sts:ExternalId": "e-1" } }),
  ],
  [
    "role",
    "an account's sessions of any name",
    trust({ AWS: own }, { StringLike: { "sts:RoleSessionName": "deploy-*" } }),
  ],
  [
    "role",
    "workflows of an environment of anybody's",
    web({ StringLike: { [`${github}:sub`]: "environment:production:*" } }),
  ],
  [
    "role",
    "workflows of a branch of anybody's",
    web({ StringEquals: { [`${github}:sub`]: "ref:refs/heads/main" } }),
  ],
  [
    "role",
    "two repositories, one of them any",
    web({ StringLike: { [`${github}:sub`]: ["repo:acme/chat:*", "repo:*:ref:refs/heads/main"] } }),
  ],
  [
    "role",
    "repositories but one",
    web({ StringNotLike: { [`${github}:sub`]: "repo:acme/chat:*" } }),
  ],
  [
    "identity",
    "any state machine",
    to("states:StartExecution", "arn:aws:states:*:*:stateMachine:*"),
  ],
  ["identity", "the whole of API Gateway", to("apigateway:PATCH", "arn:aws:apigateway:*::/*")],
  ["identity", "any web ACL", to("wafv2:UpdateWebACL", "arn:aws:wafv2:*:*:regional/webacl/*/*")],
  ["identity", "any access point", to("s3:GetObject", "arn:aws:s3:*:*:accesspoint/*")],
  [
    "identity",
    "roles passed to any service",
    { ...passing, Condition: { StringLike: { "iam:PassedToService": "*" } } },
  ],
  [
    "identity",
    "roles passed to services but one",
    { ...passing, Condition: { StringNotEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } },
  ],
  [
    "identity",
    "any policy of AWS's attached to oneself",
    to("iam:AttachRolePolicy", "*", {
      Condition: { ArnLike: { "iam:PolicyARN": "arn:aws:iam::aws:policy/*" } },
    }),
  ],
  [
    "identity",
    "a role of one's own account, any",
    to("sts:AssumeRole", "*", { Condition: { StringEquals: { "aws:ResourceAccount": own } } }),
  ],
  ["identity", "an action with a wildcard in the middle", to("s3:*Object", "arn:aws:s3:::acme/*")],
];

const secure: readonly Variant[] = [
  ["bucket", "one's own account", allow({ Principal: { AWS: own } })],
  [
    "bucket",
    "one's own organisation, in any case",
    when({ StringEqualsIgnoreCase: { "AWS:principalorgid": organization } }),
  ],
  [
    "bucket",
    "a unit of the organisation",
    when({
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${organization}/r-ab12/ou-ab12-*/*` },
    }),
  ],
  [
    "bucket",
    "paths that must be there",
    when({
      "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": `${organization}/*` },
      Null: { "aws:PrincipalOrgPaths": "false" },
    }),
  ],
  [
    "bucket",
    "an account that is written as a number",
    when({ StringEquals: { "aws:PrincipalAccount": Number(own) } }),
  ],
  [
    "bucket",
    "the bucket's own account",
    when({ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
  ],
  [
    "bucket",
    "roles of one's own account, whatever the partition",
    when({ ArnLike: { "aws:PrincipalArn": `arn:*:iam::${own}:role/*` } }),
  ],
  [
    "bucket",
    "roles by a text that begins with the account",
    when({ StringLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/app-*` } }),
  ],
  [
    "bucket",
    "two networks, of each family",
    when({ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.7", "2001:db8:12::/48"] } }),
  ],
  [
    "bucket",
    "endpoints by name",
    when({ StringEquals: { "aws:sourceVpce": ["vpce-1a2b3c4d", "vpce-2b3c4d5e"] } }),
  ],
  [
    "bucket",
    "sessions of one role",
    when({ StringLike: { "aws:userId": "AROAEXAMPLEEXAMPLEEXA:*" } }),
  ],
  [
    "bucket",
    "a tag within the organisation",
    when({
      StringEquals: { "aws:PrincipalTag/tenant": "acme", "aws:PrincipalOrgID": organization },
    }),
  ],
  [
    "bucket",
    "one access point's account",
    when({ StringEquals: { "s3:DataAccessPointAccount": own } }),
  ],
  [
    "bucket",
    "a distribution",
    allow({
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: {
        StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${own}:distribution/E1EXAMPLE` },
      },
    }),
  ],
  [
    "bucket",
    "a denial of all others",
    allow({}),
    deny({ Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } } }),
  ],
  [
    "bucket",
    "a denial of all but two sets",
    allow({}),
    deny({
      Condition: {
        StringNotEqualsIfExists: {
          "aws:PrincipalOrgID": organization,
          "aws:SourceVpce": "vpce-1a2b3c4d",
        },
      },
    }),
  ],
  [
    "bucket",
    "a denial of all but a set of two operators",
    allow({}),
    deny({
      Condition: {
        StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" },
        NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" },
      },
    }),
  ],
  [
    "bucket",
    "a denial of everything else by NotAction",
    allow({ Principal: { AWS: own } }),
    deny({ Action: undefined, NotAction: "s3:GetObject" }),
  ],
  [
    "bucket",
    "elements in lower case",
    {
      effect: "Allow",
      principal: { AWS: own },
      action: "s3:GetObject",
      resource: "arn:aws:s3:::acme/*",
    },
  ],
  [
    "key",
    "one's own callers through a service",
    when(
      {
        StringEquals: { "kms:CallerAccount": own, "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      },
      { Action: "kms:Decrypt" },
    ),
  ],
  [
    "key",
    "a service for one's own log groups",
    when(
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${own}:*` } },
      {
        Principal: { Service: "logs.eu-west-1.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      },
    ),
  ],
  [
    "key",
    "a role of one's own, with what it may grant",
    when(
      { Bool: { "kms:GrantIsForAWSResource": "true" } },
      { Principal: { AWS: `arn:aws:iam::${own}:role/app` }, Action: "kms:CreateGrant" },
    ),
  ],
  [
    "key",
    "callers of the organisation",
    when(
      { StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } },
      { Action: "kms:Decrypt" },
    ),
  ],
  [
    "queue",
    "one topic",
    when(
      { ArnEquals: { "aws:SourceArn": `arn:aws:sns:eu-west-1:${own}:orders` } },
      { Action: "sqs:SendMessage" },
    ),
  ],
  [
    "queue",
    "topics of one's own account in any region",
    when({ ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${own}:*` } }, { Action: "sqs:SendMessage" }),
  ],
  [
    "queue",
    "a service for a bucket and its account",
    when(
      {
        ArnLike: { "aws:SourceArn": "arn:aws:s3:*:*:acme" },
        StringEquals: { "aws:SourceAccount": own },
      },
      { Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage" },
    ),
  ],
  [
    "topic",
    "its owner, as SNS writes it",
    when(
      { StringEquals: { "AWS:SourceOwner": own } },
      { Principal: { AWS: "*" }, Action: ["SNS:Publish", "SNS:Subscribe"] },
    ),
  ],
  [
    "topic",
    "a service for one's own account",
    when(
      { StringEquals: { "aws:SourceAccount": own } },
      { Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "sns:Publish" },
    ),
  ],
  [
    "topic",
    "subscribers of the organisation by an address",
    when(
      {
        StringLike: { "sns:Endpoint": "*@acme.example" },
        StringEquals: { "aws:PrincipalOrgID": organization },
      },
      { Action: "sns:Subscribe" },
    ),
  ],
  [
    "secret",
    "one role",
    allow({
      Principal: { AWS: `arn:aws:iam::${own}:role/app` },
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
    }),
  ],
  [
    "secret",
    "everybody of one's own account, by condition",
    when(
      { StringEquals: { "aws:PrincipalAccount": own } },
      { Action: "secretsmanager:GetSecretValue" },
    ),
  ],
  [
    "endpoint",
    "resources of one's own account",
    when({ StringEquals: { "aws:ResourceAccount": own } }, { Action: "*", Resource: "*" }),
  ],
  [
    "endpoint",
    "resources of the organisation",
    when(
      { StringEquals: { "aws:ResourceOrgID": "${aws:PrincipalOrgID}" } },
      { Action: "*", Resource: "*" },
    ),
  ],
  [
    "endpoint",
    "a bucket by name",
    allow({ Action: "s3:*", Resource: ["arn:aws:s3:::acme", "arn:aws:s3:::acme/*"] }),
  ],
  [
    "endpoint",
    "tables of one's own account",
    allow({ Action: "dynamodb:*", Resource: `arn:aws:dynamodb:*:${own}:table/*` }),
  ],
  [
    "endpoint",
    "reading of any bucket",
    allow({ Action: ["s3:GetObject", "s3:ListBucket"], Resource: "*" }),
  ],
  ["role", "a service", trust({ Service: "lambda.amazonaws.com" })],
  ["role", "a role of the own account", trust({ AWS: `arn:aws:iam::${own}:role/deploy` })],
  [
    "role",
    "everybody of the organisation with a role's name",
    trust(
      { AWS: "*" },
      {
        StringEquals: { "aws:PrincipalOrgID": organization },
        ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy" },
      },
    ),
  ],
  [
    "role",
    "an account's principals with a tag",
    trust({ AWS: own }, { StringEquals: { "aws:PrincipalTag/team": "red" } }),
  ],
  [
    "role",
    "workflows of two repositories",
    web({
      StringLike: {
        [`${github}:sub`]: ["repo:acme/chat:*", "repo:acme/infra:environment:production"],
      },
      StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" },
    }),
  ],
  [
    "role",
    "workflows of an owner by its number",
    web({
      StringEquals: {
        [`${github}:repository_owner_id`]: "1234",
        [`${github}:sub`]: "environment:production",
      },
    }),
  ],
  [
    "role",
    "workflows by a subject that begins with the owner",
    web({ StringLike: { [`${github}:sub`]: "repository_owner:acme:environment:*" } }),
  ],
  [
    "identity",
    "one state machine",
    to("states:StartExecution", `arn:aws:states:eu-west-1:${own}:stateMachine:acme-*`),
  ],
  [
    "identity",
    "roles passed to a service",
    to("iam:PassRole", `arn:aws:iam::${own}:role/acme-*`, {
      Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
    }),
  ],
  [
    "identity",
    "one API",
    to("apigateway:PATCH", "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/*"),
  ],
  [
    "identity",
    "one web ACL",
    to("wafv2:UpdateWebACL", `arn:aws:wafv2:eu-west-1:${own}:regional/webacl/acme-*/*`),
  ],
  [
    "identity",
    "one access point",
    to("s3:GetObject", `arn:aws:s3:eu-west-1:${own}:accesspoint/acme/object/*`),
  ],
  [
    "identity",
    "keys by their tag",
    to("kms:Decrypt", "*", {
      Condition: { StringEquals: { "aws:ResourceTag/tenant": "${aws:PrincipalTag/tenant}" } },
    }),
  ],
  ["identity", "roles of a path", to("sts:AssumeRole", `arn:aws:iam::${own}:role/tenants/*`)],
];

describe.each(["insecure", "secure"] as const)("%s policies", (verdict) => {
  const variants = { insecure, secure }[verdict].map((variant) => ({
    variant,
    name: `${variant[0]}: ${variant[1]}`,
  }));

  test.each(variants)("$name", ({ variant }) => {
    expect(findings(variant).length > 0).toBe(verdict === "insecure");
  });
});
