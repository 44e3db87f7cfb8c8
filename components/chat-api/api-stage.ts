/** The one stage of a tenant's REST API, with its logs, traces and throttles. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";

/** First segment of every path; a breaking change of the API would get a stage of its own. */
export const stageName = "v1";

export interface Throttle {
  /** Requests a second in the long run, 1–10,000. */
  readonly requestsPerSecond: number;
  /** Requests that may come at once, 1–5,000. */
  readonly burst: number;
}

export interface StageArgs {
  readonly restApi: aws.apigateway.RestApi;
  readonly deployment: aws.apigateway.Deployment;
  readonly throttle: Throttle;
  readonly tags: Record<string, pulumi.Input<string>>;
  /** Retention, key and tags of both log groups. */
  readonly logGroupArgs: aws.cloudwatch.LogGroupArgs;
  readonly accountSettings?: aws.apigateway.Account;
  readonly transform?: StageTransform;
}

export interface StageTransform {
  stage?: Transform<aws.apigateway.StageArgs>;
  methodSettings?: Transform<aws.apigateway.MethodSettingsArgs>;
  accessLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  executionLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
}

export interface Stage {
  readonly stage: aws.apigateway.Stage;
  readonly methodSettings: aws.apigateway.MethodSettings;
  readonly accessLogGroup: aws.cloudwatch.LogGroup;
  readonly executionLogGroup: aws.cloudwatch.LogGroup;
}

/** Makes a stage with traces and throttles. It logs who called which operation, and no content of requests or answers. */
export function createStage(
  name: string,
  { restApi, deployment, throttle, tags, logGroupArgs, accountSettings, transform }: StageArgs,
  resource: DescribeResource,
): Stage {
  const accessLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-access`,
    ...resource({ ...logGroupArgs }, transform?.accessLogGroup),
  );
  // API Gateway logs to a group of this name in any case. Made here, the group has a retention and a key.
  const executionLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-execution`,
    ...resource(
      {
        ...logGroupArgs,
        name: pulumi.interpolate`API-Gateway-Execution-Logs_${restApi.id}/${stageName}`,
      },
      transform?.executionLogGroup,
    ),
  );
  const stage = new aws.apigateway.Stage(
    name,
    ...resource(
      {
        restApi: restApi.id,
        deployment: deployment.id,
        stageName,
        accessLogSettings: {
          destinationArn: accessLogGroup.arn,
          format: accessLogFormat,
        },
        xrayTracingEnabled: true,
        tags,
      },
      transform?.stage,
      { dependsOn: [executionLogGroup, ...(accountSettings ? [accountSettings] : [])] },
    ),
  );
  const methodSettings = new aws.apigateway.MethodSettings(
    name,
    ...resource(
      {
        restApi: restApi.id,
        stageName: stage.stageName,
        methodPath: "*/*",
        settings: {
          throttlingRateLimit: throttle.requestsPerSecond,
          throttlingBurstLimit: throttle.burst,
          loggingLevel: "ERROR",
          // Data traces would write whole requests, with their tokens and messages, to the log.
          dataTraceEnabled: false,
          metricsEnabled: true,
        },
      },
      transform?.methodSettings,
    ),
  );
  return { stage, methodSettings, accessLogGroup, executionLogGroup };
}

/** Who called which operation, and its result; no query, no body, no token. */
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
