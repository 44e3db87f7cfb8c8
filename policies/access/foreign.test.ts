import { resource, testRule, unknown } from "../testing.ts";
import { foreign } from "./foreign.ts";

const own = "123456789012";
const other = "999988887777";

/** Something whose ARN tells in which account the stack is. */
const topic = resource("aws:sns/topic:Topic", { arn: `arn:aws:sns:eu-west-1:${own}:alarms` });
const holding = (type: string, path: string, Principal: unknown, Condition: object = {}) => [
  topic,
  resource(type, {
    [path]: JSON.stringify({
      Statement: [{ Effect: "Allow", Principal, Action: "x:*", Resource: "*", Condition }],
    }),
  }),
];
const bucket = (Principal: unknown, Condition?: object) =>
  holding("aws:s3/bucketPolicy:BucketPolicy", "policy", Principal, Condition);
const role = (Principal: unknown, Condition?: object) =>
  holding("aws:iam/role:Role", "assumeRolePolicy", Principal, Condition);
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const where = "policy statement 0";

testRule(foreign, {
  config: { accounts: ["111122223333"], organizations: ["o-a1b2c3d4e5"] },
  passes: {
    "the stack's own account": bucket(root(own)),
    "a trusted account": bucket({ AWS: ["111122223333", "arn:aws:iam::111122223333:role/reader"] }),
    "a service for the own account": bucket(
      { Service: "logging.s3.amazonaws.com" },
      { StringEquals: { "aws:SourceAccount": own } },
    ),
    "everybody in a trusted organisation": bucket("*", {
      StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    }),
    "another account in a trusted organisation": bucket(root(other), {
      StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    }),
    "an account that the load balancers of AWS log from": bucket(root("127311923021")),
    "an origin access identity": bucket({
      AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
    }),
    "a third party with its external id": role(root(other), {
      StringEquals: { "sts:ExternalId": "e-1" },
    }),
    "an account that a provider works on": [
      resource("pulumi:providers:aws", { allowedAccountIds: `["${other}"]` }),
      resource("aws:kms/grant:Grant", { granteePrincipal: `arn:aws:iam::${other}:role/app` }),
    ],
    "the root of the only key, while no ARN is known": [
      resource("aws:sns/topic:Topic", { arn: unknown }),
      resource("aws:kms/key:Key", {
        policy: JSON.stringify({
          Statement: { Effect: "Allow", Principal: root(own), Action: "kms:*", Resource: "*" },
        }),
      }),
      resource("aws:lambda/permission:Permission", { principal: own }),
    ],
    denials: [
      topic,
      resource("aws:sqs/queue:Queue", {
        policy: { Statement: { Effect: "Deny", Principal: root(other), Action: "sqs:*" } },
      }),
    ],
  },
  objects: {
    "a bucket lets another account in": [bucket(root(other)), `${where} Principal`],
    "by its number": [bucket({ AWS: other }), `${where} Principal`],
    "by the number with a policy's wildcard tail": [
      bucket({ AWS: `arn:aws:sts::${other}:assumed-role/app/session` }),
      `${where} Principal`,
    ],
    "everybody in another organisation": [
      bucket("*", { StringEquals: { "aws:PrincipalOrgID": "o-zzzzzzzzzz" } }),
      `${where} Condition`,
    ],
    "everybody of another account": [
      bucket("*", { StringEquals: { "aws:PrincipalAccount": other } }),
      `${where} Condition`,
    ],
    "a service for another account": [
      bucket(
        { Service: "cloudtrail.amazonaws.com" },
        {
          ArnEquals: { "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${other}:trail/x` },
        },
      ),
      `${where} Condition`,
    ],
    "a role trusts another account's role": [
      role({ AWS: `arn:aws:iam::${other}:role/deploy` }),
      "assumeRolePolicy statement 0 Principal",
    ],
    "any external id will do": [
      role(root(other), { StringLike: { "sts:ExternalId": "*" } }),
      "assumeRolePolicy statement 0 Principal",
    ],
    "a permission lets another account invoke": [
      [topic, resource("aws:lambda/permission:Permission", { principal: other })],
      "principal",
    ],
    "a key is granted to another account": [
      [
        topic,
        resource("aws:kms/grant:Grant", { granteePrincipal: `arn:aws:iam::${other}:user/x` }),
      ],
      "granteePrincipal",
    ],
    ...Object.fromEntries(
      [
        ["aws:dynamodb/resourcePolicy:ResourcePolicy", "policy"],
        ["aws:sqs/queuePolicy:QueuePolicy", "policy"],
        ["aws:sns/topicPolicy:TopicPolicy", "policy"],
        ["aws:kms/keyPolicy:KeyPolicy", "policy"],
        ["aws:backup/vaultPolicy:VaultPolicy", "policy"],
        ["aws:secretsmanager/secretPolicy:SecretPolicy", "policy"],
        ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "policyDocument"],
        ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy"],
        ["aws:ecr/repositoryPolicy:RepositoryPolicy", "policy"],
        ["aws:opensearch/domainPolicy:DomainPolicy", "accessPolicies"],
        ["aws:glacier/vault:Vault", "accessPolicy"],
        ["aws:s3control/accessPointPolicy:AccessPointPolicy", "policy"],
        ["aws:s3tables/tablePolicy:TablePolicy", "resourcePolicy"],
      ].map(([type = "", path = ""]) => [
        `${type} lets another account in`,
        [holding(type, path, root(other)), `${path} statement 0 Principal`],
      ]),
    ),
    "nothing tells the stack's account": [bucket(root(own)).slice(1), `${where} Principal`],
    "the stack's account is not known yet": [
      [
        resource("aws:sns/topic:Topic", { arn: unknown }),
        resource("aws:lambda/permission:Permission", { principal: own }),
      ],
      "cannot tell: arn",
    ],
  },
});
