import { resource, testRule, unknown } from "../testing.ts";
import { boundary, trust } from "./roles.ts";

const account = "123456789012";
const role = (props: object) => resource("aws:iam/role:Role", { ...props });
const trusting = (Principal: unknown, Condition?: object, more: object = {}) => [
  role({
    assumeRolePolicy: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal, Condition, ...more }],
    }),
  }),
];
const principal = "assumeRolePolicy statement 0 Principal";
const github = {
  Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
};
const gitHubClaims = (claims: object) => ({
  StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
  StringLike: claims,
});
const cognito = { Federated: "cognito-identity.amazonaws.com" };

testRule(trust, {
  passes: {
    "a service": trusting({ Service: "lambda.amazonaws.com" }),
    "services, in a document given as an object": [
      role({
        assumeRolePolicy: {
          Statement: {
            Effect: "Allow",
            Principal: { Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] },
          },
        },
      }),
    ],
    "one role of an account": trusting({ AWS: `arn:aws:iam::${account}:role/deploy` }),
    "an account that gives an external id": trusting(
      { AWS: `arn:aws:iam::${account}:root` },
      { StringEquals: { "sts:ExternalId": "e-1" } },
    ),
    "an account's roles of one name": trusting(
      { AWS: account },
      { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/deploy-*` } },
    ),
    "anybody in the organisation": trusting("*", {
      StringEquals: { "aws:PrincipalOrgID": "o-1234567890" },
    }),
    "one repository": trusting(
      github,
      gitHubClaims({ "token.actions.githubusercontent.com:sub": "repo:acme/chat:*" }),
    ),
    "an identity pool": trusting(cognito, {
      StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-west-1:1" },
    }),
    denials: [
      ...trusting("*", undefined, { Effect: "Deny" }),
      ...trusting({ AWS: account }, undefined, { Effect: "Deny" }),
    ],
  },
  objects: {
    "anybody may": [trusting("*"), principal],
    "any AWS identity may": [trusting({ AWS: "*" }), principal],
    "all but one may": [
      trusting(undefined, undefined, { NotPrincipal: { AWS: `arn:aws:iam::${account}:root` } }),
      principal,
    ],
    "any service may": [trusting({ Service: "*.amazonaws.com" }), principal],
    "a whole account may": [trusting({ AWS: `arn:aws:iam::${account}:root` }), principal],
    "a whole account may, by its id": [trusting({ AWS: [account] }), principal],
    "an account's condition is another": [
      trusting({ AWS: account }, { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      principal,
    ],
    "an account's condition allows anything": [
      trusting({ AWS: account }, { StringLike: { "sts:ExternalId": "*" } }),
      principal,
    ],
    "an account's condition is negated": [
      trusting({ AWS: account }, { StringNotEquals: { "sts:ExternalId": "e-1" } }),
      principal,
    ],
    "an account's condition also holds without its key": [
      trusting({ AWS: account }, { "ForAllValues:StringEquals": { "sts:ExternalId": "e-1" } }),
      principal,
    ],
    "a provider has no condition": [trusting(github), principal],
    "every repository may": [
      trusting(github, gitHubClaims({ "token.actions.githubusercontent.com:sub": "repo:*" })),
      principal,
    ],
    "one repository, or every one, may": [
      trusting(
        github,
        gitHubClaims({
          "token.actions.githubusercontent.com:sub": ["repo:acme/chat:ref:refs/heads/main", "*"],
        }),
      ),
      principal,
    ],
    "an account's condition lists nothing": [
      trusting({ AWS: account }, { StringEquals: { "sts:ExternalId": [] } }),
      principal,
    ],
    "only GitHub's audience is checked": [trusting(github, gitHubClaims({})), principal],
    "an identity pool has no audience": [trusting(cognito), principal],
    "two of three principals are faulty": [
      trusting({ Service: "lambda.amazonaws.com", AWS: ["*", account] }),
      principal,
      principal,
    ],
    "the document is unknown": [
      [role({ assumeRolePolicy: unknown })],
      "cannot tell: assumeRolePolicy",
    ],
  },
});

testRule(trust, {
  config: { accounts: [account] },
  passes: { "an account that the config trusts": trusting({ AWS: account }) },
  objects: { "it is another": [trusting({ AWS: "210987654321" }), principal] },
});

testRule(boundary, {
  passes: {
    "a role with one": [role({ permissionsBoundary: `arn:aws:iam::${account}:policy/b` })],
  },
  objects: {
    "it is absent": [[role({})], "permissionsBoundary"],
    "it is empty": [[role({ permissionsBoundary: "" })], "permissionsBoundary"],
    "a user has none": [[resource("aws:iam/user:User", {})], "permissionsBoundary"],
    "it is unknown": [[role({ permissionsBoundary: unknown })], "cannot tell: permissionsBoundary"],
  },
});
