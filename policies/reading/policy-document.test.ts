import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  coversAction,
  coversResource,
  isAnybody,
  isOpen,
  like,
  statementsOf,
} from "./policy-document.ts";

const allow = {
  Effect: "Allow",
  Action: "dynamodb:GetItem",
  Resource: "arn:aws:dynamodb:::table/acme",
};
const first = (statement: object) => statementsOf({ Statement: statement })[0]!;

describe("statementsOf", () => {
  const normal = {
    label: "statement 0",
    effect: "Allow",
    actions: ["dynamodb:GetItem"],
    notActions: [],
    resources: ["arn:aws:dynamodb:::table/acme"],
    notResources: [],
    principals: [],
    notPrincipals: [],
    conditions: [],
  };

  test.each([
    ["an object", { Statement: [allow] }],
    ["JSON text", JSON.stringify({ Statement: [allow] })],
    ["a single statement", { Statement: allow }],
    [
      "lists of one",
      { Statement: { ...allow, Action: [allow.Action], Resource: [allow.Resource] } },
    ],
  ])("reads %s", (_, policy) => {
    expect(statementsOf(policy)).toEqual([normal]);
  });

  test("has none where there is no policy", () => {
    expect(statementsOf(undefined)).toEqual([]);
    expect(statementsOf("")).toEqual([]);
    expect(statementsOf({ Version: "2012-10-17" })).toEqual([]);
  });

  test("refuses what is not JSON without showing it", () => {
    expect(() => statementsOf('{"Sid": "hunter2"')).toThrow(/^policy document is not JSON$/);
  });

  test("names statements by Sid", () => {
    expect(first({ ...allow, Sid: "Read" }).label).toBe("statement Read");
  });

  test.each([
    ["*", ["AWS:*"]],
    [{ AWS: "*" }, ["AWS:*"]],
    [
      { AWS: ["1", "2"], Service: "lambda.amazonaws.com" },
      ["AWS:1", "AWS:2", "Service:lambda.amazonaws.com"],
    ],
    [{ Federated: "cognito-identity.amazonaws.com" }, ["Federated:cognito-identity.amazonaws.com"]],
    [undefined, []],
  ])("reads the principal %j", (Principal, expected) => {
    expect(first({ ...allow, Principal }).principals).toEqual(expected);
  });

  test("reads conditions, keys in lower case and values as text", () => {
    const Condition = {
      Bool: { "aws:SecureTransport": false },
      StringLike: { "s3:prefix": ["a", "b"] },
    };
    expect(first({ ...allow, Condition }).conditions).toEqual([
      { operator: "Bool", key: "aws:securetransport", values: ["false"] },
      { operator: "StringLike", key: "s3:prefix", values: ["a", "b"] },
    ]);
  });
});

describe("coversAction", () => {
  test.each([
    [{ Action: "dynamodb:Scan" }, true],
    [{ Action: "DynamoDB:scan" }, true],
    [{ Action: "dynamodb:*" }, true],
    [{ Action: "*" }, true],
    [{ Action: ["s3:GetObject", "dynamodb:S?an"] }, true],
    [{ Action: "dynamodb:Get*" }, false],
    [{ Action: undefined, NotAction: "iam:*" }, true],
    [{ Action: undefined, NotAction: "dynamodb:*" }, false],
    [{ Action: undefined, NotAction: ["iam:*", "dynamodb:*"] }, false],
    [{ Action: undefined }, false],
  ])("of dynamodb:Scan by %j is %s", (change, expected) => {
    expect(coversAction(first({ ...allow, ...change }), "dynamodb:Scan")).toBe(expected);
  });
});

describe("coversResource", () => {
  test.each([
    [{ Resource: "*" }, true],
    [{ Resource: "arn:aws:dynamodb:*:*:table/*" }, true],
    [{ Resource: ["arn:aws:s3:::x", "arn:aws:dynamodb:eu-west-1:1:table/acm?"] }, true],
    [{ Resource: "arn:aws:dynamodb:eu-west-1:1:table/ACME" }, false],
    [{ Resource: "arn:aws:dynamodb:eu-west-1:1:table/acme/index/*" }, false],
    [{ Resource: undefined, NotResource: "arn:aws:dynamodb:*:*:table/globex" }, true],
    [{ Resource: undefined, NotResource: "arn:aws:dynamodb:*:*:table/a*" }, false],
    [{ Resource: undefined, NotResource: ["arn:aws:s3:::*", "arn:aws:dynamodb:*"] }, false],
  ])("of the table by %j is %s", (change, expected) => {
    const arn = "arn:aws:dynamodb:eu-west-1:1:table/acme";
    expect(coversResource(first({ ...allow, ...change }), arn)).toBe(expected);
  });
});

describe("isOpen", () => {
  const open = { ...allow, Principal: "*" };
  const when = (operator: string, key: string, value: unknown) => ({
    ...open,
    Condition: { [operator]: { [key]: value } },
  });

  test.each([
    ["everybody is allowed", open],
    ["all accounts are allowed", { ...open, Principal: { AWS: ["1", "*"] } }],
    ["everybody but one is allowed", { ...allow, NotPrincipal: { AWS: "1" } }],
    ["the condition is negated", when("StringNotEquals", "aws:SourceAccount", "1")],
    ["the condition may be absent", when("StringEqualsIfExists", "aws:SourceAccount", "1")],
    ["the key may be absent", when("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", ["o-1"])],
    ["the condition takes any value", when("StringLike", "aws:SourceAccount", "*")],
    ["the condition takes nothing", when("StringEquals", "aws:SourceAccount", [])],
    ["the condition is of something else", when("StringEquals", "s3:prefix", "public")],
    ["the condition is about transport", when("Bool", "aws:SecureTransport", "true")],
  ])("holds where %s", (_, statement) => {
    expect(isOpen(first(statement))).toBe(true);
  });

  test.each([
    ["everybody is denied", { ...open, Effect: "Deny" }],
    ["principals are named", { ...open, Principal: { AWS: "1", Service: "s3.amazonaws.com" } }],
    ["the account is pinned", when("StringEquals", "AWS:SourceAccount", "123456789012")],
    [
      "the source is pinned",
      when("ArnLike", "aws:SourceArn", "arn:aws:execute-api:*:123456789012:*"),
    ],
    ["the endpoint is pinned", when("ForAnyValue:StringEquals", "aws:SourceVpce", ["vpce-1"])],
  ])("does not hold where %s", (_, statement) => {
    expect(isOpen(first(statement))).toBe(false);
  });

  test("asks for anybody, whatever the effect", () => {
    expect(isAnybody(first({ ...open, Effect: "Deny" }))).toBe(true);
    expect(isAnybody(first(allow))).toBe(false);
  });
});

describe("like", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 12 });

  test("agrees with the same pattern as a regular expression", () => {
    const pattern = fc.string({
      unit: fc.constantFrom("a", "b", "/", ".", "*", "?"),
      maxLength: 8,
    });
    fc.assert(
      fc.property(pattern, letters, (wildcards, text) => {
        const source = wildcards.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
        expect(like(wildcards, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test("matches every text that a pattern was made from", () => {
    fc.assert(
      fc.property(letters, letters, letters, (before, between, after) => {
        expect(like(`${before}*${after}`, before + between + after)).toBe(true);
      }),
    );
  });

  test("takes no exponential time", () => {
    expect(like(`${"*a".repeat(40)}b`, "a".repeat(4_000))).toBe(false);
  });
});
