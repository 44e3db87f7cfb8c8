import { describe, expect, test } from "vitest";
import { answerOf } from "../../offline/functions/functions.ts";

const caller = { accountId: "123456789012", region: "eu-west-1" };
const ask = (token: string, args: Record<string, unknown> = {}) => answerOf(token, args, caller);

const documentOf = (args: Record<string, unknown>) =>
  ask("aws:iam/getPolicyDocument:getPolicyDocument", args)!;
const json = (args: Record<string, unknown>) => JSON.parse(String(documentOf(args).json));
const statement = (args: Record<string, unknown>) => json({ statements: [args] }).Statement[0];

// Texts are those of the acceptance tests and the documentation of Terraform's `aws_iam_policy_document`.
describe("a policy document is the provider's, to the letter:", () => {
  test("elements in their order, a list of one alone, sets in reverse order, &{…} for a variable of IAM", () => {
    const { json: text, minifiedJson } = documentOf({
      policyId: "policy_id",
      statements: [
        {
          sid: "1",
          actions: ["s3:GetBucketLocation", "s3:ListAllMyBuckets"],
          resources: ["arn:aws:s3:::*"],
        },
        {
          actions: ["s3:ListBucket"],
          resources: ["arn:aws:s3:::foo"],
          conditions: [
            {
              test: "StringLike",
              variable: "s3:prefix",
              values: ["home/", "", "home/&{aws:username}/"],
            },
          ],
          notPrincipals: [{ type: "AWS", identifiers: ["arn:blahblah:example"] }],
        },
        {
          effect: "Deny",
          notActions: ["s3:*"],
          notResources: ["arn:aws:s3:::*"],
        },
      ],
    });
    expect(text).toBe(`{
  "Version": "2012-10-17",
  "Id": "policy_id",
  "Statement": [
    {
      "Sid": "1",
      "Effect": "Allow",
      "Action": [
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation"
      ],
      "Resource": "arn:aws:s3:::*"
    },
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::foo",
      "NotPrincipal": {
        "AWS": "arn:blahblah:example"
      },
      "Condition": {
        "StringLike": {
          "s3:prefix": [
            "home/",
            "",
            "home/\${aws:username}/"
          ]
        }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "s3:*",
      "NotResource": "arn:aws:s3:::*"
    }
  ]
}`);
    expect(minifiedJson).toBe(JSON.stringify(JSON.parse(String(text))));
  });

  test.each([
    [[{ type: "AWS", identifiers: ["*"] }], { AWS: "*" }],
    [[{ type: "*", identifiers: ["*"] }], "*"],
    [[{ type: "AWS", identifiers: ["arn:a", "arn:b"] }], { AWS: ["arn:b", "arn:a"] }],
    [
      [
        { type: "Service", identifiers: ["s3.amazonaws.com"] },
        { type: "AWS", identifiers: ["123456789012"] },
      ],
      { AWS: "123456789012", Service: "s3.amazonaws.com" },
    ],
    [
      [
        { type: "AWS", identifiers: ["arn:a"] },
        { type: "AWS", identifiers: ["arn:b"] },
      ],
      { AWS: ["arn:a", "arn:b"] },
    ],
  ])("principals %j", (principals, written) => {
    expect(statement({ principals, actions: ["a:B"] }).Principal).toEqual(written);
  });

  test("conditions of one operator and one key are one, with all their values", () => {
    const conditions = [
      { test: "StringEquals", variable: "b", values: ["1"] },
      { test: "Bool", variable: "aws:SecureTransport", values: ["false"] },
      { test: "StringEquals", variable: "b", values: ["2"] },
      { test: "StringEquals", variable: "a", values: ["3"] },
    ];
    expect(JSON.stringify(statement({ conditions }).Condition)).toBe(
      '{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"a":"3","b":["1","2"]}}',
    );
  });

  test("what HTML gives a meaning is escaped, as Go does", () => {
    expect(documentOf({ statements: [{ actions: ["a:<B>&"] }] }).minifiedJson).toContain(
      "a:\\u003cB\\u003e\\u0026",
    );
  });

  test("statements of sources come first, those of overrides take the place of their sid", () => {
    const source = documentOf({
      version: "2008-10-17",
      policyId: "source",
      statements: [
        { sid: "Kept", actions: ["ec2:Kept"] },
        { sid: "Own", actions: ["ec2:Replaced"] },
      ],
    });
    const override = documentOf({
      statements: [{ sid: "Kept", actions: ["s3:Over"] }, { actions: ["s3:Added"] }],
    });
    const merged = json({
      statements: [{ sid: "Own", actions: ["ec2:Own"] }],
      sourcePolicyDocuments: [source.json],
      overridePolicyDocuments: [override.json],
    });
    expect(merged).toMatchObject({ Version: "2012-10-17", Id: "source" });
    expect(merged.Statement.map((one: { Action: string }) => one.Action)).toEqual([
      "s3:Over",
      "ec2:Own",
      "s3:Added",
    ]);
  });

  test("a document that somebody wrote by hand may have one statement, and any case of principal", () => {
    const merged = json({
      sourcePolicyDocuments: [
        JSON.stringify({
          Statement: {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Condition: { Bool: { "aws:SecureTransport": true } },
          },
        }),
      ],
    });
    expect(merged.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "s3:GetObject",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
    ]);
  });

  test.each([
    ["a sid twice", { statements: [{ sid: "a" }, { sid: "a" }] }, 'the sid "a" twice'],
    [
      "a sid of two sources",
      {
        sourcePolicyDocuments: ['{"Statement":[{"Sid":"a"}]}', '{"Statement":[{"Sid":"a"}]}'],
      },
      'sourcePolicyDocuments: found the sid "a" twice',
    ],
    [
      "a text that is no JSON",
      { overridePolicyDocuments: ["{}", "oops"] },
      "overridePolicyDocuments.1",
    ],
    [
      "variables of a version without them",
      { version: "2008-10-17", statements: [{ resources: ["&{aws:username}"] }] },
      "only with version 2012-10-17",
    ],
    ["another effect", { statements: [{ effect: "allow" }] }, "statements.0.effect"],
  ])("%s is refused", (_, args, cause) => {
    expect(() => documentOf(args)).toThrow(cause);
  });
});

test("the caller's account, partition and region are answered, and other regions where asked", () => {
  expect(ask("aws:index/getCallerIdentity:getCallerIdentity")).toMatchObject({
    accountId: "123456789012",
    arn: "arn:aws:iam::123456789012:root",
  });
  expect(ask("aws:index/getRegion:getRegion")).toMatchObject({ region: "eu-west-1" });
  expect(ask("aws:index/getRegion:getRegion", { region: "us-west-2" })).toMatchObject({
    region: "us-west-2",
  });
  expect(ask("aws:index/getPartition:getPartition")).toMatchObject({
    partition: "aws",
    dnsSuffix: "amazonaws.com",
  });
  expect(
    answerOf("aws:index/getPartition:getPartition", {}, { ...caller, region: "cn-north-1" }),
  ).toMatchObject({ partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" });
});

test("an ARN is taken apart, and what is none refused", () => {
  expect(
    ask("aws:index/getArn:getArn", { arn: "arn:aws:rds:eu-west-1:123456789012:db:mysql" }),
  ).toMatchObject({
    service: "rds",
    region: "eu-west-1",
    account: "123456789012",
    resource: "db:mysql",
  });
  expect(() => ask("aws:index/getArn:getArn", { arn: "mysql" })).toThrow('found "mysql"');
});

test("what only AWS knows has no answer", () => {
  expect(ask("aws:ec2/getAmi:getAmi", { owners: ["amazon"] })).toBeUndefined();
});
