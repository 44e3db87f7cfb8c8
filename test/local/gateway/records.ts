import { plainOptions, type ResourceRecord } from "../../../offline/record.ts";

export interface RecordOptions {
  readonly tenant: string;
  readonly userPoolId: string;
  readonly binaryMediaTypes?: readonly string[];
  readonly timeoutMilliseconds?: number;
}

const lambda = "arn:aws:lambda:us-east-1:123456789012:function";
const invocations = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions";

/** Through an alias, as after a release by versions. */
const streamingUri = (tenant: string) =>
  `${invocations}/${lambda}:${tenant}:live/response-streaming-invocations`;
const bufferedUri = (tenant: string) => `${invocations}/${lambda}:${tenant}-buffered/invocations`;

export const functionUrn = (tenant: string) => `urn:${tenant}:function`;
export const bufferedUrn = (tenant: string) => `urn:${tenant}:function-buffered`;

/**
 * A tenant's API: `GET /health` and `GET /buffered` open, `ANY /{proxy+}` for access tokens,
 * `GET /identity` for ID tokens, `GET /scoped` for a scope that no password sign-in gives, and
 * `GET /chats/{id}` open.
 */
export function apiRecords(options: RecordOptions): ResourceRecord[] {
  const { tenant, userPoolId, timeoutMilliseconds = 29_000 } = options;
  const restApi = `${tenant}-api`;
  const authorizerId = `${tenant}-authorizer`;
  const scopes = ["aws.cognito.signin.user.admin"];
  const open = { authorization: "NONE" };
  const cognito = { authorization: "COGNITO_USER_POOLS", authorizerId };
  const route = (
    resource: { id: string; parentId?: string; pathPart: string },
    httpMethod: string,
    method: object,
    integration: object = { uri: streamingUri(tenant), responseTransferMode: "STREAM" },
  ) => {
    const { id, parentId = "root", pathPart } = resource;
    return [
      record(tenant, "aws:apigateway/resource:Resource", id, { restApi, parentId, pathPart }),
      record(tenant, "aws:apigateway/method:Method", `${id}-method`, {
        restApi,
        resourceId: id,
        httpMethod,
        ...method,
      }),
      record(tenant, "aws:apigateway/integration:Integration", `${id}-integration`, {
        restApi,
        resourceId: id,
        httpMethod,
        type: "AWS_PROXY",
        timeoutMilliseconds,
        ...integration,
      }),
    ];
  };
  return [
    record(
      tenant,
      "aws:apigateway/restApi:RestApi",
      restApi,
      { tags: { "chatstack:tenant": tenant }, binaryMediaTypes: options.binaryMediaTypes ?? [] },
      { rootResourceId: "root" },
    ),
    record(tenant, "aws:apigateway/authorizer:Authorizer", authorizerId, {
      restApi,
      type: "COGNITO_USER_POOLS",
      providerArns: [`arn:aws:cognito-idp:us-east-1:123456789012:userpool/${userPoolId}`],
    }),
    record(tenant, "aws:lambda/function:Function", "function", {}, { arn: `${lambda}:${tenant}` }),
    record(
      tenant,
      "aws:lambda/function:Function",
      "function-buffered",
      {},
      { arn: `${lambda}:${tenant}-buffered` },
    ),
    ...route({ id: "health", pathPart: "health" }, "GET", open),
    ...route({ id: "proxy", pathPart: "{proxy+}" }, "ANY", {
      ...cognito,
      authorizationScopes: scopes,
    }),
    ...route({ id: "identity", pathPart: "identity" }, "GET", cognito),
    ...route({ id: "scoped", pathPart: "scoped" }, "GET", {
      ...cognito,
      authorizationScopes: ["reports/read"],
    }),
    ...route({ id: "buffered", pathPart: "buffered" }, "GET", open, { uri: bufferedUri(tenant) }),
    record(tenant, "aws:apigateway/resource:Resource", "chats", {
      restApi,
      parentId: "root",
      pathPart: "chats",
    }),
    ...route({ id: "chat", parentId: "chats", pathPart: "{id}" }, "GET", open),
    record(tenant, "aws:apigateway/response:Response", "unauthorized", {
      restApiId: restApi,
      responseType: "UNAUTHORIZED",
      statusCode: "401",
      responseParameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
      responseTemplates: {
        "application/problem+json":
          '{"title":$context.error.messageString,"instance":"urn:$context.requestId"}',
      },
    }),
    record(tenant, "aws:apigateway/response:Response", "default-5xx", {
      restApiId: restApi,
      responseType: "DEFAULT_5XX",
      responseTemplates: { "application/problem+json": '{"title":"$context.error.responseType"}' },
    }),
    record(tenant, "aws:apigateway/stage:Stage", "stage", { restApi, stageName: "v1" }),
  ];
}

function record(
  tenant: string,
  type: string,
  id: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = {},
): ResourceRecord {
  return {
    urn: `urn:${tenant}:${id}`,
    type,
    name: id,
    custom: true,
    inputs,
    secrets: [],
    id,
    outputs: { ...inputs, ...outputs },
    options: plainOptions,
    propertyDependencies: {},
  };
}
