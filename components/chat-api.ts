/**
 * A tenant's API: a regional REST API in front of the Lambda function that runs the app. A REST API
 * rather than an HTTP API, because only the former streams responses, takes a WAF and has a native
 * Cognito authorizer. Everything but `/health` asks for an access token of the tenant's own pool.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketFolders } from "../app/bucket.ts";
import {
  type ApiReference,
  createRoutes,
  type Routes,
  type RoutesTransform,
} from "./api-routes.ts";
import {
  createStage,
  type Stage,
  type StageTransform,
  stageName,
  type Throttle,
} from "./api-stage.ts";
import {
  ChatFunction,
  type ChatFunctionArgs,
  type ChatFunctionTransform,
} from "./chat-function.ts";
import type { ChatTable } from "./chat-table.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "./component.ts";
import type { DocumentBucket } from "./document-bucket.ts";
import { ApiFirewall, type ApiFirewallTransform } from "./firewall.ts";
import { lambdaBundle } from "./lambda-bundle.ts";
import { logGroupArgs } from "./log-retention.ts";
import { findModelFault, grantModels, type ModelSettings, modelEnvironment } from "./models.ts";

export type History = "dynamodb" | "s3";

export interface ChatApiArgs
  extends TenantComponentArgs,
    ModelSettings,
    Pick<
      ChatFunctionArgs,
      | "memorySize"
      | "timeoutSeconds"
      | "logRetentionDays"
      | "encryption"
      | "reservedConcurrency"
      | "failedEvents"
      | "network"
    > {
  table: ChatTable;
  documents: DocumentBucket;
  /** An `AuthPool`, or a user pool that is there already. */
  auth: UserPool;
  /**
   * Where conversations are kept. Default `"dynamodb"`. `"s3"` keeps each as one JSON object in the
   * document bucket: for one or a few users who want to read them with any tool.
   */
  history?: History;
  /** Requests of all users together; beyond it API Gateway answers 429. Default 50 a second, bursts of 100. */
  throttle?: Throttle;
  /**
   * Who may read the API reference, `/docs` and `/openapi.json`. Default `"signed-in"`: whoever brings
   * an access token, as for every path; a browser needs `"public"`. It holds nothing of a tenant.
   */
  reference?: ApiReference;
  /**
   * Turn away known attackers, exploits and floods before they reach the function. Default `"off"`, as
   * it costs $9 a month and $0.60 per million requests.
   */
  firewall?: "off" | "on";
  /** Requests that one IP address may make in 5 minutes while the firewall is on. Default 2,000. */
  requestsPerAddress?: number;
  /**
   * The account's API Gateway settings, which must name a CloudWatch role before a stage may log.
   * Default: they are there already.
   */
  accountSettings?: aws.apigateway.Account;
  transform?: ChatFunctionTransform &
    RoutesTransform &
    StageTransform &
    ApiFirewallTransform & { restApi?: Transform<aws.apigateway.RestApiArgs> };
}

/** A Cognito user pool and the client whose access tokens the API takes. */
export interface UserPool {
  readonly userPoolId: pulumi.Input<string>;
  readonly userPoolArn: pulumi.Input<string>;
  readonly clientId: pulumi.Input<string>;
}

export class ChatApi extends TenantComponent {
  /** `https://<api>.execute-api.<region>.amazonaws.com/v1` */
  readonly url: pulumi.Output<string>;
  readonly restApiId: pulumi.Output<string>;
  readonly nodes: Routes &
    Stage & {
      readonly function: ChatFunction;
      readonly restApi: aws.apigateway.RestApi;
      readonly invokePermission: aws.lambda.Permission;
      /** Absent while the firewall is off. */
      readonly firewall?: ApiFirewall;
    };

  constructor(name: string, args: ChatApiArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatApi", name, args, options);
    const { throttle = { requestsPerSecond: 50, burst: 100 }, transform } = args;
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
        transform?.restApi,
      ),
    );
    const routes = createRoutes(
      name,
      {
        restApi,
        userPoolArn: args.auth.userPoolArn,
        invokeArn: chatFunction.streamingInvokeArn,
        timeoutSeconds: chatFunction.timeoutSeconds,
        reference: args.reference ?? "signed-in",
        transform,
      },
      this.resource,
    );
    const staged = createStage(
      name,
      {
        restApi,
        deployment: routes.deployment,
        throttle,
        tags: this.tags,
        logGroupArgs: logGroupArgs(args, this.tags),
        accountSettings: args.accountSettings,
        transform,
      },
      this.resource,
    );
    const invokePermission = new aws.lambda.Permission(
      name,
      ...this.resource({
        action: "lambda:InvokeFunction",
        function: chatFunction.functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${restApi.executionArn}/${stageName}/*`,
      }),
    );
    const firewall =
      args.firewall === "on" ? this.#createFirewall(name, args, staged.stage.arn) : undefined;

    this.restApiId = restApi.id;
    this.url = staged.stage.invokeUrl;
    this.nodes = {
      function: chatFunction,
      restApi,
      ...routes,
      ...staged,
      invokePermission,
      firewall,
    };
    this.register({ url: this.url, restApiId: restApi.id });
  }

  #createFunction(name: string, args: ChatApiArgs): ChatFunction {
    const { table, documents, auth, history = "dynamodb" } = args;
    const fault = findModelFault(args);
    if (fault !== undefined) this.refuse(...fault);
    return new ChatFunction(
      name,
      {
        ...this.inherited,
        code: new pulumi.asset.FileArchive(lambdaBundle()),
        environment: {
          TENANT: this.tenant,
          TABLE_NAME: table.tableName,
          BUCKET_NAME: documents.bucketName,
          ...modelEnvironment(args),
          HISTORY: history,
          USER_POOL_ID: auth.userPoolId,
          USER_POOL_CLIENT_IDS: auth.clientId,
        },
        permissions: [
          ...table.grantReadWrite(),
          ...documents.grantReadWrite(...foldersOf(history)),
          ...grantModels(args, table.tableArn),
        ],
        memorySize: args.memorySize,
        timeoutSeconds: args.timeoutSeconds,
        logRetentionDays: args.logRetentionDays,
        encryption: args.encryption,
        reservedConcurrency: args.reservedConcurrency,
        failedEvents: args.failedEvents,
        network: args.network,
        transform: args.transform,
      },
      { parent: this },
    );
  }

  #createFirewall(name: string, args: ChatApiArgs, stageArn: pulumi.Output<string>): ApiFirewall {
    return new ApiFirewall(
      name,
      {
        ...this.inherited,
        stageArn,
        requestsPerAddress: args.requestsPerAddress,
        logRetentionDays: args.logRetentionDays,
        encryption: args.encryption,
        transform: args.transform,
      },
      { parent: this },
    );
  }
}

/** Those of the bucket's folders that the app uses. */
function foldersOf(history: History) {
  const { uploads, documents, passages, history: conversations, historyRequests } = bucketFolders;
  const kept = history === "s3" ? [conversations, historyRequests] : [];
  return [uploads, documents, passages, ...kept].map(({ prefix }) => prefix);
}
