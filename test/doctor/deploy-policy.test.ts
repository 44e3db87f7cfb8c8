/** The policies of whoever runs `pulumi up`: whole, as small as the records allow, and within AWS's limits. */
import { beforeAll, expect, test } from "vitest";
import { type DeployStatement, deployNeeds } from "../../offline/doctor/deploy-policy.ts";
import { mostPolicyCharacters } from "../../offline/doctor/role-needs.ts";
import { evaluate } from "../../offline/evaluate.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import program from "../../stacks/index.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

let everything: ResourceRecord[];
let small: readonly ResourceRecord[];
/** A tenant whose data goes with the stack. */
let disposable: readonly ResourceRecord[];
beforeAll(async () => {
  const both = await Promise.all(
    [fullestSettings, { ...otherSettings, ...everyCompanion }].map(evaluateFullest),
  );
  everything = both.flatMap(({ records }) => records);
  const inDevelopment = async (tenant: object) => {
    const tenants = JSON.stringify([{ id: "acme", ...tenant }]);
    const config = { "aws:region": "us-east-1", "chatstack:environment": "development" };
    const options = { stack: "dev", config: { ...config, "chatstack:tenants": tenants } };
    return (await evaluate(program, options)).records;
  };
  small = await inDevelopment({ tier: "basic", retain: "retain" });
  disposable = await inDevelopment({ tier: "enterprise", retain: "destroy" });
});

const statementsOf = (records: readonly ResourceRecord[]): DeployStatement[] =>
  deployNeeds(records).policies.flatMap(({ Statement }) => Statement);
const actionsOf = (records: readonly ResourceRecord[]): string[] =>
  statementsOf(records).flatMap(({ Action }) => Action);
const named = (records: readonly ResourceRecord[], sid: string) =>
  statementsOf(records).find(({ Sid }) => Sid === sid);

test("every type that a tenant with everything on has is in the table", () => {
  expect(deployNeeds(everything).unknown).toEqual([]);
});

test("a type that the table does not know is told by its name", () => {
  const [record] = everything.filter(({ custom }) => custom);
  const foreign = { ...record!, type: "aws:ses/emailIdentity:EmailIdentity" };
  expect(deployNeeds([...small, foreign]).unknown).toEqual([foreign.type]);
});

test("each policy is one that IAM takes, and a role takes all of them", () => {
  const { policies } = deployNeeds(everything);
  expect(policies.length).toBeLessThanOrEqual(10);
  for (const policy of policies) {
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(mostPolicyCharacters);
    const sids = policy.Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
  }
  for (const action of actionsOf(everything)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
});

test("what makes a thing may also delete it", () => {
  const actions = new Set(actionsOf(everything));
  // Of another name where they are deleted, or gone with what they belong to.
  const others: Record<string, string> = {
    "ec2:CreateVpcEndpoint": "ec2:DeleteVpcEndpoints",
    "kms:CreateGrant": "kms:RetireGrant",
    "kms:CreateKey": "kms:ScheduleKeyDeletion",
  };
  const makes = [...actions].filter((action) => /:Create(?!.*ServiceLinkedRole)/.test(action));
  const without = makes.filter(
    (action) => !actions.has(others[action] ?? action.replace(":Create", ":Delete")),
  );
  expect(makes.length).toBeGreaterThan(40);
  expect(without).toEqual([]);
});

test("every action of a service whose SDK is here is an operation, or one that IAM alone knows", async () => {
  const sdks = {
    backup: await import("@aws-sdk/client-backup"),
    bedrock: await import("@aws-sdk/client-bedrock"),
    "cognito-idp": await import("@aws-sdk/client-cognito-identity-provider"),
    dynamodb: await import("@aws-sdk/client-dynamodb"),
    iam: await import("@aws-sdk/client-iam"),
    lambda: await import("@aws-sdk/client-lambda"),
    route53: await import("@aws-sdk/client-route-53"),
    s3: await import("@aws-sdk/client-s3"),
    sns: await import("@aws-sdk/client-sns"),
  };
  // Service Authorization Reference: actions that no operation bears the name of.
  const iamOnly = new Set([
    ...["AssociateWebACL", "DisassociateWebACL", "GetWebACLForResource"].map(
      (name) => `cognito-idp:${name}`,
    ),
    ...["CreateTableReplica", "DeleteTableReplica"].map((name) => `dynamodb:${name}`),
    "iam:PassRole",
    ...[
      ...["DeleteObjectVersion", "GetAccelerateConfiguration", "GetBucketCORS"],
      ...["GetBucketObjectLockConfiguration", "GetBucketPublicAccessBlock"],
      ...["GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetReplicationConfiguration"],
      ...["ListAllMyBuckets", "ListBucket", "ListBucketVersions", "ListTagsForResource"],
      ...["PutBucketCORS", "PutBucketObjectLockConfiguration", "PutBucketPublicAccessBlock"],
      ...["PutEncryptionConfiguration", "PutLifecycleConfiguration"],
      ...["PutReplicationConfiguration", "TagResource", "UntagResource"],
    ].map((name) => `s3:${name}`),
  ]);
  const asked = [...new Set(actionsOf([...everything, ...disposable]))];
  let held = 0;
  const unknown = asked.filter((action) => {
    const [service = "", name = ""] = action.split(":");
    const sdk = Object.entries(sdks).find(([one]) => one === service)?.[1];
    if (sdk === undefined) return false;
    held++;
    return !(`${name}Command` in sdk) && !iamOnly.has(action);
  });
  expect(held).toBeGreaterThan(200);
  expect(unknown).toEqual([]);
});

test("what is emptied before it is destroyed may be emptied, and nothing else", () => {
  const empties = /^(s3:DeleteObject|s3:ListBucketVersions|backup:DeleteRecoveryPoint)/;
  expect(actionsOf(disposable).filter((action) => empties.test(action))).toEqual([
    "backup:DeleteRecoveryPoint",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:ListBucketVersions",
  ]);
  expect(actionsOf(everything).filter((action) => empties.test(action))).toEqual([]);
});

test("nothing is allowed of services that a stack does not use", () => {
  const services = new Set(actionsOf(small).map((action) => action.split(":")[0]));
  for (const unused of [
    "wafv2",
    "pipes",
    "firehose",
    "glue",
    "ec2",
    "budgets",
    "cloudtrail",
    "kms",
  ])
    expect(services).not.toContain(unused);
  expect(services).toContain("dynamodb");
});

test("whoever deploys reads no tenant's data, but where DynamoDB copies a table for them", () => {
  const reads = /^(dynamodb:(GetItem|Query|Scan|BatchGetItem)|s3:GetObject)$/;
  expect(actionsOf(small).filter((action) => reads.test(action))).toEqual([]);
  const replicated = everything.some(({ inputs }) => Array.isArray(inputs.replicas));
  expect(replicated).toBe(true);
  expect(actionsOf(everything)).toContain("dynamodb:Scan");
});

test("roles are passed to the services that they trust alone", () => {
  expect(named(small, "PassRole")?.Condition?.StringEquals).toEqual({
    "iam:PassedToService": [
      "apigateway.amazonaws.com",
      "lambda.amazonaws.com",
      "scheduler.amazonaws.com",
    ],
  });
  expect(named(everything, "PassRole")?.Condition?.StringEquals["iam:PassedToService"]).toEqual(
    expect.arrayContaining([
      "backup.amazonaws.com",
      "pipes.amazonaws.com",
      "firehose.amazonaws.com",
    ]),
  );
  expect(named(small, "ServiceRoles")?.Condition?.StringEquals).toEqual({
    "iam:AWSServiceName": ["ops.apigateway.amazonaws.com"],
  });
  for (const { Sid, Action } of statementsOf(everything))
    if (Action.some((one) => /PassRole|ServiceLinkedRole/.test(one)))
      expect(["PassRole", "ServiceRoles"]).toContain(Sid);
});

test("the network's own needs come with the network, a key's with a key", () => {
  expect(actionsOf(everything)).toEqual(
    expect.arrayContaining(["ec2:DescribeAvailabilityZones", "kms:CreateGrant", "ec2:CreateVpc"]),
  );
});
