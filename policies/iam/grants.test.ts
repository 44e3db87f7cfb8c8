// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like templates.
import { resource, testRule, unknown } from "../testing.ts";
import { noAdmin, noScan, starAction, starResource } from "./grants.ts";

const table = "arn:aws:dynamodb:eu-west-1:1:table/acme-chat";
const query = { Effect: "Allow", Action: "dynamodb:Query", Resource: table };
const policy = (...statements: object[]) =>
  resource("aws:iam/policy:Policy", {
    policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  });
const allowing = (change: object) => [policy({ ...query, ...change })];

const restoring = ["dynamodb:RestoreTableFromAwsBackup", "dynamodb:Scan"];

/** The same document wherever IAM takes one. */
const everywhere = (statement: object) => ({
  "a role policy": resource("aws:iam/rolePolicy:RolePolicy", {
    policy: JSON.stringify({ Statement: statement }),
  }),
  "a document given as an object": resource("aws:iam/policy:Policy", {
    policy: { Statement: [statement] },
  }),
  "a user policy": resource("aws:iam/userPolicy:UserPolicy", { policy: { Statement: statement } }),
  "a group policy": resource("aws:iam/groupPolicy:GroupPolicy", {
    policy: { Statement: statement },
  }),
});
const inRole = (statement: object) =>
  resource("aws:iam/role:Role", {
    inlinePolicies: [{}, { name: "x", policy: JSON.stringify({ Statement: statement }) }],
  });
const cases = (statement: object, property: string) => ({
  ...Object.fromEntries(
    Object.entries(everywhere(statement)).map(([what, holder]) => [
      `${what} says so`,
      [[holder], `policy statement 0${property}`] as const,
    ]),
  ),
  "a role's inline policy says so": [
    [inRole(statement)],
    `inlinePolicies.1.policy statement 0${property}`,
  ] as const,
});
const harmless = {
  "exact actions on exact resources": [policy(query)],
  "a role without inline policies": [resource("aws:iam/role:Role", {})],
  "a denial": [policy({ Effect: "Deny", Action: "*", Resource: "*" })],
};

const attachment = (policyArn: unknown) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn });
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

testRule(noAdmin, {
  passes: {
    ...harmless,
    "a whole service on one resource": allowing({ Action: "dynamodb:*" }),
    "every action on one resource": allowing({ Action: "*" }),
    "one action on every resource": allowing({ Resource: "*" }),
    "a service's own policy": [attachment("arn:aws:iam::aws:policy/service-role/AWSLambdaRole")],
    "an own policy of that name": [attachment("arn:aws:iam::1:policy/AdministratorAccess")],
  },
  objects: {
    ...cases({ Effect: "Allow", Action: "*", Resource: "*" }, ""),
    "it is one of several statements, and of several actions": [
      [
        policy(query, {
          ...query,
          Sid: "All",
          Action: ["s3:GetObject", "*:*"],
          Resource: [table, "arn:aws:*"],
        }),
      ],
      "policy statement All",
    ],
    "all actions but some are allowed": [
      allowing({ Action: undefined, NotAction: "iam:*", Resource: "*" }),
      "policy statement 0",
    ],
    "all resources but some are meant": [
      allowing({ Action: "*", Resource: undefined, NotResource: table }),
      "policy statement 0",
    ],
    "AWS's administrator is attached": [[attachment(administrator)], "policyArn"],
    "it is attached in the role": [
      [resource("aws:iam/role:Role", { managedPolicyArns: [administrator] })],
      "managedPolicyArns",
    ],
    "the document is unknown": [
      [resource("aws:iam/policy:Policy", { policy: unknown })],
      "cannot tell: policy",
    ],
  },
});

testRule(starAction, {
  passes: harmless,
  objects: {
    ...cases({ ...query, Action: "dynamodb:*" }, " Action"),
    "everything is allowed": [allowing({ Action: "*" }), "policy statement 0 Action"],
    "a part of a name is": [allowing({ Action: "dynamodb:Get*" }), "policy statement 0 Action"],
    "two of three are wildcards": [
      allowing({ Action: ["dynamodb:Get*", "dynamodb:Query", "dynamodb:Batch????Item"] }),
      "policy statement 0 Action",
      "policy statement 0 Action",
    ],
    "all but some are allowed": [
      allowing({ Action: undefined, NotAction: ["dynamodb:DeleteTable"] }),
      "policy statement 0 NotAction",
    ],
  },
});

testRule(starAction, {
  config: { allowed: ["logs:Put*"] },
  passes: { "what the config allows": allowing({ Action: "logs:Put*" }) },
  objects: {
    "it is broader than the config's": [
      allowing({ Action: "logs:*" }),
      "policy statement 0 Action",
    ],
  },
});

testRule(starResource, {
  passes: {
    ...harmless,
    "a table's indexes": allowing({ Resource: [table, `${table}/index/*`] }),
    "a bucket's folder": allowing({ Resource: "arn:aws:s3:::acme-documents/documents/*" }),
    "actions that name no resource": allowing({
      Action: ["xray:PutTraceSegments", "xray:putTelemetryRecords"],
      Resource: "*",
    }),
    ...Object.fromEntries(
      [
        "logs:CreateLogDelivery",
        "textract:DetectDocumentText",
        "ec2:DescribeVpcs",
        "cloudwatch:GetMetricData",
        "bedrock:ListFoundationModels",
        "kms:GenerateRandom",
        "translate:TranslateText",
        "iam:ListRoles",
      ].map((Action) => [`${Action}, which names none`, allowing({ Action, Resource: "*" })]),
    ),
    "resources with the caller's tag": allowing({
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/tenant": "${aws:PrincipalTag/tenant}" } },
    }),
    "resources with a tag": allowing({
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/chatstack:tenant": "acme" } },
    }),
  },
  objects: {
    ...cases({ ...query, Resource: "*" }, " Resource"),
    "the tag may be any": [
      allowing({
        Resource: "*",
        Condition: { StringLike: { "aws:ResourceTag/chatstack:tenant": "*" } },
      }),
      "policy statement 0 Resource",
    ],
    "a service's name is one of JavaScript's": [
      allowing({ Action: "constructor:name", Resource: "*" }),
      "policy statement 0 Resource",
    ],
    "all tables are meant": [
      allowing({ Resource: "arn:aws:dynamodb:eu-west-1:1:table/*" }),
      "policy statement 0 Resource",
    ],
    "one of two is": [
      allowing({ Resource: [table, "arn:aws:s3:::*"] }),
      "policy statement 0 Resource",
    ],
    "all but some are meant": [
      allowing({ Resource: undefined, NotResource: table }),
      "policy statement 0 NotResource",
    ],
    "only one of the actions names no resource": [
      allowing({ Action: ["xray:PutTraceSegments", "dynamodb:Query"], Resource: "*" }),
      "policy statement 0 Resource",
    ],
    "all actions but those are meant": [
      allowing({ Action: undefined, NotAction: "xray:PutTraceSegments", Resource: "*" }),
      "policy statement 0 Resource",
    ],
    "the actions hide behind a wildcard": [
      allowing({ Action: "xray:Put*", Resource: "*" }),
      "policy statement 0 Resource",
    ],
    "the condition is on the caller, not the resource": [
      allowing({ Resource: "*", Condition: { StringEquals: { "aws:PrincipalTag/team": "chat" } } }),
      "policy statement 0 Resource",
    ],
  },
});

const denyScan = { Effect: "Deny", Action: "dynamodb:Scan", Resource: "*" };

testRule(noScan, {
  passes: {
    ...harmless,
    "everything but scans": [
      policy(
        { ...query, Action: "dynamodb:*" },
        { ...denyScan, Action: ["dynamodb:Scan", "dynamodb:PartiQL*"] },
      ),
    ],
    "a denial of several resources, and of all": [
      policy({ ...query, Action: "dynamodb:Scan" }, { ...denyScan, Resource: [table, "*"] }),
    ],
    "all actions but those": allowing({
      Action: undefined,
      NotAction: ["dynamodb:Scan", "dynamodb:PartiQL*"],
    }),
    "AWS Backup's restores to new tables": allowing({
      Action: restoring,
      Resource: [`${table}-at-*`, "arn:aws:dynamodb:eu-west-1:1:table/awsbackup-restore-test-*"],
    }),
  },
  objects: {
    ...cases({ ...query, Action: "dynamodb:Scan" }, " Action"),
    "a restore reaches the table itself": [
      allowing({ Action: restoring, Resource: [`${table}-at-*`, table] }),
      "policy statement 0 Action",
    ],
    "a restore reaches every table": [
      allowing({ Action: restoring, Resource: ["arn:aws:dynamodb:eu-west-1:1:table/*"] }),
      "policy statement 0 Action",
    ],
    "scans are among a service's actions": [
      allowing({ Action: "dynamodb:*" }),
      "policy statement 0 Action",
    ],
    "case hides it": [allowing({ Action: "DynamoDB:scan" }), "policy statement 0 Action"],
    "a wildcard includes it": [allowing({ Action: "dynamodb:S*" }), "policy statement 0 Action"],
    "PartiQL is allowed": [
      allowing({ Action: "dynamodb:PartiQLSelect" }),
      "policy statement 0 Action",
    ],
    "all actions but others are allowed": [
      allowing({ Action: undefined, NotAction: "iam:*" }),
      "policy statement 0 Action",
    ],
    "the denial has a condition": [
      [
        policy(
          { ...query, Action: "dynamodb:Scan" },
          { ...denyScan, Condition: { Bool: { "aws:SecureTransport": "false" } } },
        ),
      ],
      "policy statement 0 Action",
    ],
    "the denial is of another table": [
      [
        policy(
          { ...query, Action: "dynamodb:Scan" },
          { ...denyScan, Resource: `${table}-archive` },
        ),
      ],
      "policy statement 0 Action",
    ],
  },
});

testRule(starResource, {
  config: { unscoped: ["example:Act"] },
  passes: {
    "an action that the config adds": allowing({ Action: "example:Act", Resource: "*" }),
    "one that AWS allows on no single resource, as before": allowing({
      Action: "ec2:DescribeSubnets",
      Resource: "*",
    }),
  },
  objects: {},
});
