import { resource, testRule, unknown } from "../testing.ts";
import { permissionSource, urlAuth, urlCors } from "./access.ts";

const url = (props: object = {}) => resource("aws:lambda/functionUrl:FunctionUrl", { ...props });

testRule(urlAuth, {
  passes: { "a URL that asks for credentials": [url({ authorizationType: "AWS_IAM" })] },
  objects: {
    "it is open": [[url({ authorizationType: "NONE" })], "authorizationType"],
    "the type is absent": [[url()], "authorizationType"],
    "it is unknown": [[url({ authorizationType: unknown })], "cannot tell: authorizationType"],
  },
});

testRule(urlCors, {
  passes: {
    "a URL that no browser calls": [url()],
    "a URL that names its origins": [url({ cors: { allowOrigins: ["https://app.acme.example"] } })],
  },
  objects: {
    "any origin may call": [[url({ cors: { allowOrigins: ["*"] } })], "cors.allowOrigins"],
  },
});

const account = "123456789012";
const permission = (change: object = {}) =>
  resource("aws:lambda/permission:Permission", {
    action: "lambda:InvokeFunction",
    function: "acme-api",
    principal: "apigateway.amazonaws.com",
    sourceArn: `arn:aws:execute-api:eu-west-1:${account}:abc123/v1/*`,
    ...change,
  });
const bucket = { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::acme-documents" };

testRule(permissionSource, {
  passes: {
    "an API of the account": [permission()],
    "a bucket with its account": [permission({ ...bucket, sourceAccount: account })],
    "another account's role": [
      permission({ principal: `arn:aws:iam::${account}:role/ci`, sourceArn: undefined }),
    ],
    "anybody from one resource of one account": [
      permission({ ...bucket, principal: "*", sourceAccount: account }),
      permission({ principal: "*" }),
    ],
    "an organisation": [
      permission({ principal: "*", principalOrgId: "o-1234567890", sourceArn: undefined }),
    ],
    "a skill with its token": [
      permission({
        principal: "alexa-appkit.amazon.com",
        sourceArn: undefined,
        eventSourceToken: "amzn1.ask.skill.1",
      }),
    ],
  },
  objects: {
    "anybody may invoke": [[permission({ principal: "*", sourceArn: undefined })], "principal"],
    "anybody may, from anywhere in an account": [
      [permission({ principal: "*", sourceArn: `arn:aws:execute-api:eu-west-1:${account}:*` })],
      "sourceArn",
    ],
    "anybody may, from a bucket of whatever account": [
      [permission({ ...bucket, principal: "*" })],
      "sourceAccount",
    ],
    "the source's account is a pattern": [
      [permission({ ...bucket, sourceAccount: "*" })],
      "sourceAccount",
    ],
    "the organisation is a pattern": [
      [permission({ principal: "*", principalOrgId: "o-*", sourceArn: undefined })],
      "principal",
    ],
    "a function URL is open": [
      [
        permission({
          action: "lambda:InvokeFunctionUrl",
          principal: "*",
          functionUrlAuthType: "NONE",
          sourceArn: undefined,
        }),
      ],
      "principal",
    ],
    "a service's source is absent": [[permission({ sourceArn: undefined })], "sourceArn"],
    "the source is every API of the account": [
      [permission({ sourceArn: `arn:aws:execute-api:eu-west-1:${account}:*` })],
      "sourceArn",
    ],
    "the source is any stage of any API": [
      [permission({ sourceArn: `arn:aws:execute-api:eu-west-1:${account}:*/*/GET/health` })],
      "sourceArn",
    ],
    "the source is of any account": [
      [permission({ sourceArn: "arn:aws:execute-api:eu-west-1:*:abc123/v1/*" })],
      "sourceAccount",
    ],
    "a bucket's account is absent": [[permission(bucket)], "sourceAccount"],
    "more than invoking is allowed": [[permission({ action: "lambda:*" })], "action"],
    "the action is absent": [[permission({ action: undefined })], "action"],
    "the principal is absent": [[permission({ principal: undefined })], "principal"],
    "the source is unknown": [[permission({ sourceArn: unknown })], "cannot tell: sourceArn"],
  },
});
