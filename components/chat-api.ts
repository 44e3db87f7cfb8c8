/**
 * A tenant's API: a regional REST API in front of the Lambda function that runs the app. A REST API
 * rather than an HTTP API, because only the former streams responses, takes a WAF and has a native
 * Cognito authorizer. Everything but `/health` asks for an access token of the tenant's own pool.
 */
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { buildLambdaBundle } from "../app/bundle.ts";
import type { AuthPool } from "./auth-pool.ts";
import {
  ChatFunction,
  type ChatFunctionArgs,
  type ChatFunctionTransform,
} from "./chat-function.ts";
import type { ChatTable } from "./chat-table.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "./component.ts";
import type { DocumentBucket } from "./document-bucket.ts";
import { kmsKeyArn } from "./encryption.ts";
import { gatewayResponses } from "./gateway-responses.ts";

export interface ChatApiArgs
  extends TenantComponentArgs,
    Pick<ChatFunctionArgs, "memorySize" | "timeoutSeconds" | "logRetentionDays" | "encryption"> {
  table: ChatTable;
  documents: DocumentBucket;
  auth: AuthPool;
  /** Requests of all users together; beyond it API Gateway answers 429. Default 50 a second, bursts of 100. */
  throttle?: { readonly requestsPerSecond: number; readonly burst: number };
  /**
   * The account's API Gateway settings, which must name a CloudWatch role before a stage may log.
   * Default: they are there already.
   */
  accountSettings?: aws.apigateway.Account;
  transform?: ChatFunctionTransform & {
    restApi?: Transform<aws.apigateway.RestApiArgs>;
    authorizer?: Transform<aws.apigateway.AuthorizerArgs>;
    method?: Transform<aws.apigateway.MethodArgs>;
    integration?: Transform<aws.apigateway.IntegrationArgs>;
    stage?: Transform<aws.apigateway.StageArgs>;
    methodSettings?: Transform<aws.apigateway.MethodSettingsArgs>;
    accessLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
    executionLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  };
}

/** First segment of every path; a breaking change of the API would get a stage of its own. */
export const stageName = "v1";

/** What the app's routes need from the gateway; the app itself does the routing. */
const routes = [
  { name: "health", pathPart: "health", httpMethod: "GET", authorized: false },
  { name: "app", pathPart: "{proxy+}", httpMethod: "ANY", authorized: true },
] as const;

/**
 * Asking for a scope is what makes the authorizer take access tokens; without one it takes ID tokens
 * (API Gateway Developer Guide, "Integrate a REST API with an Amazon Cognito user pool").
 */
const accessTokenScope = "aws.cognito.signin.user.admin";

export class ChatApi extends TenantComponent {
  /** `https://<api>.execute-api.<region>.amazonaws.com/v1` */
  readonly url: pulumi.Output<string>;
  readonly restApiId: pulumi.Output<string>;
  readonly nodes: {
    readonly function: ChatFunction;
    readonly restApi: aws.apigateway.RestApi;
    readonly authorizer: aws.apigateway.Authorizer;
    readonly methods: readonly aws.apigateway.Method[];
    readonly integrations: readonly aws.apigateway.Integration[];
    readonly responses: readonly aws.apigateway.Response[];
    readonly deployment: aws.apigateway.Deployment;
    readonly stage: aws.apigateway.Stage;
    readonly methodSettings: aws.apigateway.MethodSettings;
    readonly accessLogGroup: aws.cloudwatch.LogGroup;
    readonly executionLogGroup: aws.cloudwatch.LogGroup;
    readonly invokePermission: aws.lambda.Permission;
  };

  constructor(name: string, args: ChatApiArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatApi", name, args, options);
    const throttle = args.throttle ?? { requestsPerSecond: 50, burst: 100 };
    this.requireInteger("throttle.requestsPerSecond", throttle.requestsPerSecond, 1, 10_000);
    this.requireInteger("throttle.burst", throttle.burst, 1, 5_000);

    const chatFunction = this.#createFunction(name, args);
    const restApi = new aws.apigateway.RestApi(
      name,
      ...this.resource(
        {
          endpointConfiguration: { types: "REGIONAL" },
          // Default is TLS 1.0 (Developer Guide, "Security policies for REST APIs").
          securityPolicy: "SecurityPolicy_TLS13_1_2_2021_06",
          endpointAccessMode: "STRICT",
          tags: this.tags,
        },
        args.transform?.restApi,
      ),
    );
    const routing = this.#createRoutes(name, args, restApi, chatFunction);
    const deployment = new aws.apigateway.Deployment(
      name,
      ...this.resource(
        { restApi: restApi.id, triggers: { configuration: fingerprint(routing) } },
        undefined,
        { dependsOn: [...routing.methods, ...routing.integrations, ...routing.responses] },
      ),
    );
    const staged = this.#createStage(name, args, restApi, deployment, throttle);
    const invokePermission = new aws.lambda.Permission(
      name,
      ...this.resource({
        action: "lambda:InvokeFunction",
        function: chatFunction.functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${restApi.executionArn}/${stageName}/*`,
      }),
    );

    this.restApiId = restApi.id;
    this.url = staged.stage.invokeUrl;
    this.nodes = {
      function: chatFunction,
      restApi,
      ...routing,
      deployment,
      ...staged,
      invokePermission,
    };
    this.register({ url: this.url, restApiId: restApi.id });
  }

  #createFunction(name: string, args: ChatApiArgs): ChatFunction {
    const { table, documents, auth } = args;
    return new ChatFunction(
      name,
      {
        tenant: this.tenant,
        tier: this.tier,
        retain: this.retain,
        tags: args.tags,
        code: new pulumi.asset.FileArchive(buildLambdaBundle()),
        environment: {
          TENANT: this.tenant,
          TABLE_NAME: table.tableName,
          BUCKET_NAME: documents.bucketName,
          USER_POOL_ID: auth.userPoolId,
          USER_POOL_CLIENT_IDS: auth.clientId,
        },
        permissions: [...table.grantReadWrite(), ...documents.grantReadWrite("documents/")],
        memorySize: args.memorySize,
        timeoutSeconds: args.timeoutSeconds,
        logRetentionDays: args.logRetentionDays,
        encryption: args.encryption,
        transform: args.transform,
      },
      { parent: this },
    );
  }

  #createRoutes(
    name: string,
    { auth, timeoutSeconds = 120, transform }: ChatApiArgs,
    restApi: aws.apigateway.RestApi,
    chatFunction: ChatFunction,
  ) {
    const authorizer = new aws.apigateway.Authorizer(
      name,
      ...this.resource(
        { restApi: restApi.id, type: "COGNITO_USER_POOLS", providerArns: [auth.userPoolArn] },
        transform?.authorizer,
      ),
    );
    const methods: aws.apigateway.Method[] = [];
    const integrations: aws.apigateway.Integration[] = [];
    for (const route of routes) {
      const childName = `${name}-${route.name}`;
      const resource = new aws.apigateway.Resource(
        childName,
        ...this.resource({
          restApi: restApi.id,
          parentId: restApi.rootResourceId,
          pathPart: route.pathPart,
        }),
      );
      const method = new aws.apigateway.Method(
        childName,
        ...this.resource(
          {
            restApi: restApi.id,
            resourceId: resource.id,
            httpMethod: route.httpMethod,
            ...(route.authorized
              ? {
                  authorization: "COGNITO_USER_POOLS",
                  authorizerId: authorizer.id,
                  authorizationScopes: [accessTokenScope],
                }
              : { authorization: "NONE" }),
          },
          transform?.method,
        ),
      );
      const integration = new aws.apigateway.Integration(
        childName,
        ...this.resource(
          {
            restApi: restApi.id,
            resourceId: resource.id,
            httpMethod: method.httpMethod,
            type: "AWS_PROXY",
            integrationHttpMethod: "POST",
            uri: chatFunction.streamingInvokeArn,
            responseTransferMode: "STREAM",
            timeoutMilliseconds: timeoutSeconds * 1000,
          },
          transform?.integration,
        ),
      );
      methods.push(method);
      integrations.push(integration);
    }
    const responses = gatewayResponses.map(
      ({ responseType, statusCode, headers, body }) =>
        new aws.apigateway.Response(
          `${name}-${responseType.toLowerCase().replaceAll("_", "-")}`,
          ...this.resource({
            restApiId: restApi.id,
            responseType,
            statusCode,
            responseParameters: headers,
            // The media type of a gateway response is its template's key.
            responseTemplates: { "application/problem+json": body },
          }),
        ),
    );
    return { authorizer, methods, integrations, responses };
  }

  #createStage(
    name: string,
    args: ChatApiArgs,
    restApi: aws.apigateway.RestApi,
    deployment: aws.apigateway.Deployment,
    throttle: NonNullable<ChatApiArgs["throttle"]>,
  ) {
    const { transform, logRetentionDays = 365 } = args;
    const key = kmsKeyArn(args.encryption ?? "aws-owned");
    const logGroupArgs = {
      retentionInDays: logRetentionDays,
      ...(key !== undefined && { kmsKeyId: key }),
      tags: this.tags,
    };
    const accessLogGroup = new aws.cloudwatch.LogGroup(
      `${name}-access`,
      ...this.resource({ ...logGroupArgs }, transform?.accessLogGroup),
    );
    // API Gateway writes to this name by itself; made here, it has a retention and a key.
    const executionLogGroup = new aws.cloudwatch.LogGroup(
      `${name}-execution`,
      ...this.resource(
        {
          ...logGroupArgs,
          name: pulumi.interpolate`API-Gateway-Execution-Logs_${restApi.id}/${stageName}`,
        },
        transform?.executionLogGroup,
      ),
    );
    const stage = new aws.apigateway.Stage(
      name,
      ...this.resource(
        {
          restApi: restApi.id,
          deployment: deployment.id,
          stageName,
          accessLogSettings: {
            destinationArn: accessLogGroup.arn,
            format: accessLogFormat,
          },
          xrayTracingEnabled: true,
          tags: this.tags,
        },
        transform?.stage,
        { dependsOn: [executionLogGroup, ...(args.accountSettings ? [args.accountSettings] : [])] },
      ),
    );
    const methodSettings = new aws.apigateway.MethodSettings(
      name,
      ...this.resource(
        {
          restApi: restApi.id,
          stageName: stage.stageName,
          methodPath: "*/*",
          settings: {
            throttlingRateLimit: throttle.requestsPerSecond,
            throttlingBurstLimit: throttle.burst,
            loggingLevel: "ERROR",
            // Would write whole requests, tokens and messages, to the log.
            dataTraceEnabled: false,
            metricsEnabled: true,
          },
        },
        transform?.methodSettings,
      ),
    );
    return { stage, methodSettings, accessLogGroup, executionLogGroup };
  }
}

/** Who asked for what and how it went; no query, no body, no token. */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  sub: "$context.authorizer.claims.sub",
  sourceIp: "$context.identity.sourceIp",
  userAgent: "$context.identity.userAgent",
  responseLatency: "$context.responseLatency",
  responseLength: "$context.responseLength",
  errorType: "$context.error.responseType",
  traceId: "$context.xrayTraceId",
});

/** A deployment is a snapshot: it must be made again whenever what it was made from changes. */
function fingerprint(routing: {
  authorizer: aws.apigateway.Authorizer;
  methods: readonly aws.apigateway.Method[];
  integrations: readonly aws.apigateway.Integration[];
  responses: readonly aws.apigateway.Response[];
}): pulumi.Output<string> {
  return pulumi
    .jsonStringify([
      [routing.authorizer.id, routing.authorizer.providerArns],
      routing.methods.map((m) => [
        m.resourceId,
        m.httpMethod,
        m.authorization,
        m.authorizerId,
        m.authorizationScopes,
      ]),
      routing.integrations.map((i) => [
        i.type,
        i.uri,
        i.responseTransferMode,
        i.timeoutMilliseconds,
      ]),
      routing.responses.map((r) => [
        r.responseType,
        r.statusCode,
        r.responseParameters,
        r.responseTemplates,
      ]),
    ])
    .apply((json) => createHash("sha256").update(json).digest("hex"));
}
