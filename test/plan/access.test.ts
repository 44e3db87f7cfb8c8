import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import type { AccessChange } from "../../offline/plan/access.ts";
import { compare } from "../../offline/plan/compare.ts";
import type { Comparison } from "../../offline/plan/comparison.ts";
import { planJson } from "../../offline/plan/show/json.ts";
import { planMarkdown } from "../../offline/plan/show/markdown.ts";
import { comparisonText } from "../../offline/plan/show/text.ts";
import { quotaReport } from "../../offline/quotas/quotas.ts";
import { changesSection } from "../../offline/report/sections/changes.ts";
import { defaultValues } from "../../policies/quotas/account-values.ts";

async function comparisonOf(before: () => unknown, after: () => unknown): Promise<Comparison> {
  const [left, right] = await Promise.all([evaluate(before), evaluate(after)]);
  return compare(left.records, right.records);
}

const accessOf = async (before: () => unknown, after: () => unknown): Promise<AccessChange[]> =>
  (await comparisonOf(before, after)).access.map(({ urn: _, ...row }) => row as AccessChange);

/** A role that may do something with a table, by a policy of its own. */
const app = (actions: string[], condition?: object) => () => {
  const table = new aws.dynamodb.Table("chats", { hashKey: "pk" });
  const role = new aws.iam.Role("app", {
    assumeRolePolicy: JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    }),
  });
  const policy = new aws.iam.Policy("app", {
    policy: pulumi.jsonStringify({
      Statement: [{ Effect: "Allow", Action: actions, Resource: table.arn, Condition: condition }],
    }),
  });
  new aws.iam.RolePolicyAttachment("app", { role: role.name, policyArn: policy.arn });
};

test("what a role newly may do, and no longer may: action, resource and condition", async () => {
  expect(
    await accessOf(app(["dynamodb:GetItem"]), app(["dynamodb:PutItem", "dynamodb:Query"])),
  ).toEqual([
    {
      kind: "added",
      effect: "Allow",
      who: "iam.Role app",
      actions: ["dynamodb:PutItem", "dynamodb:Query"],
      resource: `\${dynamodb.Table chats.arn}`,
    },
    {
      kind: "removed",
      effect: "Allow",
      who: "iam.Role app",
      actions: ["dynamodb:GetItem"],
      resource: `\${dynamodb.Table chats.arn}`,
    },
  ]);
  const only = { StringEquals: { "aws:SourceVpc": "vpc-1" } };
  const narrowed = await accessOf(app(["dynamodb:GetItem"]), app(["dynamodb:GetItem"], only));
  expect(narrowed.map(({ kind, condition }) => [kind, condition])).toEqual([
    ["added", "StringEquals aws:SourceVpc = vpc-1"],
    ["removed", undefined],
  ]);
});

test("a statement that is only written elsewhere changes no access", async () => {
  const split =
    (...statements: string[][]) =>
    () => {
      new aws.iam.Policy("p", {
        policy: JSON.stringify({
          Statement: statements.map((Action) => ({ Effect: "Allow", Action, Resource: "*" })),
        }),
      });
    };
  expect(await accessOf(split(["s3:Get*", "s3:Put*"]), split(["s3:Put*"], ["s3:Get*"]))).toEqual(
    [],
  );
});

test("who may newly use a resource, by the policy of a bucket, key, queue, topic or function", async () => {
  const statement = (Action: string, Principal: unknown = "*") =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action, Principal, Resource: "*" }] });
  const policies = () => {
    new aws.s3.BucketPolicy("b", { bucket: "files", policy: statement("s3:GetObject") });
    new aws.kms.Key("k", { policy: statement("kms:Decrypt", { AWS: "arn:aws:iam::1:root" }) });
    new aws.sqs.QueuePolicy("q", { queueUrl: "https://q", policy: statement("sqs:SendMessage") });
    new aws.sns.TopicPolicy("t", { arn: "arn:t", policy: statement("sns:Publish") });
    new aws.lambda.Permission("f", {
      function: "app",
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: "arn:api",
    });
  };
  const rows = await accessOf(() => {}, policies);
  expect(
    rows
      .map(({ who, actions, resource, condition }) => [who, actions[0], resource, condition])
      .sort(),
  ).toEqual([
    ["*", "s3:GetObject", "*", undefined],
    ["*", "sns:Publish", "*", undefined],
    ["*", "sqs:SendMessage", "*", undefined],
    ["apigateway.amazonaws.com", "lambda:InvokeFunction", "app", "aws:SourceArn = arn:api"],
    ["arn:aws:iam::1:root", "kms:Decrypt", "*", undefined],
  ]);
  const gone = await accessOf(policies, () => {});
  expect(gone.map(({ kind }) => kind)).toEqual(rows.map(() => "removed"));
});

test("AWS's own policies, denials, and all but some, are told by their names", async () => {
  const rows = await accessOf(
    () => {},
    () => {
      const role = new aws.iam.Role("r", { assumeRolePolicy: "{}" });
      new aws.iam.RolePolicyAttachment("a", {
        role: role.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      });
      new aws.iam.RolePolicy("p", {
        role: role.name,
        policy: JSON.stringify({
          Statement: { Effect: "Deny", NotAction: ["s3:GetObject"], Resource: "*" },
        }),
      });
    },
  );
  expect(rows.map(({ who, effect, actions }) => [who, effect, ...actions])).toEqual([
    ["iam.Role r", "Allow", "all of AWSLambdaBasicExecutionRole"],
    ["iam.Role r", "Deny", "all but s3:GetObject"],
  ]);
});

test("text, Markdown, JSON and the report have it as a table of its own", async () => {
  const comparison = await comparisonOf(app(["dynamodb:GetItem"]), app(["dynamodb:Query"]));
  const quotas = quotaReport([], defaultValues, { region: "us-east-1" });
  const plan = { stack: "dev", records: [], against: "git:main", notes: [], quotas, comparison };
  const text = comparisonText(comparison, { width: 120, paint: (_, line) => line });
  expect(text).toMatch(
    /Access \(2 changes\)\n.*\n {2}\+ iam.Role app {2}dynamodb:Query\n +on \$\{dynamodb.Table chats.arn\}/,
  );
  expect(planMarkdown(plan)).toContain(
    `| + iam.Role app | dynamodb:Query | \${dynamodb.Table chats.arn} |  |`,
  );
  expect(planJson(plan).comparison?.access).toEqual(comparison.access);
  const page = String(changesSection({ comparison, against: "git:main", notes: [] }));
  expect(page).toContain("dynamodb:Query");
  expect(page).toMatch(/<th[^>]*>May<\/th>/);
});
