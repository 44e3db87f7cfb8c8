import { beforeAll, describe, expect, test } from "vitest";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { SqlFollower, type SqlFollowerArgs } from "../../../components/companions/sql-follower.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { check } from "../../../offline/check/check.ts";
import { evaluate } from "../../../offline/evaluate.ts";
import { TenantStack } from "../../../stacks/tenant-stack.ts";
import { tiers } from "../../../stacks/tiers.ts";
import { type Records, recordsOf, statements } from "../../../testing/stacks/records.ts";

const tenant = { tenant: "acme" };
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:sql-AbCdEf";
const key = { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" };
const secretKey = { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/2" };

const followerRecords = (args: Partial<SqlFollowerArgs> = {}) =>
  recordsOf(() => {
    const { encryption } = args;
    return new SqlFollower("sql", {
      ...tenant,
      table: new ChatTable("chat", { ...tenant, encryption }),
      documents: new DocumentBucket("documents", { ...tenant, encryption }),
      secretArn,
      ...args,
    });
  });

const granted = (
  records: Records,
): { Action: string[]; Resource: string[]; Condition?: unknown }[] =>
  statements(records.one("Policy", "sql").inputs.policy);

describe("by default", () => {
  let records: Records;
  beforeAll(async () => {
    records = await followerRecords();
  });

  test("C: Lambda gives the function the table's stream, in order, and gives up on what stays poisoned", () => {
    expect(records.one("EventSourceMapping").inputs).toMatchObject({
      eventSourceArn: records.one("Table").outputs.streamArn,
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 100,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: records.one("Queue").outputs.arn } },
    });
    expect(records.one("EventSourceMapping").inputs).not.toHaveProperty("parallelizationFactor");
    expect(records.one("Function").inputs).toMatchObject({
      reservedConcurrentExecutions: 1,
      handler: "index.handler",
    });
  });

  test("C: the function may read the stream, the items, long messages and its secret, and nothing else", () => {
    const table = records.one("Table").outputs;
    const bucket = records.one("Bucket").outputs.arn;
    const own = granted(records).filter(({ Action }) => !/^(logs|xray):/.test(Action[0] ?? ""));
    expect(own.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      {
        Action: [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
        Resource: [table.streamArn],
      },
      {
        Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        Resource: [table.arn],
      },
      { Action: ["s3:GetObject"], Resource: [`${bucket}/messages/*`] },
      { Action: ["secretsmanager:GetSecretValue"], Resource: [secretArn] },
      { Action: ["sqs:SendMessage"], Resource: [records.one("Queue").outputs.arn] },
    ]);
  });

  test("the environment names the secret, and has none", () => {
    const { variables } = records.one("Function").inputs.environment as {
      variables: Record<string, string>;
    };
    expect(variables).toEqual({
      TENANT: "acme",
      TABLE_NAME: records.one("Table").outputs.name,
      BUCKET_NAME: records.one("Bucket").outputs.bucket,
      SCHEMA: "acme",
      SECRET_ARN: secretArn,
      SECRETS_ENDPOINT: "https://secretsmanager.us-east-1.amazonaws.com",
      NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
    });
  });
});

test("the policy pack has nothing against it beside a tenant of the strictest tier", async () => {
  const tags = { "chatstack:environment": "production", "chatstack:stack": "prod" };
  const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
  const common = { ...tenant, tier: "enterprise", tags, permissionsBoundaryArn };
  const program = () => {
    const settings = tiers.enterprise;
    const { table, documents, key: own } = new TenantStack("acme", { ...common, settings });
    if (own === undefined) throw new Error("the tier has no key");
    const encryption = { kmsKeyArn: own.keyArn };
    new SqlFollower("sql", { ...common, table, documents, secretArn, encryption });
  };
  const report = await check({ stacks: ["prod"], evaluate: () => evaluate(program) });
  expect(report.failures).toEqual([]);
  const found = report.stacks.flatMap(({ findings }) => findings);
  expect(found.filter(({ level }) => level === "mandatory")).toEqual([]);
  // As of the tenant's own function: to sign code, and to stand in a VPC, is a choice.
  const advised = found.filter(({ urn }) => urn.includes("SqlFollower")).map(({ rule }) => rule);
  expect(advised).toEqual(["fn-code-signing", "fn-vpc"]);
});

test("uses each key through the service that it belongs to alone", async () => {
  const records = await followerRecords({ encryption: key, secretEncryption: secretKey });
  const uses = granted(records)
    .filter(({ Action }) => Action[0]?.startsWith("kms:"))
    .map(({ Resource, Condition }) => [Resource[0], JSON.stringify(Condition)]);
  expect(uses).toContainEqual([
    secretKey.kmsKeyArn,
    expect.stringContaining("secretsmanager.us-east-1.amazonaws.com"),
  ]);
  for (const service of ["dynamodb", "s3", "sqs"]) {
    expect(uses).toContainEqual([
      key.kmsKeyArn,
      expect.stringContaining(`${service}.us-east-1.amazonaws.com`),
    ]);
  }
});

test("tells of an hour's lag where somebody wants to know, and runs where PostgreSQL is", async () => {
  const network = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
  const alarms = { topicArn: "arn:aws:sns:us-east-1:123456789012:operators" };
  const records = await followerRecords({ network, alarms, schema: "chat" });
  expect(records.one("MetricAlarm").inputs).toMatchObject({
    metricName: "IteratorAge",
    threshold: 3_600_000,
    alarmActions: [alarms.topicArn],
  });
  expect(records.one("Function").inputs).toMatchObject({ vpcConfig: network });
});

test.each([
  [{ batchSize: 0 }, "batchSize"],
  [{ batchSize: 1_001 }, "batchSize"],
  [{ retryAttempts: -1 }, "retryAttempts"],
])("refuses %j", async (args, argument) => {
  await expect(followerRecords(args)).rejects.toThrow(argument);
});
