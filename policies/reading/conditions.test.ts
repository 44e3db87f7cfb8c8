// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like templates.
import { describe, expect, test } from "vitest";
import { pins, pinsToken, type Subject } from "./conditions.ts";
import { isOpen, statementsOf } from "./policy-document.ts";

const account = "123456789012";

/** A statement for everybody with these conditions. */
const read = (Condition: object, more: object = {}) => {
  const Statement = { Effect: "Allow", Principal: "*", Action: "s3:Get*", Condition, ...more };
  const [statement] = statementsOf({ Statement });
  if (!statement) throw new Error("no statement");
  return statement;
};

const pinsAs = (subject: Subject, operator: string, key: string, values: unknown, more = {}) =>
  pins(read({ [operator]: { [key]: values }, ...more }), subject);

describe("the caller is pinned", () => {
  test.each<[string, string, unknown]>([
    ["StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"],
    ["StringLike", "aws:PrincipalOrgID", ["o-a1b2c3d4e5"]],
    ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*"],
    ["ArnLike", "aws:PrincipalArn", `arn:aws:iam::${account}:role/*`],
    ["ArnLike", "aws:SourceArn", `arn:aws:*:*:${account}:*`],
    ["ArnEquals", "aws:SourceArn", "arn:aws:s3:::acme-documents"],
    ["StringEquals", "aws:SourceVpce", ["vpce-1a2b3c4d", "vpce-2b3c4d5e"]],
    ["StringEquals", "kms:CallerAccount", account],
    ["StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}"],
    ["StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"],
    ["StringEquals", "s3:DataAccessPointAccount", account],
    ["IpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32"]],
    ["IpAddress", "aws:SourceIp", "198.51.100.7"],
    ["StringEquals", "aws:userId", "AIDAEXAMPLEEXAMPLEEXA"],
    ["StringLike", "aws:userId", "AROAEXAMPLEEXAMPLEEXA:*"],
  ])("by %s %s %j", (operator, key, values) => {
    expect(pinsAs("caller", operator, key, values)).toBe(true);
  });

  test.each<[string, string, unknown]>([
    ["StringLike", "aws:PrincipalOrgID", "o-*"],
    ["StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}"],
    ["StringLike", "aws:PrincipalOrgPaths", "o-*/r-ab12/*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Admin"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::12345678901?:role/Admin"],
    ["ArnLike", "aws:SourceArn", "arn:aws:*:*:*:*"],
    ["ArnLike", "aws:SourceArn", "arn:aws:s3:::*"],
    ["ArnLike", "aws:SourceArn", "arn:aws:s3:::acme-*"],
    ["StringLike", "aws:SourceVpce", "vpce-*"],
    ["StringEquals", "aws:SourceVpce", ["vpce-1a2b3c4d", "${aws:SourceVpce}"]],
    ["StringLike", "kms:CallerAccount", "*2*"],
    ["StringEquals", "aws:PrincipalAccount", [account, "*"]],
    ["StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"],
    ["StringNotEquals", "aws:PrincipalAccount", account],
    ["StringEqualsIfExists", "aws:SourceVpce", "vpce-1a2b3c4d"],
    ["ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/"],
    ["Null", "aws:SourceVpce", "false"],
    ["IpAddress", "aws:SourceIp", "0.0.0.0/0"],
    ["IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"]],
    ["IpAddress", "aws:SourceIp", "::/0"],
    ["NotIpAddress", "aws:SourceIp", "203.0.113.0/24"],
    ["StringLike", "aws:userId", "*:alice"],
    ["StringEquals", "aws:PrincipalTag/team", "red"],
    ["Bool", "aws:SecureTransport", "true"],
    ["StringEquals", "constructor", "x"],
    ["StringEquals", "aws:PrincipalAccount", []],
  ])("not by %s %s %j", (operator, key, values) => {
    expect(pinsAs("caller", operator, key, values)).toBe(false);
  });

  test.each([
    "StringEqualsIfExists",
    "ForAllValues:StringEquals",
  ])("by %s where the key must be present", (operator) => {
    const key = "aws:SourceVpce";
    const present = (Null: string) =>
      pinsAs("caller", operator, key, "vpce-1a2b3c4d", { Null: { [key]: Null } });
    expect(present("false")).toBe(true);
    expect(present("true")).toBe(false);
  });
});

describe("a document is not open when it denies everybody else", () => {
  const open = read({});
  const denying = (operator: string, key: string, value: string, more: object = {}) =>
    read({ [operator]: { [key]: value } }, { Effect: "Deny", Action: "s3:*", ...more });

  test.each<[string, string, string]>([
    ["StringNotEquals", "aws:SourceVpce", "vpce-1a2b3c4d"],
    ["StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"],
    ["NotIpAddress", "aws:SourceIp", "203.0.113.0/24"],
    ["ArnNotLike", "aws:PrincipalArn", `arn:aws:iam::${account}:role/*`],
  ])("by %s %s %s", (operator, key, value) => {
    expect(isOpen(open, [open, denying(operator, key, value)])).toBe(false);
  });

  test.each([
    ["the denial leaves anybody in", denying("StringNotLike", "aws:PrincipalOrgID", "o-*")],
    [
      "it does not hold without the key",
      denying("ForAnyValue:StringNotEquals", "aws:SourceVpce", "vpce-1"),
    ],
    [
      "it is of other actions",
      denying("StringNotEquals", "aws:SourceVpce", "vpce-1", { Action: "s3:Put*" }),
    ],
    [
      "it is of one principal",
      denying("StringNotEquals", "aws:SourceVpce", "vpce-1", { Principal: { AWS: account } }),
    ],
    [
      "a second condition narrows it",
      read(
        {
          StringNotEquals: { "aws:SourceVpce": "vpce-1" },
          Bool: { "aws:SecureTransport": "false" },
        },
        { Effect: "Deny", Action: "s3:*" },
      ),
    ],
  ])("but it is when %s", (_, denial) => {
    expect(isOpen(open, [open, denial])).toBe(true);
  });
});

describe("the source of a service is pinned", () => {
  test.each<[string, string, unknown, boolean]>([
    ["StringEquals", "aws:SourceAccount", account, true],
    ["ArnLike", "aws:SourceArn", `arn:aws:logs:eu-west-1:${account}:*`, true],
    ["ArnEquals", "aws:SourceArn", "arn:aws:s3:::acme-documents", false],
    ["StringLike", "aws:SourceAccount", "1234*", false],
    ["StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5", true],
    ["ArnLike", "kms:EncryptionContext:aws:logs:arn", `arn:aws:logs:eu-west-1:${account}:*`, true],
    ["ArnLike", "kms:EncryptionContext:aws:logs:arn", "arn:aws:logs:*:*:*", false],
    ["StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d", false],
  ])("%s %s %j: %s", (operator, key, values, expected) => {
    expect(pinsAs("source", operator, key, values)).toBe(expected);
  });
});

describe("a resource is bound by its tag", () => {
  test.each<[string, unknown, boolean]>([
    ["StringEquals", "acme", true],
    ["StringEquals", "${aws:PrincipalTag/tenant}", true],
    ["StringLike", "*", false],
    ["StringLike", "${aws:PrincipalTag/tenant}*", false],
    ["StringEquals", "${aws:ResourceTag/tenant}", false],
    ["StringEqualsIfExists", "acme", false],
  ])("%s %j: %s", (operator, values, expected) => {
    expect(pinsAs("tag", operator, "aws:ResourceTag/tenant", values)).toBe(expected);
  });
});

describe("a provider's tokens are pinned", () => {
  const github = "token.actions.githubusercontent.com";
  test.each<[string, string, string, boolean]>([
    ["StringLike", `${github}:sub`, "repo:acme/chat:*", true],
    ["StringLike", `${github}:sub`, "repo:acme/*", true],
    ["StringEquals", `${github}:sub`, "repo:acme/chat:ref:refs/heads/main", true],
    ["StringEquals", `${github}:repository_owner_id`, "1234", true],
    ["StringLike", `${github}:sub`, "repo:acm*", false],
    ["StringLike", `${github}:sub`, "repo:*/chat:*", false],
    ["StringLike", `${github}:sub`, "repo:acm?/chat:*", false],
    ["ForAllValues:StringLike", `${github}:sub`, "repo:acme/chat:*", false],
    ["StringEquals", `${github}:aud`, "sts.amazonaws.com", false],
    ["StringEquals", `${github}:actor`, "alice", false],
    ["StringEquals", "gitlab.com:aud", "https://gitlab.com", false],
    ["StringLike", "gitlab.com:sub", "project_path:acme/chat:*", true],
    ["StringLike", "gitlab.com:sub", "project_path:acme*", false],
    ["StringEquals", "app.terraform.io:aud", "aws.workload.identity", false],
    ["StringLike", "app.terraform.io:sub", "organization:acme:project:*", true],
    ["StringLike", "app.terraform.io:sub", "organization:*:project:chat:*", false],
    ["StringEquals", "cognito-identity.amazonaws.com:aud", "eu-west-1:1", true],
    ["ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr", "authenticated", false],
    ["StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml", true],
    [
      "StringLike",
      "oidc.eks.eu-west-1.amazonaws.com/id/1a2b:sub",
      "system:serviceaccount:chat:*",
      true,
    ],
    ["StringEquals", "accounts.google.com:aud", "${accounts.google.com:aud}", false],
  ])("%s %s %s: %s", (operator, key, value, expected) => {
    expect(pinsToken(read({ [operator]: { [key]: value } }))).toBe(expected);
  });
});
